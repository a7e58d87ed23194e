"""A registry is shown the login that is its own, over TLS that is trusted, and nobody else is."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from devkit.errors import DevkitError
from devkit.images.name import normal
from devkit.images.resolved import OCI_INDEX, Resolved
from devkit.progress import silent
from devkit.registry import web
from devkit.registry.answer import Answer, Request, is_loopback, is_safe
from devkit.registry.credentials import Login
from devkit.registry.failures import unreachable
from devkit.registry.patience import Patience
from devkit.registry.resolve import resolve
from devkit.registry.session import Session
from devkit.registry.tls import context_for
from devkit.registry.token import fetch_token
from tests.devkit.registry.clocks import StillClock
from tests.devkit.registry.layouts import digest_of
from tests.devkit.registry.registry_server import (
    PASSWORD,
    USER,
    Pushed,
    Registry,
    basic_auth,
    serving,
    write_login,
)
from tests.devkit.registry.token_server import IDENTITY_TOKEN, TokenServer, giving_tokens
from tests.devkit.registry.web_server import Heard, Said, answering, between, tunnelling
from tests.testbed.certificates import Authority
from tests.testbed.programs import free_port

BOTH = ("linux/amd64", "linux/arm64/v8")
LOGIN = f"{USER}:{PASSWORD}"
INDEX = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode()
EMPTY = Said(200, {"Content-Type": OCI_INDEX, "Docker-Content-Digest": digest_of(INDEX)}, INDEX)
# A name that the bed's certificates have, and that no look-up knows: it is reached by a proxy alone.
NAMED = "kubernetes.default.svc"


@dataclasses.dataclass(frozen=True, slots=True)
class Guarded:
    """A registry that wants a login, an index and a single image in it."""

    registry: Registry
    index: Pushed
    single: Pushed


@contextlib.contextmanager
def guarded(registry: Registry) -> Iterator[Guarded]:
    index = registry.push_index("team/app", "1", BOTH)
    yield Guarded(registry, index, registry.push_single("team/one", "1", "linux/amd64"))


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenServer]:
    with giving_tokens(tmp_path_factory.mktemp("tokens")) as tokens:
        yield tokens


@pytest.fixture(scope="module")
def by_token(tokens: TokenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("by-token")
    with serving(folder, auth=tokens.auth, credentials=LOGIN) as registry, guarded(registry) as found:
        yield found


@pytest.fixture(scope="module")
def by_password(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("by-password")
    with serving(folder, auth=basic_auth(folder), credentials=LOGIN) as registry, guarded(registry) as found:
        yield found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def by_tls(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with serving(tmp_path_factory.mktemp("by-tls"), tls=authority) as registry, guarded(registry) as found:
        yield found


def ask(reference: str, environ: dict[str, str]) -> Resolved:
    name = normal(reference)
    return resolve([name], {}, environ, silent, clock=StillClock().clock)[name]


def failing(reference: str, environ: dict[str, str]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        ask(reference, environ)
    assert PASSWORD not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    return caught.value


def as_resolved(pushed: Pushed) -> Resolved:
    return Resolved(pushed.digest, pushed.media_type, pushed.children)


# Logins.


@pytest.mark.full
def test_a_token_is_fetched_once_for_a_repository(tmp_path: Path, tokens: TokenServer, by_token: Guarded) -> None:
    tokens.server.heard.clear()
    environ = write_login(tmp_path, by_token.registry.host)
    assert ask(by_token.index.name, environ) == as_resolved(by_token.index)
    assert tokens.server.count("GET", "/token") == 1
    assert "scope=repository%3Ateam%2Fapp%3Apull&service=test-registry" in tokens.server.heard[0].path


def test_an_identity_token_is_exchanged_in_a_body(tmp_path: Path, tokens: TokenServer, by_token: Guarded) -> None:
    tokens.server.heard.clear()
    auths = {by_token.registry.host: {"auth": "", "identitytoken": IDENTITY_TOKEN}}
    (tmp_path / "config.json").write_text(json.dumps({"auths": auths}))
    environ = {"HOME": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)}
    assert ask(by_token.single.name, environ) == as_resolved(by_token.single)
    (heard,) = tokens.server.heard
    assert (heard.method, heard.path) == ("POST", "/token")
    assert "authorization" not in heard.headers


def test_a_password_is_shown_to_a_registry_that_wants_it(tmp_path: Path, by_password: Guarded) -> None:
    environ = write_login(tmp_path, by_password.registry.host)
    for pushed in (by_password.index, by_password.single):
        assert ask(pushed.name, environ) == as_resolved(pushed)


@pytest.mark.parametrize("kind", ["by_token", "by_password"])
def test_a_registry_that_wants_a_login_says_so(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    found: Guarded = request.getfixturevalue(kind)
    host = found.registry.host
    error = failing(found.index.name, {"HOME": str(tmp_path)})
    assert error.problem == (
        f"{host} does not give team/app to people without a login: it needs a login that may read it, or does not exist"
    )
    assert error.cure == f"see whether the name is right, and log in: docker login {host}"


@pytest.mark.parametrize("kind", ["by_token", "by_password"])
def test_a_wrong_password_is_said_with_where_it_is_from(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    found: Guarded = request.getfixturevalue(kind)
    host = found.registry.host
    error = failing(found.index.name, write_login(tmp_path, host, password="not-it"))
    assert error.problem == f"{host} does not accept the login of {USER} that {tmp_path}/config.json holds"
    assert error.cure == f"log in anew: docker login {host}"
    assert "not-it" not in str(error)


def test_a_wrong_identity_token_is_said(tmp_path: Path, by_token: Guarded) -> None:
    auths = {by_token.registry.host: {"identitytoken": "stale"}}
    (tmp_path / "config.json").write_text(json.dumps({"auths": auths}))
    error = failing(by_token.index.name, {"HOME": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)})
    assert "does not accept the login of a token" in error.problem


def test_a_login_that_may_not_read_is_said(tmp_path: Path) -> None:
    body = b'{"errors":[{"code":"DENIED"}]}'
    with answering(lambda _: Said(403, {}, body)) as server:
        error = failing(f"{server.host}/team/app:1", write_login(tmp_path, server.host))
    assert "people without a login" not in error.problem
    assert f"does not give team/app to user {USER}" in error.problem


def test_who_is_logged_in_is_not_told_to_log_in_for_a_higher_limit(tmp_path: Path) -> None:
    def limited(heard: Heard) -> Said:
        is_known = "authorization" in heard.headers
        return Said(429) if is_known else Said(401, {"WWW-Authenticate": "Basic"})

    with answering(limited) as server:
        error = failing(f"{server.host}/team/app:1", write_login(tmp_path, server.host))
    assert error.cure == "run the same command again later"


class Expiring:
    """A registry whose tokens hold for a few requests, and the server of its tokens, in one."""

    def __init__(self, uses: int) -> None:
        self.uses = uses
        self.given = 0
        self.left = 0

    def __call__(self, heard: Heard) -> Said:
        if heard.path.startswith("/token"):
            self.given += 1
            self.left = self.uses
            return Said(200, {}, json.dumps({"token": f"t{self.given}"}).encode())
        if heard.headers.get("authorization") == f"Bearer t{self.given}" and self.left > 0:
            self.left -= 1
            return EMPTY
        realm = f"http://{heard.headers['host']}/token"
        return Said(401, {"WWW-Authenticate": f'Basic realm="x", Bearer realm="{realm}",service="s"'})


def test_a_token_that_has_expired_is_renewed(tmp_path: Path) -> None:
    expiring = Expiring(uses=1)
    with answering(expiring) as server:
        assert ask(f"{server.host}/team/app:1", {"HOME": str(tmp_path)}) == Resolved(digest_of(INDEX), OCI_INDEX, ())
        assert expiring.given == 3
        assert all(
            "scope=repository%3Ateam%2Fapp%3Apull" in each.path for each in server.heard if "/token" in each.path
        )


def test_a_token_that_is_never_good_is_renewed_once(tmp_path: Path) -> None:
    expiring = Expiring(uses=0)
    with answering(expiring) as server:
        assert "people without a login" in failing(f"{server.host}/team/app:1", {"HOME": str(tmp_path)}).problem
    assert expiring.given == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"token": ""}', b'{"token": "a\\r\\nX: y"}', b'{"token": 1}'])
def test_an_answer_without_a_token_is_said(tmp_path: Path, body: bytes) -> None:
    def answer(heard: Heard) -> Said:
        if heard.path.startswith("/token"):
            return Said(200, {}, body)
        return Said(401, {"WWW-Authenticate": f'Bearer realm="http://{heard.headers["host"]}/token"'})

    with answering(answer) as server:
        error = failing(f"{server.host}/team/app:1", {"HOME": str(tmp_path)})
    assert error.problem == f"{server.host} gave no token that can be used"


@pytest.mark.parametrize(
    "realm",
    [
        "http://auth.example/token",
        "ftp://auth.example",
        "",
        "/token",
        "https://x:y@auth.example/",
        "https://[",
        "https:///",
    ],
)
def test_a_login_is_not_sent_to_a_realm_without_https(tmp_path: Path, realm: str) -> None:
    with answering(lambda _: Said(401, {"WWW-Authenticate": f'Bearer realm="{realm}"'})) as server:
        error = failing(f"{server.host}/team/app:1", write_login(tmp_path, server.host))
    assert "which is not asked by https" in error.problem
    assert not [each for each in server.heard if "authorization" in each.headers]


def test_a_registry_elsewhere_cannot_send_a_login_to_this_machine_without_https() -> None:
    login = Login(USER, PASSWORD, is_identity_token=False, source="a test")
    with answering(lambda _: EMPTY) as server:
        parameters = {"realm": f"http://{server.host}/token"}
        with pytest.raises(DevkitError, match=r"registry\.example sends people for their login to 127"):
            fetch_token(a_web({}), "registry.example", "team/app", parameters, login)
    assert server.heard == []


def a_web(environ: dict[str, str]) -> web.Web:
    return web.Web(environ, Patience(StillClock().clock))


def test_a_redirect_to_another_host_goes_without_the_login(tmp_path: Path, by_password: Guarded) -> None:
    host = by_password.registry.host
    config = by_password.single.children[0].config
    login = {"Authorization": f"Basic {base64.b64encode(LOGIN.encode()).decode()}"}
    blob = urllib3.request("GET", f"http://{host}/v2/team/one/blobs/{config}", headers=login).data
    with answering(lambda _: Said(200, {}, blob)) as store:

        def moved(heard: Heard, said: Said) -> Said:
            elsewhere = Said(307, {"Location": f"http://{store.host}/signed?key=1"})
            return elsewhere if "/blobs/" in heard.path and said.status == 200 else said

        with between(host, moved) as server:
            found = ask(f"{server.host}/team/one:1", write_login(tmp_path, server.host))
    assert found == as_resolved(by_password.single)
    assert ["authorization" in each.headers for each in store.heard] == [False]
    assert any("authorization" in each.headers for each in server.heard)


def test_a_redirect_on_the_same_host_keeps_the_login(tmp_path: Path, by_password: Guarded) -> None:
    def moved(heard: Heard, said: Said) -> Said:
        path = heard.path.removesuffix("?moved")
        return said if path != heard.path or said.status != 200 else Said(307, {"Location": f"{path}?moved"})

    with between(by_password.registry.host, moved) as server:
        found = ask(f"{server.host}/team/app:1", write_login(tmp_path, server.host))
    assert found == as_resolved(by_password.index)


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    with answering(lambda heard: Said(307, {"Location": heard.path})) as server:
        error = failing(f"{server.host}/team/app:1", {"HOME": str(tmp_path)})
    assert "from one address to the next, more than 5 times" in error.problem


@pytest.mark.parametrize(
    "location", ["http://registry.example/x", "ftp://registry.example/x", "https://[", "https://a:b/"]
)
def test_a_redirect_away_from_https_is_not_followed(tmp_path: Path, location: str) -> None:
    with answering(lambda _: Said(307, {"Location": location})) as server:
        error = failing(f"{server.host}/team/app:1", {"HOME": str(tmp_path)})
    assert "would have to be asked without https" in error.problem


def test_a_redirect_from_https_to_http_is_not_followed_even_here(tmp_path: Path, authority: Authority) -> None:
    pair = authority.issue("ours", "/CN=ours")
    environ = {"HOME": str(tmp_path), "SSL_CERT_FILE": str(authority.ca)}
    with answering(lambda _: EMPTY) as plain:
        with answering(lambda _: Said(307, {"Location": f"http://{plain.host}/x"}), tls=pair) as server:
            error = failing(f"{server.host}/team/app:1", environ)
        assert f"{plain.host} would have to be asked without https" in error.problem
        assert plain.heard == []


# TLS, proxies, silence.


def trusted(home: Path, host: str, certificate: bytes) -> dict[str, str]:
    """A home that holds a private authority of `host`."""
    folder = home / ".docker/certs.d" / host
    folder.mkdir(parents=True)
    (folder / "ca.crt").write_bytes(certificate)
    return {"HOME": str(home)}


def test_a_private_authority_is_taken_from_where_docker_looks(
    tmp_path: Path, authority: Authority, by_tls: Guarded
) -> None:
    environ = trusted(tmp_path, by_tls.registry.host, authority.ca.read_bytes())
    assert ask(by_tls.index.name, environ) == as_resolved(by_tls.index)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_private_authority_is_taken_from_the_environment(
    tmp_path: Path, authority: Authority, by_tls: Guarded, variable: str
) -> None:
    place = authority.ca if variable == "SSL_CERT_FILE" else authority.folder
    environ = {"HOME": str(tmp_path), variable: str(place)}
    assert ask(by_tls.index.name, environ) == as_resolved(by_tls.index)


def test_an_unknown_authority_is_said_with_where_to_put_it(tmp_path: Path, by_tls: Guarded) -> None:
    host = by_tls.registry.host
    error = failing(by_tls.index.name, write_login(tmp_path, host))
    assert error.problem.startswith(f"{host} shows a certificate that is not trusted here: ")
    assert f"{tmp_path}/.docker/certs.d/{host}/ca.crt" in error.cure


def test_an_authority_of_another_host_is_not_trusted(tmp_path: Path, authority: Authority, by_tls: Guarded) -> None:
    environ = trusted(tmp_path, "registry.example", authority.ca.read_bytes())
    assert "is not trusted here" in failing(by_tls.index.name, environ).problem


def test_an_authority_that_is_no_certificate_is_named(tmp_path: Path, by_tls: Guarded) -> None:
    error = failing(by_tls.index.name, trusted(tmp_path, by_tls.registry.host, b"not one"))
    file = tmp_path / ".docker/certs.d" / by_tls.registry.host / "ca.crt"
    assert f"the certificate file {file}" in error.problem
    assert "holds no certificate in PEM" in error.problem


def test_a_certificate_file_that_is_missing_is_named() -> None:
    with pytest.raises(DevkitError, match="/nowhere of SSL_CERT_FILE cannot be used: No such file"):
        context_for("ghcr.io", {"SSL_CERT_FILE": "/nowhere"})


def test_the_systems_authorities_are_trusted_where_nothing_else_is_said(tmp_path: Path) -> None:
    context = context_for("ghcr.io", {"HOME": str(tmp_path)})
    assert context.check_hostname


def test_where_an_authority_was_put_http_is_not_taken(
    tmp_path: Path, authority: Authority, by_password: Guarded
) -> None:
    environ = trusted(tmp_path, by_password.registry.host, authority.ca.read_bytes())
    error = failing(by_password.index.name, environ)
    assert f"{by_password.registry.host} does not speak TLS as it should" in error.problem


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]", "LOCALHOST"])
def test_this_machine_may_be_asked_by_http(host: str) -> None:
    assert is_loopback(host)
    assert is_safe(f"http://{host}:5000/v2/")


@pytest.mark.parametrize(
    "host", ["registry.example", "localhost.example", "10.0.0.1", "127.0.0.1.example", "[::2]", ""]
)
def test_nobody_else_is_asked_by_http(host: str) -> None:
    assert not is_loopback(host)
    assert not is_safe(f"http://{host}/v2/")
    with pytest.raises(DevkitError, match="would have to be asked without https"):
        a_web({}).send(Request("GET", f"http://{host}/v2/", 10))


def test_docker_hub_is_asked_where_it_answers() -> None:
    asked: list[str] = []

    class Recording(web.Web):
        def follow(self, request: Request) -> Answer:
            asked.append(request.url)
            return Answer(200, request.url, urllib3.HTTPHeaderDict(), b"")

    recording = Recording({}, Patience(StillClock().clock))
    Session("docker.io", None, recording).ask("HEAD", "library/redis", "manifests/8", limit=1)
    Session("ghcr.io:444", None, recording).ask("HEAD", "a/b", "manifests/8", limit=1)
    assert asked == [
        "https://registry-1.docker.io/v2/library/redis/manifests/8",
        "https://ghcr.io:444/v2/a/b/manifests/8",
    ]


def test_a_registry_is_reached_through_the_proxy(tmp_path: Path, authority: Authority, by_tls: Guarded) -> None:
    environ = {"HOME": str(tmp_path), "SSL_CERT_FILE": str(authority.ca)}
    with tunnelling(by_tls.registry.host) as proxy:
        environ["HTTPS_PROXY"] = f"http://ali:p%40ss@{proxy.host}"
        assert ask(f"{NAMED}/team/app:1", environ) == as_resolved(by_tls.index)
    login = base64.b64encode(b"ali:p@ss").decode()
    assert {(each.path, each.headers["proxy-authorization"]) for each in proxy.heard} == {
        (f"{NAMED}:443", f"Basic {login}")
    }


def test_a_proxy_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "HTTPS_PROXY": f"http://ali:{PASSWORD}@127.0.0.1:{free_port()}"}
    error = failing(f"{NAMED}/team/app:1", environ)
    assert error.problem.startswith(f"{NAMED} cannot be reached through the proxy of HTTPS_PROXY")
    assert error.cure.endswith(f"export NO_PROXY={NAMED}")


def test_a_certificate_behind_the_proxy_is_the_registrys(tmp_path: Path, by_tls: Guarded) -> None:
    with tunnelling(by_tls.registry.host) as proxy:
        error = failing(f"{NAMED}/team/app:1", {"HOME": str(tmp_path), "HTTPS_PROXY": proxy.host})
    assert error.problem.startswith(f"{NAMED} shows a certificate that is not trusted here")


def test_a_closed_port_is_said(tmp_path: Path) -> None:
    host = f"127.0.0.1:{free_port()}"
    error = failing(f"{host}/team/app:1", {"HOME": str(tmp_path)})
    assert error.problem == f"the registry {host} refuses connections: nobody listens there"
    assert error.cure.endswith(f"curl -sSI https://{host}/v2/")


def test_a_registry_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(web, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:  # the system takes the connection, nobody speaks
        host = f"127.0.0.1:{server.getsockname()[1]}"
        assert failing(f"{host}/team/app:1", {"HOME": str(tmp_path)}).problem.endswith("does not answer in time")
    is_over = threading.Event()
    with answering(lambda _: EMPTY if is_over.wait(60) else None) as silent_one:
        error = failing(f"{silent_one.host}/team/app:1", {"HOME": str(tmp_path)})
        is_over.set()
    assert error.problem == f"the registry {silent_one.host} does not answer in time"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            urllib3.exceptions.NameResolutionError(
                "r", urllib3.connection.HTTPConnection("r"), socket.gaierror(-2, "x")
            ),
            "the registry r has no address here",
        ),
        (UnicodeError("label too long"), "the registry r has no address here"),
        (urllib3.exceptions.ProtocolError("x", ConnectionResetError(104, "Connection reset by peer")), "by peer"),
        (urllib3.exceptions.ConnectTimeoutError("x"), "does not answer in time"),
        (urllib3.exceptions.LocationParseError("x"), "cannot be reached: Failed to parse: x"),
    ],
)
def test_every_silence_has_its_sentence(error: Exception, why: str) -> None:
    assert why in unreachable("r", error, {"HOME": os.devnull}).problem


def test_what_is_sent_does_not_show_in_a_trace() -> None:
    request = Request("GET", "https://r/", 1, {"Authorization": PASSWORD}, PASSWORD.encode())
    assert PASSWORD not in repr(request)
    session = Session("r", Login("ali", PASSWORD, is_identity_token=False, source="x"), a_web({}))
    assert PASSWORD not in repr(session)
