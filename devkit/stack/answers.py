"""Whether services really answer: asked as their clients ask, through our own port-forward."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from devkit.cluster.forward import Service, find_pod, forwarded
from devkit.cluster.proof import Proven
from devkit.config import ServiceEntry
from devkit.errors import DevkitError
from devkit.stack.secret import secret_value

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_SECONDS = 8.0  # for a service, from the first question to the last answer
_LEAST_SECONDS = 1.0  # that are left for the service itself, however slow the API server is
_AT_ONCE = 16
_QUOTED = 120  # characters of what a server said
_LENGTH = 300  # of a sentence
_READ = 1_000  # bytes of an answer: what is quoted of it, and no more than a line
_PASSWORD_START = 16  # characters by which a password is known in what a server said, which may cut it short
_SILENT = "it ended the connection without an answer"
_OK, _PONG = "+OK\r\n", "+PONG\r\n"
_SHORT = len(_PONG)


def all_answers(proven: Proven, entries: Iterable[ServiceEntry]) -> dict[str, str]:
    """Why each service that does not answer does not, by its name. All are asked side by side."""
    asked = tuple(entries)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda entry: answers(proven, entry), asked)
        return {entry.name: why for entry, why in zip(asked, found, strict=True) if why}


def answers(proven: Proven, entry: ServiceEntry) -> str:
    """Why the service does not answer, in one sentence without secrets; "" when it answers.

    What the API server refuses on the way there is a reason like any other.
    """
    service = Service(proven.namespace, entry.name, entry.port)
    ends = time.monotonic() + _SECONDS
    try:
        find_pod(proven.api, service)  # without one, nobody need wait for a connection
        password = secret_value(proven, entry.secret, "[[tool.devkit.service]] secret") if entry.secret else ""
        with forwarded(proven.api, service) as forward:
            why = ask(entry, forward.port, password, max(ends - time.monotonic(), _LEAST_SECONDS))
            return _one_line(forward.problem or why, _LENGTH) if why else ""
    except DevkitError as error:
        return _one_line(error.problem, _LENGTH)


def ask(entry: ServiceEntry, port: int, password: str, seconds: float) -> str:
    """Why the server on `port` of this machine does not answer as `entry` wants it within `seconds`; "" when it does.

    `password` is for Redis alone, and is not sent when it is empty. It never stands in the sentence.
    """
    try:
        with _Connection(port, seconds) as near:
            why = _redis(near, password) if entry.asks == "redis" else _http(near, entry.path)
    except ConnectionRefusedError:
        why = "it refuses connections"
    except TimeoutError:
        why = f"no answer within {seconds:.0f} s"
    except ConnectionError:
        why = _SILENT
    except OSError as error:
        why = f"the connection broke ({type(error).__name__})"
    return _one_line(why, _LENGTH)


class _Connection(socket.socket):
    """A connection whose reads end at one moment, and not each after a time: a server may send byte by byte."""

    def __init__(self, port: int, seconds: float) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._ends = time.monotonic() + seconds
        self.settimeout(seconds)
        try:
            self.connect(("127.0.0.1", port))
        except OSError:
            self.close()
            raise

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """What the files of makefile() read with; TimeoutError when the time is up."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
        return super().recv_into(buffer, nbytes, flags)


def _http(near: socket.socket, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1")
    connection.sock = near
    try:
        connection.request("GET", path, headers={"User-Agent": "devkit"})
    except (http.client.InvalidURL, UnicodeEncodeError):
        return f"{path!r} is no path that can be asked for"
    try:
        answer = connection.getresponse()
    except http.client.RemoteDisconnected:
        return _SILENT
    except http.client.HTTPException as error:
        return _quoting("what answers does not speak HTTP", _one_line(str(error), _QUOTED))
    with answer:
        if answer.status < HTTPStatus.BAD_REQUEST:
            return ""
        body = b""
        with contextlib.suppress(OSError, http.client.HTTPException):  # the status says enough
            body = answer.read1(_READ)  # what is there: where no length is told, a forward may never tell the end
    said = _one_line(body.decode("utf-8", "replace"), _QUOTED)
    return _quoting(f"HTTP {answer.status} at {path}", said)


def _redis(near: socket.socket, password: str) -> str:
    """PING alone decides: a server without a password refuses AUTH, and serves. A refused AUTH is the better reason."""
    with near.makefile("rb") as replies:
        auth = _reply(near, replies, "AUTH", password) if password else _OK
        if auth != _OK and not auth.startswith("-"):
            return _refusal(auth, password)
        try:
            pong = _reply(near, replies, "PING")
        except OSError:
            if auth == _OK:
                raise
            pong = ""
    if pong == _PONG:
        return ""
    return _refusal(pong if auth == _OK else auth, password)


def _reply(near: socket.socket, replies: BinaryIO, *command: str) -> str:
    """The line that answers a command; without its end, or empty, when the connection ended first."""
    words = [word.encode() for word in command]
    sent = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    near.sendall(b"*%d\r\n%s" % (len(words), sent))
    return replies.readline(_READ).decode("utf-8", "replace")


def _refusal(reply: str, password: str) -> str:
    said = _one_line(_without(reply, password), _QUOTED)
    if reply.startswith("-"):
        return said.removeprefix("-")
    if not reply:
        return _SILENT
    is_short = len(reply) < _SHORT and not reply.endswith("\n")
    return _quoting("its answer breaks off" if is_short else "what answers does not speak as Redis does", said)


def _without(text: str, password: str) -> str:
    """`text` up to where `password` begins: servers repeat the words of commands that they do not know."""
    before, found, _ = text.partition(password[:_PASSWORD_START]) if password else (text, "", "")
    return f"{before}***" if found else text


def _quoting(what: str, said: str) -> str:
    return f"{what}: {said}" if said else what


def _one_line(text: str, length: int) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:length]
