"""The tests' own look at the API server: none of devkit's code, so that the two can be held against each other."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any


class Kube:
    """An administrator of one API server."""

    def __init__(self, server: str, context: ssl.SSLContext) -> None:
        self.server = server
        self._context = context

    def ask(self, method: str, path: str, body: object = None, kind: str = "application/json") -> Any:  # noqa: ANN401 - JSON
        """The answer to one request; HTTPError when refused."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": kind, "User-Agent": "testbed"}
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        with urllib.request.urlopen(request, context=self._context, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text.startswith(b"{") else text.decode()

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """The object or list at `path`."""
        return self.ask("GET", path)

    def find(self, path: str) -> Any | None:  # noqa: ANN401 - JSON
        """The same, or None when there is none."""
        try:
            return self.get(path)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise

    def create(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Create an object."""
        return self.ask("POST", path, body)

    def merge(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Change an object."""
        return self.ask("PATCH", path, body, "application/merge-patch+json")

    def delete(self, path: str) -> None:
        """Delete an object."""
        self.ask("DELETE", path)

    def is_ready(self) -> bool:
        """Whether the server says that it is."""
        try:
            return str(self.get("/readyz")) == "ok"
        except OSError:  # URLError and HTTPError are
            return False

    def until(self, what: Callable[[], object], seconds: float = 30) -> None:
        """Wait until `what` is true."""
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, "it did not come"
            time.sleep(0.05)
