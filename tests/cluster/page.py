"""Tilt's page as a person uses it: buttons are clicked, resources are looked at, through Tilt's own API server."""

from __future__ import annotations

import base64
import datetime
import json
import ssl
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML

from tests.cluster.stack import Stack

_API = "/apis/tilt.dev/v1alpha1"


class Page:
    """The page of the stack's running Tilt."""

    def __init__(self, stack: Stack) -> None:
        config = YAML(typ="safe").load((stack.home / "tilt_dev_dir/config").read_text())
        name = f"tilt-{stack.port}"
        cluster = next(each["cluster"] for each in config["clusters"] if each["name"] == name)
        user = next(each["user"] for each in config["users"] if each["name"] == name)
        self._server = cluster["server"]
        self._token = user["token"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._context = ssl.create_default_context(cadata=authority)

    def click(self, button: str, **inputs: str) -> str:
        """Click a button, with texts in its inputs; returns the time of the click."""
        found = self._ask("GET", f"{_API}/uibuttons/{button}")
        now = datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")
        texts = [{"name": name, "text": {"value": value}} for name, value in inputs.items()]
        found["status"] = {**found.get("status", {}), "lastClickedAt": now, "inputs": texts}
        self._ask("PUT", f"{_API}/uibuttons/{button}/status", found)
        return now

    def command(self, button: str) -> Any:  # noqa: ANN401 - JSON
        """The state of a button's command: `running` or `terminated` with its exitCode, else empty."""
        return self._ask("GET", f"{_API}/cmds/{button}").get("status") or {}

    def ended(self, button: str, since: str, seconds: float = 90) -> int:
        """Wait until the command that was started after `since` has ended; its exit code."""

        def over() -> Any:  # noqa: ANN401 - JSON
            end = self.command(button).get("terminated")
            return end if end and _time(end["startedAt"]) >= _time(since) else None

        return int(self.until(over, seconds).get("exitCode", 0))

    def resource(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """A resource's status."""
        return self._ask("GET", f"{_API}/uiresources/{name}").get("status") or {}

    def buttons(self) -> dict[str, Any]:
        """The buttons of the Tiltfile by name, without those of Tilt itself."""
        found = self._ask("GET", f"{_API}/uibuttons")["items"]
        return {each["metadata"]["name"]: each["spec"] for each in found}

    def until(self, what: Callable[[], Any], seconds: float = 60) -> Any:  # noqa: ANN401 - JSON
        """Wait until `what` gives something, and return it."""
        deadline = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < deadline, "it did not come"
            time.sleep(0.2)
        return found

    def _ask(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._server + path, data, headers, method=method)
        with urllib.request.urlopen(request, context=self._context, timeout=20) as answer:
            return json.loads(answer.read())


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
