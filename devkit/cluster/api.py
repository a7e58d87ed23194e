"""The only door to a Kubernetes API server: JSON in, JSON out, refusals as values that say what to do.

On urllib3, which the kubernetes package stands on itself: that package takes a second to import, which every verb that
looks at the cluster would pay, and brings a third of all that a newcomer would download.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import urllib3

from devkit.cluster.credentials import credentials_of
from devkit.cluster.failures import RefusedError, refused, unreachable
from devkit.cluster.target import Target

Object = Mapping[str, Any]  # an API object as its JSON

_SECONDS = urllib3.Timeout(connect=5, read=20)
_AGENT = "devkit"
_JSON = "application/json"
_MERGE = "application/merge-patch+json"
_NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


class Api:
    """The API server of one pinned target, by https alone. Thread-safe; connections are kept."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._credentials = credentials_of(target)
        self.tls = self._credentials.context()
        # To the target's host, and nowhere else: no redirects, no proxies.
        self._pool = urllib3.HTTPSConnectionPool(
            target.host, target.port, ssl_context=self.tls, timeout=_SECONDS, maxsize=8, retries=False
        )

    def get(self, path: str, *, accept: str = _JSON, **query: str) -> Object:
        """The object, list or document at `path`, in the form `accept`; RefusedError or UnreachableError."""
        return self._ask("GET", path, query, accept=accept)

    def find(self, path: str) -> Object | None:
        """The object at `path`, or None when there is none."""
        try:
            return self.get(path)
        except RefusedError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            raise

    def items(self, path: str, *, names_only: bool = False, **query: str) -> tuple[Object, ...]:
        """The items of the list at `path`; `names_only` leaves what is in them (a Secret's data) at the server."""
        accept = _NAMES_ONLY if names_only else _JSON
        return tuple(self._ask("GET", path, query, accept=accept).get("items") or ())

    def create(self, path: str, body: Object) -> Object:
        """Create `body` in the collection at `path`."""
        return self._ask("POST", path, {}, body)

    def merge(self, path: str, body: Object) -> Object:
        """Change the object at `path` by a JSON merge patch."""
        return self._ask("PATCH", path, {}, body, kind=_MERGE)

    def delete(self, path: str, uid: str, *, is_tried: bool = False) -> None:
        """Ask for the deletion of the very object with `uid`; gone already is fine, another UID is refused (409).

        `is_tried`: the server says only whether it would (DeleteOptions dryRun), and nothing goes.
        """
        options: dict[str, object] = {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        if is_tried:
            options["dryRun"] = ["All"]
        try:
            self._ask("DELETE", path, {}, options)
        except RefusedError as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def headers(self) -> dict[str, str]:
        """What a request must carry: for the websocket of a port-forward, which is none of the pool's."""
        token = self._credentials.token()
        return {"User-Agent": _AGENT, **({"Authorization": f"Bearer {token}"} if token else {})}

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Object | None = None,
        *,
        kind: str = _JSON,
        accept: str = _JSON,
    ) -> Object:
        headers = {**self.headers(), "Accept": accept}
        if body is not None:
            headers["Content-Type"] = kind
        url = self.target.path + (f"{path}?{urlencode(query)}" if query else path)
        data = json.dumps(body).encode() if body is not None else None
        try:
            answer = self._pool.request(method, url, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise unreachable(self.target, error) from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise refused(self.target, f"{method} {path}", answer.status, _json(answer.data))
        return _json(answer.data)


def _json(data: bytes) -> Object:
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"text": data.decode("utf-8", "replace")}
