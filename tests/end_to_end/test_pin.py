"""./inv pin against a real registry: what it writes, what it takes back, and what it refuses without a trace."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.checkout import Checkout
from tests.devkit.registry.registry_server import (
    PASSWORD,
    USER,
    Pushed,
    Registry,
    basic_auth,
    serving,
    write_login,
)
from tests.devkit.registry.token_server import giving_tokens
from tests.devkit.registry.web_server import Heard, Said, between
from tests.testbed.certificates import Authority

BOTH = ("linux/amd64", "linux/arm64")
POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {0}}}\nspec:\n  containers:\n  - name: a\n    image: {1}  # {0}\n"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with serving(tmp_path_factory.mktemp("registry")) as running:
        running.push_index("team/app", "1.0.0", BOTH)
        running.push_index("team/list", "1.0.0", BOTH, docker=True)
        running.push_single("team/one", "1.0.0", "linux/amd64")
        yield running


def put(checkout: Checkout, name: str, image: str) -> Path:
    path = checkout.manifests / f"{name}.yaml"
    path.write_text(POD.format(name, image))
    return path


def contents(checkout: Checkout) -> dict[str, bytes]:
    files = (path for path in (checkout.root / "infra").rglob("*") if path.is_file())
    return {path.relative_to(checkout.root).as_posix(): path.read_bytes() for path in files}


def test_the_sample_has_one_tag_that_moves_and_no_error(checkout: Checkout) -> None:
    done = checkout.run("pin", "--check")
    assert done.code == 0
    assert "infra/k8s/citus-coordinator.yaml:" in done.out
    assert "the tag of citusdata/citus:13.0 moves" in done.out
    assert "run ./inv pin once, on a machine with network, and commit what it writes" in done.out
    assert "redis" not in done.out


def test_latest_is_an_error_and_another_folder_can_be_named(checkout: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.yaml").write_text(POD.format("a", "redis:latest"))
    done = checkout.run("pin", "--check", "--manifests", str(folder))
    assert (done.code, "redis:latest is latest" in done.out) == (1, True)
    assert "1 image, 1 error" in done.err


def test_pinned_checked_and_taken_back(empty: Checkout, registry: Registry) -> None:
    app, listed = (registry.pushed(f"team/{name}", "1.0.0") for name in ("app", "list"))
    paths = [put(empty, "a", app.name), put(empty, "b", f'"{listed.name}"'), put(empty, "c", app.name)]
    before = contents(empty)
    done = empty.run("pin", "--yes")
    assert (done.code, done.out) == (0, ""), done.err
    assert f"{app.name}   {app.digest[:19]}  new  2 places  linux/amd64, linux/arm64" in done.err
    assert "4 files written" in done.err
    assert f"image: {app.name}@{app.digest}  # a\n" in paths[0].read_text()
    assert f'image: "{listed.name}@{listed.digest}"  # b\n' in paths[1].read_text()
    lock = (empty.root / "infra/images.lock").read_text()
    assert all(child.manifest in lock and child.config in lock for each in (app, listed) for child in each.children)
    assert empty.run("pin", "--check").code == 0
    pinned = contents(empty)
    again = empty.run("pin")  # nothing to write, so nothing to ask
    assert (again.code, "2 images pinned already; nothing to write" in again.err) == (0, True)
    assert contents(empty) == pinned
    undone = empty.run("pin", "--undo", "--yes")
    assert (undone.code, contents(empty)) == (0, before)
    assert "there is no infra/images.lock: nothing to take back" in empty.run("pin", "--undo").err


@pytest.mark.full
def test_nothing_is_written_without_a_yes(empty: Checkout, registry: Registry) -> None:
    put(empty, "a", registry.pushed("team/app", "1.0.0").name)
    before = contents(empty)
    done = empty.run("pin")
    assert (done.code, "there is no terminal to ask on" in done.err) == (2, True)
    assert contents(empty) == before


@pytest.mark.full
def test_a_tag_that_moved_is_told_online_and_followed_by_update(empty: Checkout, registry: Registry) -> None:
    old = registry.push_index("team/moving", "1.0.0", BOTH)
    path = put(empty, "a", old.name)
    put(empty, "b", registry.pushed("team/app", "1.0.0").name)
    assert empty.run("pin", "--yes").code == 0
    new = registry.push_index("team/moving", "1.0.0", (*BOTH, "linux/s390x"))
    offline, online = empty.run("pin", "--check"), empty.run("pin", "--check", "--online")
    assert (offline.code, online.code, "tag-moved" in offline.out) == (0, 0, False)
    assert f"{new.name} is {new.digest} upstream now" in online.out
    assert empty.run("pin", "--yes").code == 0
    assert old.digest in path.read_text()
    assert empty.run("pin", "--update", registry.host + "/team/app", "--yes").code == 0
    assert old.digest in path.read_text()
    updated = empty.run("pin", "--update", "--yes")
    assert (updated.code, new.digest in path.read_text()) == (0, True), updated.err
    assert f"{old.digest[:19]} -> {new.digest[:19]}" in updated.err
    assert empty.run("pin", "--check").code == 0


@pytest.mark.full
def test_the_lock_may_lie_elsewhere(empty: Checkout, registry: Registry) -> None:
    put(empty, "a", registry.pushed("team/app", "1.0.0").name)
    assert empty.run("pin", "--yes", "--lock", "pins.toml").code == 0
    assert (empty.root / "pins.toml").is_file()
    assert not (empty.root / "infra/images.lock").exists()
    assert empty.run("pin", "--check", "--lock", "pins.toml").code == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--check", "--undo"), "--check, --update and --undo exclude each other"),
        (("--update", "--undo"), "--check, --update and --undo exclude each other"),
        (("--online",), "--online says nothing without --check"),
        (("--check", "--yes"), "--yes says nothing with --check"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(empty: Checkout, words: tuple[str, ...], said: str) -> None:
    done = empty.run("pin", *words)
    assert (done.code, said in done.err) == (2, True)


@pytest.mark.full
def test_one_platform_alone_is_refused_until_it_is_declared(empty: Checkout, registry: Registry) -> None:
    one = registry.pushed("team/one", "1.0.0")
    path = put(empty, "a", one.name)
    before = contents(empty)
    done = empty.run("pin", "--yes")
    assert (done.code, contents(empty)) == (1, before)
    assert "is published for linux/amd64, not for linux/arm64: it does not start there" in done.out
    assert "nothing was written" in done.err
    settings = empty.root / "pyproject.toml"
    image = one.name.rpartition(":")[0]
    settings.write_text(
        settings.read_text().replace('"citusdata/citus" = ["linux/arm64"]', f'"{image}" = ["linux/arm64"]')
    )
    assert empty.run("pin", "--yes").code == 0
    assert f"{one.name}@{one.digest}" in path.read_text()
    checked = empty.run("pin", "--check")
    assert (checked.code, "is emulated on linux/arm64" in checked.out) == (0, True)


@pytest.mark.full
def test_what_a_registry_does_not_have_leaves_all_as_it_was(empty: Checkout, registry: Registry) -> None:
    put(empty, "a", registry.pushed("team/app", "1.0.0").name)
    put(empty, "b", f"{registry.host}/team/app:9.9.9")
    put(empty, "c", f"{registry.host}/team/nobody:1.0.0")
    before = contents(empty)
    done = empty.run("pin", "--yes")
    assert (done.code, contents(empty)) == (2, before)
    assert "9.9.9" in done.err
    assert "team/nobody" in done.err


@pytest.mark.full
def test_a_registry_that_does_not_answer_leaves_all_as_it_was(empty: Checkout) -> None:
    put(empty, "a", "127.0.0.1:1/team/app:1.0.0")
    before = contents(empty)
    done = empty.run("pin", "--yes")
    assert (done.code, contents(empty)) == (2, before)
    assert "127.0.0.1:1" in done.err


@contextlib.contextmanager
def behind_login(tmp_path: Path, auth: Mapping[str, object]) -> Iterator[tuple[Registry, Pushed]]:
    with serving(tmp_path, auth=auth, credentials=f"{USER}:{PASSWORD}") as running:
        yield running, running.push_index("team/app", "1.0.0", BOTH)


@pytest.mark.full
def test_a_wrong_password_exits_2_and_leaves_the_tree(
    empty: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("login")
    with behind_login(folder, basic_auth(folder)) as (running, pushed):
        path = put(empty, "a", pushed.name)
        before = contents(empty)
        for env in (write_login(folder, running.host, password="wrong"), {"HOME": str(folder), "DOCKER_CONFIG": "/"}):
            done = empty.run("pin", "--yes", env=env)
            assert (done.code, contents(empty)) == (2, before), done.err
            assert f"docker login {running.host}" in done.err
            assert "wrong" not in done.err.replace("wrong password", "")
        done = empty.run("pin", "--yes", env=write_login(folder, running.host))
        assert (done.code, f"@{pushed.digest}" in path.read_text()) == (0, True), done.err


@pytest.mark.full
def test_a_token_is_asked_for_where_the_registry_wants_one(
    empty: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("token")
    with giving_tokens(folder) as tokens, behind_login(folder, tokens.auth) as (running, pushed):
        path = put(empty, "a", pushed.name)
        before = contents(empty)
        done = empty.run("pin", "--yes", env=write_login(folder, running.host, password="wrong"))
        assert (done.code, contents(empty)) == (2, before), done.err
        done = empty.run("pin", "--yes", env=write_login(folder, running.host))
        assert (done.code, f"@{pushed.digest}" in path.read_text()) == (0, True), done.err


@pytest.mark.full
def test_a_credential_helper_on_path_is_asked(empty: Checkout, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("helper")
    with behind_login(folder, basic_auth(folder)) as (running, pushed):
        path = put(empty, "a", pushed.name)
        programs = folder / "bin"
        programs.mkdir()
        helper = programs / "docker-credential-ours"
        answer = f'{{"ServerURL":"{running.host}","Username":"{USER}","Secret":"{PASSWORD}"}}'
        helper.write_text(f"#!/bin/sh\nread -r host\n[ \"$1 $host\" = 'get {running.host}' ] && echo '{answer}'\n")
        helper.chmod(0o755)
        (folder / "config.json").write_text(f'{{"credHelpers": {{"{running.host}": "ours"}}}}')
        env = {"HOME": str(folder), "DOCKER_CONFIG": str(folder)}
        done = empty.run("pin", "--yes", env={**env, "PATH": f"{programs}:{os.environ['PATH']}"})
        assert (done.code, f"@{pushed.digest}" in path.read_text()) == (0, True), done.err
        shutil.rmtree(programs)
        assert empty.run("pin", "--undo", "--yes").code == 0
        done = empty.run("pin", "--yes", env=env)
        assert (done.code, "docker-credential-ours" in done.err) == (2, True)


@pytest.mark.full
def test_a_private_authority_is_trusted_where_it_is_named(
    empty: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    with serving(folder, tls=authority) as running:
        pushed = running.push_index("team/app", "1.0.0", BOTH)
        path = put(empty, "a", pushed.name)
        before = contents(empty)
        done = empty.run("pin", "--yes")
        assert (done.code, contents(empty)) == (2, before), done.err
        assert "certificate" in done.err
        done = empty.run("pin", "--yes", env={"SSL_CERT_FILE": str(authority.ca)})
        assert (done.code, f"@{pushed.digest}" in path.read_text()) == (0, True), done.err


@pytest.mark.full
def test_what_may_still_be_asked_is_said(empty: Checkout, registry: Registry) -> None:
    registry.push_index("team/rated", "1.0.0", BOTH)
    more = {"RateLimit-Limit": "100;w=21600", "RateLimit-Remaining": "57;w=21600"}

    def rated(heard: Heard, said: Said) -> Said:
        del heard
        return dataclasses.replace(said, headers={**said.headers, **more})

    with between(registry.host, rated) as limited:
        put(empty, "a", f"{limited.host}/team/rated:1.0.0")
        done = empty.run("pin", "--yes")
    assert (done.code, f"{limited.host}: 57 of 100 pulls left per 6 h\n" in done.err) == (0, True), done.err


def test_the_new_migrations_name_may_come_from_a_button(checkout: Checkout) -> None:
    done = checkout.run("new", env={"DEVKIT_NEW_MIGRATION": "bets get a channel; $(id)"})
    assert done.code == 0
    assert (checkout.migrations / "V19__bets_get_a_channel_id.sql").is_file(), done.out
