"""Whether a service answers, asked of little servers that answer well, badly, or not at all."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, cast

import pytest

from devkit.cluster.failures import RefusedError, UnreachableError
from devkit.cluster.forward import Service
from devkit.cluster.proof import Proven
from devkit.config import ServiceEntry
from devkit.stack import answers as asking
from devkit.stack.answers import all_answers, answers, ask
from tests.testbed.programs import free_port

REDIS = ServiceEntry("redis", 6379, "redis")
HTTP = ServiceEntry("web", 80, "http", path="/ready")
PASSWORD = "a word with spaces\r\nand a second line"
ENDED = "it ended the connection without an answer"

Serve = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(serve: Serve) -> Iterator[int]:
    """A server on 127.0.0.1 that does `serve` with each connection; the value is its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with contextlib.suppress(OSError):  # it is closed at the end
                while True:
                    near, _ = listener.accept()
                    threading.Thread(target=one, args=(near,), daemon=True).start()

        def one(near: socket.socket) -> None:
            with near, contextlib.suppress(OSError):  # whoever asked may be gone
                serve(near)

        threading.Thread(target=accept, daemon=True).start()
        yield int(listener.getsockname()[1])
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def why(serve: Serve, entry: ServiceEntry = REDIS, password: str = "", seconds: float = 5) -> str:
    """What ask() says of a server that does `serve`."""
    with serving(serve) as port:
        return ask(entry, port, password, seconds)


def saying(*replies: bytes) -> Serve:
    """Answers each thing that it is sent with the next of `replies`, then waits for the end."""

    def serve(near: socket.socket) -> None:
        for reply in replies:
            near.recv(4096)
            near.sendall(reply)
        near.recv(4096)

    return serve


def closing(last: bytes = b"") -> Serve:
    """Says `last` to the first thing that it is sent, and ends the connection."""

    def serve(near: socket.socket) -> None:
        near.recv(4096)
        near.sendall(last)

    return serve


def hang(near: socket.socket) -> None:
    """Takes whatever comes, and says nothing."""
    while near.recv(4096):
        pass


def drip(near: socket.socket) -> None:
    """Sends something all the time, and never a whole line."""
    while True:
        near.sendall(b"+")
        time.sleep(0.05)


def drip_http(near: socket.socket) -> None:
    """The same as a header that does not end."""
    near.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    drip(near)


def http(status: int, body: bytes = b"") -> Serve:
    """Answers as a web server does that keeps its connections."""
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(body)}\r\n\r\n"
    return saying(head.encode() + body)


def test_redis_answers_with_pong_alone() -> None:
    assert why(saying(b"+PONG\r\n")) == ""


def test_the_password_is_sent_whatever_is_in_it() -> None:
    heard: list[bytes] = []

    def serve(near: socket.socket) -> None:
        heard.append(near.recv(4096))
        near.sendall(b"+OK\r\n")
        heard.append(near.recv(4096))
        near.sendall(b"+PONG\r\n")

    assert why(serve, password=PASSWORD) == ""
    size = len(PASSWORD)
    assert heard == [f"*2\r\n$4\r\nAUTH\r\n${size}\r\n{PASSWORD}\r\n".encode(), b"*1\r\n$4\r\nPING\r\n"]


@pytest.mark.parametrize(
    ("serve", "sentence"),
    [
        (saying(b"-NOAUTH Authentication required.\r\n"), "NOAUTH Authentication required."),
        (
            saying(b"-LOADING Redis is loading the dataset in memory\r\n"),
            "LOADING Redis is loading the dataset in memory",
        ),
        (saying(b"+OK\r\n"), "what answers does not speak as Redis does: +OK"),
        (saying(b"HTTP/1.1 400 Bad\r\n\r\n"), "what answers does not speak as Redis does: HTTP/1.1 400 Bad"),
        (saying(b"\x00\x1b\x07\r\n"), "what answers does not speak as Redis does"),
        (closing(b"+PO"), "its answer breaks off: +PO"),
        (closing(b"+PONG"), "its answer breaks off: +PONG"),
        (closing(), ENDED),
        (lambda _near: None, ENDED),
    ],
)
def test_anything_else_is_no_answer_of_redis(serve: Serve, sentence: str) -> None:
    assert why(serve) == sentence


def test_a_redis_without_a_password_serves_although_it_refuses_auth() -> None:
    refused = b"-ERR AUTH <password> called without any password configured for the default user.\r\n"
    assert why(saying(refused, b"+PONG\r\n"), password=PASSWORD) == ""


def test_a_refused_password_is_the_reason_and_not_what_comes_of_it() -> None:
    refused = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n"
    wanted = "WRONGPASS invalid username-password pair or user is disabled."
    assert why(saying(refused, b"-NOAUTH Authentication required.\r\n"), password="secret") == wanted
    assert why(closing(refused), password="secret") == wanted
    assert why(saying(refused), password="secret", seconds=0.3) == wanted


@pytest.mark.parametrize("shown", [PASSWORD, PASSWORD[:20]])
def test_the_password_is_not_in_the_sentence_though_the_server_repeats_it(shown: str) -> None:
    said = f"-ERR unknown command 'AUTH', with args beginning with: '{shown}'\r\n".encode()
    sentence = why(saying(said, b"-ERR\r\n"), password=PASSWORD)
    assert sentence == "ERR unknown command 'AUTH', with args beginning with: '***"
    assert why(saying(f"{shown}\r\n".encode()), password=PASSWORD).endswith(": ***")


@pytest.mark.parametrize(
    ("serve", "entry"),
    [
        (saying(b"-ERR " + b"long " * 10_000 + b"\r\n"), REDIS),
        (saying(b"\xff" * 50_000), REDIS),
        (http(500, "\u202e\x1b[31mlong\x9b\n".encode() * 10_000), HTTP),
        (saying(b"X" * 60_000 + b"\r\n"), HTTP),
    ],
)
def test_a_sentence_is_one_short_line(serve: Serve, entry: ServiceEntry) -> None:
    sentence = why(serve, entry)
    assert 0 < len(sentence) < 200
    assert sentence.isprintable()


@pytest.mark.parametrize("status", [200, 204, 301])
def test_a_web_server_answers_with_a_status_below_400(status: int) -> None:
    assert why(http(status), HTTP) == ""


def test_a_web_server_is_asked_for_the_path() -> None:
    heard: list[bytes] = []

    def serve(near: socket.socket) -> None:
        heard.append(near.recv(4096))
        near.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    assert why(serve, HTTP) == ""
    assert heard[0].startswith(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1")


@pytest.mark.parametrize(
    ("serve", "sentence"),
    [
        (http(503, b"Ingester not ready:\n  waiting\r\n"), "HTTP 503 at /ready: Ingester not ready: waiting"),
        (saying(b"HTTP/1.1 503 No\r\n\r\nnot yet"), "HTTP 503 at /ready: not yet"),  # and it never ends
        (http(404), "HTTP 404 at /ready"),
        (http(500, b"x" * 500), f"HTTP 500 at /ready: {'x' * 120}"),
        (closing(b"HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\nhalf"), "HTTP 503 at /ready: half"),
        (closing(b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"), "HTTP 503 at /ready"),
        (closing(b"+PONG\r\n"), "what answers does not speak HTTP: +PONG"),
        (closing(b"\x15\x03\x01\x00\x02\x02\x16"), "what answers does not speak HTTP"),
        (closing(), ENDED),
        (lambda _near: None, ENDED),
    ],
)
def test_anything_else_is_no_answer_of_a_web_server(serve: Serve, sentence: str) -> None:
    assert why(serve, HTTP) == sentence


@pytest.mark.parametrize("path", ["/a b", "/ü", "/a\r\nX: y"])
def test_a_path_that_cannot_be_asked_for_is_named(path: str) -> None:
    sentence = why(hang, ServiceEntry("web", 80, "http", path=path))
    assert sentence == f"{path!r} is no path that can be asked for"


@pytest.mark.full
@pytest.mark.parametrize(("serve", "entry"), [(hang, REDIS), (drip, REDIS), (hang, HTTP), (drip_http, HTTP)])
def test_nobody_is_waited_for_longer_than_said(serve: Serve, entry: ServiceEntry) -> None:
    begin = time.monotonic()
    assert why(serve, entry, seconds=0.6) == "no answer within 1 s"
    assert time.monotonic() - begin < 2


def test_a_port_where_nobody_listens_refuses() -> None:
    assert ask(REDIS, free_port(), "", 5) == "it refuses connections"


# -- the way there


@dataclasses.dataclass
class Way:
    """Stands for a proven cluster: ports of this machine by service, what the API server says, and a Secret."""

    ports: dict[str, int]
    errors: Mapping[str, Exception] = dataclasses.field(default_factory=dict)
    problem: str = ""
    secrets: Mapping[str, str] = dataclasses.field(default_factory=dict)
    namespace: str = "ours"

    @property
    def api(self) -> Way:
        return self

    def find(self, path: str) -> Any:  # noqa: ANN401 - JSON
        data = {key: base64.b64encode(value.encode()).decode() for key, value in self.secrets.items()}
        return {"data": data} if path == "/api/v1/namespaces/ours/secrets/redis" else None


@dataclasses.dataclass
class Port:
    port: int
    problem: str


@pytest.fixture
def proven_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Way], Proven]:
    """Has answers() go the way that a test names."""

    def look(way: Way, service: Service) -> None:
        assert service.namespace == way.namespace
        if service.name in way.errors:
            raise way.errors[service.name]

    @contextlib.contextmanager
    def forwarded(way: Way, service: Service) -> Iterator[Port]:
        yield Port(way.ports[service.name], way.problem)

    monkeypatch.setattr(asking, "find_pod", look)
    monkeypatch.setattr(asking, "forwarded", forwarded)
    return lambda way: cast("Proven", way)


def test_what_the_api_server_says_is_a_reason_like_any_other(proven_by: Callable[[Way], Proven]) -> None:
    missing = UnreachableError("no pod of service redis runs in ours", "./inv up")
    refused = RefusedError(404, "NotFound", 'services "web" not found\n\x1b[31m', "")
    with serving(http(200)) as port:
        way = Way({"other": port}, {"redis": missing, "web": refused})
        entries = (REDIS, HTTP, ServiceEntry("other", 80, "http"))
        assert all_answers(proven_by(way), entries) == {
            "redis": "no pod of service redis runs in ours",
            "web": 'services "web" not found [31m',
        }
        assert all_answers(proven_by(way), ()) == {}


def test_where_the_forward_came_to_nothing_its_problem_is_the_reason(proven_by: Callable[[Way], Proven]) -> None:
    with serving(closing()) as port:
        assert answers(proven_by(Way({"redis": port}, problem="connection refused\r\n")), REDIS) == "connection refused"
    with serving(saying(b"+PONG\r\n")) as port:
        assert answers(proven_by(Way({"redis": port}, problem="of another")), REDIS) == ""


def test_the_password_is_that_of_the_secret(proven_by: Callable[[Way], Proven]) -> None:
    entry = ServiceEntry("redis", 6379, "redis", secret="redis/password")
    heard: list[bytes] = []

    def serve(near: socket.socket) -> None:
        for reply in (b"+OK\r\n", b"+PONG\r\n"):
            heard.append(near.recv(4096))
            near.sendall(reply)

    with serving(serve) as port:
        assert answers(proven_by(Way({"redis": port}, secrets={"password": "pass word"})), entry) == ""
    assert b"$9\r\npass word\r\n" in heard[0]
    wanted = "namespace ours has no Secret redis with a password under the key password"
    assert answers(proven_by(Way({"redis": 0})), entry) == wanted


def test_all_are_asked_side_by_side(proven_by: Callable[[Way], Proven], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_SECONDS", 1.0)
    with serving(hang) as port:
        entries = [ServiceEntry(f"service-{number}", 80, "http") for number in range(6)]
        begin = time.monotonic()
        found = all_answers(proven_by(Way({each.name: port for each in entries})), entries)
        assert time.monotonic() - begin < 3
    assert found == {each.name: "no answer within 1 s" for each in entries}
