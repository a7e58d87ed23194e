"""What gives tokens to a registry's readers: a server of ours in a thread, which signs them with openssl.

distribution, docs/spec/auth/token.md and jwt.md.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.devkit.registry.registry_server import PASSWORD, USER
from tests.devkit.registry.web_server import Heard, Said, Server, answering

SERVICE = "test-registry"
ISSUER = "test-issuer"
IDENTITY_TOKEN = "a-refresh-token"


@dataclasses.dataclass(frozen=True, slots=True)
class TokenServer:
    """A token server that runs; `auth` is what the registry's configuration says of it."""

    auth: Mapping[str, object]
    server: Server


@contextlib.contextmanager
def giving_tokens(folder: Path) -> Iterator[TokenServer]:
    """A token server for USER with PASSWORD, or with IDENTITY_TOKEN; others get 401."""
    words = "req -x509 -newkey rsa:2048 -nodes -subj /CN=tokens -days 30 -keyout tokens.key -out tokens.crt"
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)

    def answer(heard: Heard) -> Said:
        query = parse_qs(urlsplit(heard.path).query or heard.body.decode())
        if not _may(heard, query):
            return Said(401, {"Content-Type": "application/json"}, b'{"details":"incorrect username or password"}')
        token = _signed(folder, _claims(query.get("scope", [])))
        key = "access_token" if heard.method == "POST" else "token"
        return Said(200, {"Content-Type": "application/json"}, json.dumps({key: token}).encode())

    with answering(answer) as server:
        token = {
            "realm": f"http://{server.host}/token",
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(folder / "tokens.crt"),
        }
        yield TokenServer({"token": token}, server)


def _may(heard: Heard, query: Mapping[str, list[str]]) -> bool:
    if heard.method == "POST":
        return query.get("refresh_token") == [IDENTITY_TOKEN] and query.get("grant_type") == ["refresh_token"]
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return heard.headers.get("authorization") == f"Basic {login}"


def _claims(scopes: list[str]) -> dict[str, object]:
    now = int(time.time())
    access = []
    for scope in " ".join(scopes).split():
        kind, name, actions = scope.split(":", 2)
        access.append({"type": kind, "name": name, "actions": actions.split(",")})
    times = {"exp": now + 300, "nbf": now - 30, "iat": now - 30}
    return {"iss": ISSUER, "sub": USER, "aud": SERVICE, "jti": "1", "access": access, **times}


def _signed(folder: Path, claims: Mapping[str, object]) -> str:
    der = subprocess.run(
        ["openssl", "x509", "-in", str(folder / "tokens.crt"), "-outform", "DER"], check=True, capture_output=True
    ).stdout
    head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
    signed = f"{_url_safe(json.dumps(head).encode())}.{_url_safe(json.dumps(claims).encode())}"
    words = ["openssl", "dgst", "-sha256", "-sign", str(folder / "tokens.key")]
    done = subprocess.run(words, input=signed.encode(), check=True, capture_output=True)
    return f"{signed}.{_url_safe(done.stdout)}"


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
