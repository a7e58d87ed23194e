"""A registry's login is the one that `docker login` or `podman login` left, and is never shown."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.registry.credentials import Login, login_for

HUB_KEY = "https://index.docker.io/v1/"
SECRET = "hush-hush"


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def home(tmp_path: Path, content: object) -> dict[str, str]:
    """An environment with such a ~/.docker/config.json."""
    write(tmp_path / ".docker/config.json", content)
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"}


def helper(tmp_path: Path, name: str, script: str) -> None:
    """A credential helper on PATH; it notes its arguments, and what it is asked, beside it."""
    program = tmp_path / "bin" / f"docker-credential-{name}"
    write(program, f'#!/bin/sh\necho "$@" > "$0.words"\ncat > "$0.asked"\n{script}\n')
    program.chmod(0o755)


def failing(host: str, environ: dict[str, str]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        login_for(host, environ)
    assert SECRET not in str(caught.value)
    return caught.value


PLAIN = {"auth": coded(f"ali:{SECRET}")}


@pytest.mark.parametrize(
    ("host", "auths"),
    [
        ("ghcr.io", {"ghcr.io": PLAIN}),
        ("ghcr.io", {"https://ghcr.io": PLAIN}),
        ("ghcr.io", {"https://ghcr.io/v1/": PLAIN}),
        ("ghcr.io", {"http://ghcr.io/v2/": PLAIN}),
        ("ghcr.io", {"ghcr.io/team": {"auth": coded("other:one")}, "ghcr.io": PLAIN}),
        ("ghcr.io", {"ghcr.io": {"username": "ali", "password": SECRET}}),
        ("ghcr.io", {"ghcr.io": {"auth": coded(f"ali:{SECRET}\0\0")}}),
        ("ghcr.io", {"ghcr.io": PLAIN | {"email": "ali@example.org"}}),
        ("docker.io", {HUB_KEY: PLAIN}),
        ("docker.io", {"docker.io": PLAIN}),
        ("docker.io", {"index.docker.io": PLAIN}),
        ("docker.io", {f"{HUB_KEY}access-token": {"auth": coded("other:one")}, HUB_KEY: PLAIN}),
        ("localhost:5000", {"localhost": {"auth": coded("other:one")}, "localhost:5000": PLAIN}),
        ("[::1]:5000", {"[::1]:5000": PLAIN}),
    ],
)
def test_a_login_is_found_by_its_host(tmp_path: Path, host: str, auths: object) -> None:
    environ = home(tmp_path, {"auths": auths})
    file = f"{tmp_path}/.docker/config.json"
    assert login_for(host, environ) == Login("ali", SECRET, is_identity_token=False, source=file)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"auths": None},
        {"auths": {}},
        {"auths": {"ghcr.io": {}}},  # as Docker leaves it where a helper keeps the login
        {"auths": {"ghcr.io": None}},
        {"auths": {"ghcr.io.evil.example": PLAIN, "notghcr.io": PLAIN, "ghcr.io:444": PLAIN}},
        {"auths": {"ghcr.io/team": PLAIN}},
    ],
)
def test_without_a_login_of_its_own_a_registry_gets_none(tmp_path: Path, content: object) -> None:
    assert login_for("ghcr.io", home(tmp_path, content)) is None


def test_a_machine_without_any_logins_has_none(tmp_path: Path) -> None:
    assert login_for("ghcr.io", {"HOME": str(tmp_path)}) is None
    assert login_for("ghcr.io", {"HOME": os.devnull}) is None


def test_a_password_may_hold_colons(tmp_path: Path) -> None:
    login = login_for("ghcr.io", home(tmp_path, {"auths": {"ghcr.io": {"auth": coded("ali:a:b:ü")}}}))
    assert login
    assert login.secret == "a:b:ü"


def test_an_identity_token_stands_for_the_password(tmp_path: Path) -> None:
    entry = {"auth": coded("00000000-0000-0000-0000-000000000000:"), "identitytoken": SECRET}
    login = login_for("team.azurecr.io", home(tmp_path, {"auths": {"team.azurecr.io": entry}}))
    assert login
    assert (login.secret, login.is_identity_token) == (SECRET, True)


def test_docker_config_names_another_folder(tmp_path: Path) -> None:
    environ = home(tmp_path, {"auths": {"ghcr.io": {"auth": coded("other:one")}}})
    write(tmp_path / "ci/config.json", {"auths": {"ghcr.io": PLAIN}})
    login = login_for("ghcr.io", environ | {"DOCKER_CONFIG": str(tmp_path / "ci")})
    assert login
    assert login.user == "ali"


@pytest.mark.parametrize("variable", ["REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR"])
def test_podmans_login_is_used_where_docker_has_none(tmp_path: Path, variable: str) -> None:
    environ = home(tmp_path, {"auths": {"quay.io": PLAIN}})
    file = tmp_path / "run/containers/auth.json"
    write(file, {"auths": {"ghcr.io": PLAIN, "quay.io": {"auth": coded("other:one")}}})
    environ[variable] = str(file if variable == "REGISTRY_AUTH_FILE" else tmp_path / "run")
    assert login_for("ghcr.io", environ) == Login("ali", SECRET, is_identity_token=False, source=str(file))
    login = login_for("quay.io", environ)
    assert login
    assert login.user == "ali"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (f'{{"auths": {{"ghcr.io": {{"auth": "{coded(SECRET)}"', "cannot be read: Input data was truncated"),
        ({"auths": [SECRET]}, "cannot be read: Expected `object | null`, got `array` - at `$.auths`"),
        ({"auths": {"ghcr.io": {"auth": f"{SECRET}?"}}}, "the login of ghcr.io in"),
        ({"auths": {"ghcr.io": {"auth": base64.b64encode(b"\xff\xfe:").decode()}}}, "is not in base64"),
    ],
)
def test_a_broken_file_is_named_and_not_quoted(tmp_path: Path, content: object, why: str) -> None:
    error = failing("ghcr.io", home(tmp_path, content))
    assert why in error.problem
    assert str(tmp_path / ".docker/config.json") in error.problem
    assert "docker login" in error.cure


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".docker/config.json").mkdir(parents=True)
    error = failing("ghcr.io", {"HOME": str(tmp_path)})
    assert error.problem.endswith("cannot be read: Is a directory")


# Helpers.

GIVES = f"""echo '{{"ServerURL":"x","Username":"ali","Secret":"{SECRET}"}}'"""


@pytest.mark.parametrize(
    ("host", "asked", "content"),
    [
        ("ghcr.io", "ghcr.io", {"credsStore": "keys"}),
        ("ghcr.io", "ghcr.io", {"credHelpers": {"ghcr.io": "keys"}}),
        ("ghcr.io", "ghcr.io", {"credHelpers": {"ghcr.io": "keys"}, "credsStore": "missing"}),
        ("docker.io", HUB_KEY, {"credsStore": "keys"}),
        ("docker.io", HUB_KEY, {"credHelpers": {HUB_KEY: "keys"}}),
        ("docker.io", HUB_KEY, {"credHelpers": {"docker.io": "keys"}}),
        ("localhost:5000", "localhost:5000", {"credsStore": "keys", "auths": {"localhost:5000": {}}}),
    ],
)
def test_a_helper_is_asked_on_its_input(tmp_path: Path, host: str, asked: str, content: object) -> None:
    helper(tmp_path, "keys", GIVES)
    login = login_for(host, home(tmp_path, content))
    assert login == Login("ali", SECRET, is_identity_token=False, source="docker-credential-keys")
    program = tmp_path / "bin/docker-credential-keys"
    assert Path(f"{program}.asked").read_text() == asked
    assert Path(f"{program}.words").read_text() == "get\n"


def test_a_helper_of_another_host_is_not_asked(tmp_path: Path) -> None:
    assert login_for("ghcr.io", home(tmp_path, {"credHelpers": {"gcr.io": "missing"}})) is None


def test_a_helper_may_chat_on_stderr(tmp_path: Path) -> None:
    helper(tmp_path, "keys", f"echo 'a newer version is there' >&2\n{GIVES}\necho bye >&2")
    login = login_for("ghcr.io", home(tmp_path, {"credsStore": "keys"}))
    assert login
    assert login.user == "ali"


def test_a_helpers_token_is_an_identity_token(tmp_path: Path) -> None:
    helper(tmp_path, "keys", GIVES.replace("ali", "<token>"))
    login = login_for("ghcr.io", home(tmp_path, {"credsStore": "keys"}))
    assert login
    assert (login.secret, login.is_identity_token) == (SECRET, True)


def test_a_helper_that_keeps_none_leaves_it_to_the_files(tmp_path: Path) -> None:
    helper(tmp_path, "keys", "echo 'credentials not found in native keychain'; exit 1")
    assert login_for("ghcr.io", home(tmp_path, {"credsStore": "keys"})) is None
    login = login_for("ghcr.io", home(tmp_path, {"credsStore": "keys", "auths": {"ghcr.io": PLAIN}}))
    assert login
    assert login.user == "ali"


@pytest.mark.parametrize("name", ["missing", "../../bin/keys", "", "a b"])
def test_a_helper_that_is_missing_is_said(tmp_path: Path, name: str) -> None:
    helper(tmp_path, "keys", GIVES)
    environ = home(tmp_path, {"credHelpers": {"ghcr.io": name}})
    if name == "":  # no helper at all, as Docker takes it
        assert login_for("ghcr.io", environ) is None
        return
    error = failing("ghcr.io", environ)
    assert f"docker-credential-{name}, which {tmp_path}/.docker/config.json names" in error.problem
    assert "is not on PATH" in error.problem
    assert error.cure.startswith(f"install it, or delete '{name}' from credsStore and credHelpers")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"echo {SECRET}; exit 3", "exit 3"),
        (f"echo {SECRET}", "what it printed is no login"),
        (f"""echo '{{"Username":"ali","secret":"{SECRET}"}}'""", "what it printed is no login"),
        ("kill -9 $$", "exit -9"),
    ],
)
def test_a_helper_that_fails_is_said_without_its_words(tmp_path: Path, script: str, why: str) -> None:
    helper(tmp_path, "keys", script)
    error = failing("ghcr.io", home(tmp_path, {"credsStore": "keys"}))
    assert error.problem.endswith(f"gave no login for ghcr.io: {why}")
    assert "docker-credential-keys list" in error.cure


def test_a_helper_that_is_no_program_is_said(tmp_path: Path) -> None:
    write(tmp_path / "bin/docker-credential-keys", "\x7fELF, not really")
    (tmp_path / "bin/docker-credential-keys").chmod(0o755)
    assert "cannot be started" in failing("ghcr.io", home(tmp_path, {"credsStore": "keys"})).problem


def test_a_login_does_not_show_its_secret(tmp_path: Path) -> None:
    login = login_for("ghcr.io", home(tmp_path, {"auths": {"ghcr.io": PLAIN}}))
    assert SECRET not in f"{login!r} {login}"
