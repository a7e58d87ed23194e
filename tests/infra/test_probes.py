"""The exec probes, run for real: they fail until the service can be used, and succeed then."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN, environment, installed
from devkit.process import run
from devkit.progress import silent
from tests.infra.manifests import probe
from tests.need import need
from tests.testbed.programs import free_port


def passes(container: str, **env: str) -> bool:
    """Whether a container's probe succeeds with `env`, as the kubelet would run it."""
    return subprocess.run(probe(container), env={**os.environ, **env}, capture_output=True, check=False).returncode == 0


def in_time(container: str, **env: str) -> bool:
    """Whether the probe succeeds within a while, as it is repeated."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if passes(container, **env):
            return True
        time.sleep(0.1)
    return False


class Postgres:
    """A server of this test's own, started as often as it likes on one data directory and one port."""

    def __init__(self, found: Cache) -> None:
        home = installed(found, silent)
        self.found = found
        self.binary = home / "server/bin/postgres"
        self.folder = home / "runs" / f"probe-{free_port()}"
        self.port = free_port()
        run(
            ["cp", "-Rp", home / "runs/pristine", self.folder],
            user=found.server_user,
            env=environment(),
            cwd=home / "runs",
        )

    @property
    def env(self) -> dict[str, str]:
        """What the container's probe would see."""
        user = {"POSTGRES_USER": ADMIN, "POSTGRES_DB": "postgres", "POSTGRES_PASSWORD": "any"}
        return {**user, "PGPORT": str(self.port)}

    @contextlib.contextmanager
    def started(self, *settings: str, tcp: bool = True) -> Iterator[None]:
        """Run the server; stopped by its pid."""
        listen = "127.0.0.1" if tcp else ""
        words = [
            "-D",
            str(self.folder),
            "-k",
            str(self.folder),
            "-p",
            str(self.port),
            "-c",
            f"listen_addresses={listen}",
        ]
        for setting in settings:
            words += ["-c", setting]
        user = self.found.server_user
        process = subprocess.Popen(
            [self.binary, *words], stderr=subprocess.DEVNULL, env=environment(),
            user=user.uid if user else None, group=user.gid if user else None,
        )  # fmt: skip
        try:
            self.wait()
            yield
        finally:
            process.terminate()
            process.wait(20)

    def wait(self) -> None:
        """Until the server answers on its socket."""
        deadline = time.monotonic() + 20
        while not self.execute("SELECT 1"):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def execute(self, statement: str) -> bool:
        """Whether the server runs a statement, over its socket."""
        words = [
            need("psql"),
            "-h",
            str(self.folder),
            "-p",
            str(self.port),
            "-U",
            ADMIN,
            "-d",
            "postgres",
            "-Xqc",
            statement,
        ]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def postgres(found: Cache) -> Iterator[Postgres]:
    """A data directory without the extension."""
    need("psql")
    server = Postgres(found)
    yield server
    shutil.rmtree(server.folder)


@pytest.mark.full
def test_citus_is_not_usable_before_everything_is_there_and_is_then(postgres: Postgres) -> None:
    assert not passes("citus", **postgres.env), "nothing listens"
    with postgres.started("citus.version=13.0.3"):
        assert not passes("citus", **postgres.env), "the database has no extension yet"
        assert postgres.execute("CREATE EXTENSION citus")
        assert passes("citus", **postgres.env)
        assert not passes("citus", **{**postgres.env, "POSTGRES_DB": "nowhere"}), "another database is not enough"
    with postgres.started("citus.version=13.0.3", tcp=False):
        assert not passes("citus", **postgres.env), "the image's temporary server listens on its socket only"
    with postgres.started():
        assert not passes("citus", **postgres.env), "the library is not preloaded"
    with postgres.started("citus.version=12.1.6"):
        assert not passes("citus", **postgres.env), "library and extension differ"


@contextlib.contextmanager
def redis(folder: Path, port: int, *words: str) -> Iterator[None]:
    """A Redis server with a password."""
    auth = folder / "auth.conf"
    auth.write_text("requirepass word\n")
    process = subprocess.Popen(
        [need("redis-server"), str(auth), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *words],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_redis_is_not_usable_before_it_answers_and_is_then(tmp_path: Path) -> None:
    env = {"REDIS_PORT": str(free_port()), "REDISCLI_AUTH": "word"}
    assert not passes("redis", **env), "nothing listens"
    with redis(tmp_path, int(env["REDIS_PORT"])):
        assert in_time("redis", **env)
        assert not passes("redis", **{**env, "REDISCLI_AUTH": "other"}), "an error reply ends with 0, and is none"


def test_redis_is_not_usable_while_it_loads_its_data(tmp_path: Path) -> None:
    env = {"REDIS_PORT": str(free_port()), "REDISCLI_AUTH": "word"}
    with redis(tmp_path, int(env["REDIS_PORT"])):
        assert in_time("redis", **env)
        client = [need("redis-cli"), "-p", env["REDIS_PORT"]]
        fill = "for i = 1, 20000 do redis.call('set', i, i) end"
        for words in (["eval", fill, "0"], ["save"]):
            done = subprocess.run([*client, *words], env={**os.environ, **env}, capture_output=True, check=True)
            assert b"ERR" not in done.stdout
    with redis(
        tmp_path, int(env["REDIS_PORT"]), "--key-load-delay", "150", "--loading-process-events-interval-bytes", "1024"
    ):
        deadline, said = time.monotonic() + 20, b""
        while b"LOADING" not in said:
            assert time.monotonic() < deadline, said
            said = subprocess.run([*client, "ping"], env={**os.environ, **env}, capture_output=True, check=False).stdout
        assert not passes("redis", **env)
        go_on = [*client, "config", "set", "key-load-delay", "0"]  # how slow this machine sleeps decides nothing
        assert subprocess.run(go_on, env={**os.environ, **env}, capture_output=True, check=True).stdout == b"OK\n"
        assert in_time("redis", **env)
