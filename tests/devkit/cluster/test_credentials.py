"""Credentials: every login that a kubeconfig can hold, and each credential plugin that does not give one."""

from __future__ import annotations

import datetime
import json
import ssl
from pathlib import Path

import pytest

from devkit.cluster.credentials import credentials_of
from devkit.cluster.kubeconfig import read_target
from devkit.cluster.target import Target
from devkit.errors import DevkitError
from tests.need import need
from tests.testbed.certificates import Authority

SECRET = "s3cr3t-0a1b2c"
API = "client.authentication.k8s.io/v1beta1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    need("openssl")
    return Authority(tmp_path_factory.mktemp("authority"))


def target(folder: Path, ca: Path, **user: object) -> Target:
    """A target whose user has `user`."""
    file = folder / "config"
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1", "certificate-authority": str(ca)}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "team dev", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "team dev",
    }
    file.write_text(json.dumps(config))
    return read_target({"KUBECONFIG": str(file)})


def plugin(folder: Path, body: str) -> dict[str, object]:
    """A user's exec: a script beside the kubeconfig that does `body`."""
    script = folder / "login"
    script.write_text(f"#!/bin/sh\necho ran >>{folder}/runs\n{body}\n")
    script.chmod(0o755)
    return {"apiVersion": API, "command": "./login", "args": ["--secret", SECRET], "interactiveMode": "Never"}


def answer(**status: object) -> str:
    """The shell command of a plugin that gives `status`."""
    credential = {"apiVersion": API, "kind": "ExecCredential", "status": status}
    return f"cat <<'END'\n{json.dumps(credential)}\nEND"


def refused(folder: Path, ca: Path, **user: object) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        credentials_of(target(folder, ca, **user)).context()
    whole = f"{caught.value}{caught.value!r}{caught.value.__cause__}{caught.value.__context__}"
    assert SECRET not in whole
    assert caught.value.cure
    return caught.value


def test_a_token_in_the_file_or_in_one_that_others_rotate(tmp_path: Path, authority: Authority) -> None:
    assert credentials_of(target(tmp_path, authority.ca, token=SECRET)).token() == SECRET
    (tmp_path / "token").write_text("first\n")
    rotated = credentials_of(target(tmp_path, authority.ca, tokenFile="token"))
    assert rotated.token() == "first"
    (tmp_path / "token").write_text("second\n")
    assert rotated.token() == "second"


def test_no_key_stays_in_a_temporary_file(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = (file.read_text() for file in authority.issue("anna", "/CN=anna"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    found = credentials_of(
        target(
            tmp_path,
            authority.ca,
            exec=plugin(tmp_path, answer(clientCertificateData=certificate, clientKeyData=key)),
        )
    )
    assert isinstance(found.context(), ssl.SSLContext)
    assert found.token() == ""
    assert not list(scratch.iterdir())


def test_a_plugin_runs_once_until_what_it_gave_expires(tmp_path: Path, authority: Authority) -> None:
    lasting = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for expires, runs in ((None, 1), (lasting, 1), ("2020-01-01T00:00:00Z", 3)):
        more = {"expirationTimestamp": expires} if expires else {}
        script = plugin(tmp_path, answer(token=SECRET, **more))
        (tmp_path / "runs").unlink(missing_ok=True)
        found = credentials_of(target(tmp_path, authority.ca, exec=script))
        assert (found.token(), found.token()) == (SECRET, SECRET)
        assert (tmp_path / "runs").read_text() == "ran\n" * runs, expires


def test_a_plugin_is_told_what_its_kubeconfig_says(tmp_path: Path, authority: Authority) -> None:
    body = (
        f'echo "$KUBERNETES_EXEC_INFO" >{tmp_path}/info\n'
        'printf \'{"apiVersion":"%s","kind":"ExecCredential","status":{"token":"%s"}}\' ' + f'{API} "$PROFILE-$2-$1"'
    )
    user = {**plugin(tmp_path, body), "env": [{"name": "PROFILE", "value": "dev"}], "provideClusterInfo": True}
    assert credentials_of(target(tmp_path, authority.ca, exec=user)).token() == f"dev-{SECRET}---secret"
    info = json.loads((tmp_path / "info").read_text())
    assert (info["apiVersion"], info["kind"]) == (API, "ExecCredential")
    assert info["spec"]["cluster"]["server"] == "https://127.0.0.1:1"


def test_a_plugin_that_is_missing_says_how_to_get_it(tmp_path: Path, authority: Authority) -> None:
    user = {"apiVersion": API, "command": "devkit-no-such-login", "installHint": "brew install no-such-login"}
    error = refused(tmp_path, authority.ca, exec=user)
    assert (
        error.problem
        == "team dev: its credential plugin devkit-no-such-login cannot be started: No such file or directory"
    )
    assert "brew install no-such-login" in error.cure
    (tmp_path / "login").write_text("no program")
    error = refused(tmp_path, authority.ca, exec={"apiVersion": API, "command": "./login"})
    assert f"{tmp_path}/login cannot be started: permission denied" in error.problem.lower()


FAILURES = {
    "its end": (f"echo '{SECRET}'; echo 'Your session has expired' >&2; exit 7", "Your session has expired"),
    "its end without a word": ("exit 7", "process returned 7"),
    "no JSON": (f"echo 'token: {SECRET}'", "what it printed is no ExecCredential"),
    "nothing": ("true", "what it printed is no ExecCredential"),
    "a list": (f"echo '[\"{SECRET}\"]'", "what it printed is no ExecCredential"),
    "no status": (f'echo \'{{"apiVersion": "{API}", "kind": "ExecCredential"}}\'', "is no ExecCredential"),
    "another kind": (answer(token=SECRET).replace("ExecCredential", "Token"), "what it printed is no ExecCredential"),
    "another version": (
        answer(token=SECRET).replace("v1beta1", "v1"),
        "it answers in client.authentication.k8s.io/v1, and",
    ),
    "a status that is a text": (answer().replace('"status": {}', f'"status": "{SECRET}"'), "is no ExecCredential"),
    "no login": (answer(expirationTimestamp="2020-01-01T00:00:00Z"), "neither a token nor a certificate with its key"),
    "a token that is a number": (answer(token=12345), "what it printed is no ExecCredential"),
    "a certificate without a key": (answer(clientCertificateData=SECRET), "neither a token nor a certificate with"),
    "a certificate that is none": (answer(clientCertificateData=SECRET, clientKeyData=SECRET), "cannot be used"),
    "an impossible time": (answer(token=SECRET, expirationTimestamp="soon"), "what it printed is no ExecCredential"),
}


@pytest.mark.parametrize(("body", "said"), FAILURES.values(), ids=FAILURES)
def test_a_plugin_that_gives_no_login_says_why_and_never_what_it_gave(
    body: str, said: str, tmp_path: Path, authority: Authority, capfd: pytest.CaptureFixture[str]
) -> None:
    error = refused(tmp_path, authority.ca, exec=plugin(tmp_path, body))
    assert "team dev" in error.problem
    assert said in error.problem
    assert "kubectl --context 'team dev' get nodes" in error.cure
    assert "".join(capfd.readouterr()) == ""


def test_an_auth_provider_is_never_run(tmp_path: Path, authority: Authority) -> None:
    provider = {"name": "gcp", "config": {"cmd-path": f"{tmp_path}/login", "access-token": SECRET}}
    assert "auth-provider" in refused(tmp_path, authority.ca, **{"auth-provider": provider}).problem


def test_a_certificate_that_cannot_be_used_says_how_to_fetch_it_anew(tmp_path: Path, authority: Authority) -> None:
    for user in ({"client-certificate-data": SECRET, "client-key-data": SECRET}, {"client-certificate": "gone.crt"}):
        error = refused(tmp_path, authority.ca, **user)
        assert "fetch the kubeconfig anew" in error.cure
