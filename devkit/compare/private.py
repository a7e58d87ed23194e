"""What nobody else is to read, taken out of texts: passwords, names of users, the places of this machine's folders.

With it goes what is of one run alone: the port of a forward, the name of a scratch database.
"""

from __future__ import annotations

import dataclasses
import getpass
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from devkit.verify.inputs import Request

_USER = "{user}"
_IN_URL = re.compile(r"://(?P<user>[^:/?#@\s]*)(?::(?P<password>[^@\s]*))?@")
_IN_WORDS = re.compile(r"\b(?P<key>user|password)\s*=\s*(?:'(?P<quoted>(?:[^'\\]|\\.)*)'|(?P<bare>\S+))")
_PASSWORDS = re.compile(
    r"(://[^:/@\s]*:)[^@\s]*(?=@)|(\bpassword\s*=\s*|\bpassword\s+(?='))('[^']*'|\S+)", re.IGNORECASE
)
# A path from the root of a file system, of two parts or more, that is no part of an address or of a longer path. What
# stands before its last part is this machine's.
_ABSOLUTE = re.compile(r"(?<![\w./:~@-])(?:/[^\s/'\"`,;:()]+)+(?=/)")
_OF_ONE_RUN = (
    (re.compile(r"\b(127\.0\.0\.1|localhost):[0-9]{5}\b"), r"\1:{port}"),
    (re.compile(r"\bdevkit_scratch_[0-9a-f]{8}\b"), "{scratch}"),
)
_SHORTEST = 2  # "/" as a home is everybody's


@dataclasses.dataclass(frozen=True, slots=True)
class Private:
    """What has to go, each with what stands in its place, in this order."""

    replaced: tuple[tuple[str, str], ...]

    def without(self, text: str) -> str:
        """`text` with nothing private in it."""
        text = _PASSWORDS.sub(lambda found: f"{found[1] or found[2]}***", text)
        for private, public in self.replaced:
            text = text.replace(private, public)
        for moment, public in _OF_ONE_RUN:
            text = moment.sub(public, text)
        return _ABSOLUTE.sub("…", text)


def private_to(request: Request, env: Mapping[str, str]) -> Private:
    """What `request` and `env` know of this person and machine."""
    found = [*_secrets(request, env), *_folders(request, env), *_users(request, env), *_namespace(request)]
    return Private(tuple(sorted(dict.fromkeys(found), key=lambda each: (-len(each[0]), each))))


def _secrets(request: Request, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    dsn = [each for each in (request.dsn, env.get("DEVKIT_DSN")) if each]
    for password in (*(found for each in dsn for found in _parts(each, "password")), env.get("PGPASSWORD", "")):
        for written in {password, unquote(password)} - {""}:
            yield written, "***"


def _folders(request: Request, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Folders that were named take their own names: what is in them is part of a finding, where they lie is not."""
    for folder, shown in ((request.migrations, "migrations"), (request.manifests, "manifests")):
        for path in {folder.absolute(), folder.resolve()}:
            if not path.is_relative_to(request.project.root):
                yield f"{path}/", f"{shown}/"
    yield f"{request.project.root}/", ""
    yield str(request.project.root), "."
    for home in (env.get("HOME", ""), _home()):
        if len(home) >= _SHORTEST:
            yield home.rstrip("/"), "~"


def _home() -> str:
    try:
        return str(Path.home())
    except RuntimeError:
        return ""


def _users(request: Request, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Only as names of users are written: the same word elsewhere may be a table's."""
    names = {
        env.get("PGUSER", ""),
        *(name for each in (request.dsn, env.get("DEVKIT_DSN")) if each for name in _parts(each, "user")),
    }
    try:
        names.add(getpass.getuser())
    except (OSError, KeyError):
        names.add(env.get("LOGNAME", ""))
    for name in names - {""}:
        yield f'"{name}"', f'"{_USER}"'
        yield f"{name}@", f"{_USER}@"


def _namespace(request: Request) -> Iterator[tuple[str, str]]:
    table = tomllib.loads(request.project.source.decode("utf-8", "replace"))
    written = table.get("tool", {}).get("devkit", {}).get("namespace", "")
    if _USER in str(written):
        yield request.project.settings.namespace, str(written)


def _parts(dsn: str, key: str) -> Iterator[str]:
    """What `dsn`, a URL or words, has as its user or password."""
    url = _IN_URL.search(dsn)
    if url and url[key]:
        yield url[key]
    yield from (each["quoted"] or each["bare"] or "" for each in _IN_WORDS.finditer(dsn) if each["key"] == key)
