"""Kubeconfig files, merged as kubectl merges them, and the one cluster that a context in them leads to."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import json
import os
import re
import shlex
import warnings
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from devkit.cluster.target import Target, text_of
from devkit.errors import DevkitError

_MAKE_ONE = "make a local cluster: kind create cluster --name dev"
_CLUSTER_FILES = ("certificate-authority",)
_USER_FILES = ("client-certificate", "client-key", "tokenFile")
# Stricter than a URL: what two parsers could read as two hosts is refused, and so is a password in the address.
_SERVER = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d+)?(/[\w.~:/@!$&'()*+,;=%-]*)?", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    """A named entry of a kubeconfig, and the file it stands in."""

    inner: Mapping[str, object] = dataclasses.field(repr=False)
    file: Path


def read_target(environ: Mapping[str, str], context: str = "") -> Target:
    """The cluster that `context` (or else the current context) leads to; DevkitError says what is missing or wrong.

    kubectl's rules: of a name that is there twice the first one counts, whole, and so does the first current-context.
    """
    documents = _documents(environ)
    contexts, clusters, users = (_entries(documents, kind) for kind in ("context", "cluster", "user"))
    name = context or next((current for _, each in documents if (current := text_of(each, "current-context"))), "")
    entry = _context(name, contexts, ", ".join(str(file) for file, _ in documents))
    cluster, user = text_of(entry.inner, "cluster"), text_of(entry.inner, "user")
    leads_to = _named(clusters, "cluster", cluster, name, entry.file)
    # A context without a user is an anonymous one, as for a local `kubectl proxy`.
    acts_as = _named(users, "user", user, name, entry.file) if user else _Entry({}, entry.file)
    server = _server(leads_to, cluster)
    inner = _absolute(leads_to, f"of cluster {cluster!r}", _CLUSTER_FILES)
    return Target(name, cluster, user, server, entry.file, inner, _user(acts_as, user))


def read_contexts(environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The current context ("" where none is) and the names of all; DevkitError when a kubeconfig cannot be read."""
    documents = _read_all(_paths(environ))
    current = next((found for _, each in documents if (found := text_of(each, "current-context"))), "")
    return current, tuple(_entries(documents, "context"))


def _documents(environ: Mapping[str, str]) -> list[tuple[Path, Mapping[str, object]]]:
    paths = _paths(environ)
    documents = _read_all(paths)
    if not documents:
        looked = ", ".join(map(str, paths)) or "neither KUBECONFIG nor HOME names a place"
        raise DevkitError(f"no kubeconfig was found (looked at: {looked})", _MAKE_ONE)
    return documents


def _paths(environ: Mapping[str, str]) -> list[Path]:
    listed, home = environ.get("KUBECONFIG", ""), environ.get("HOME", "")
    standard = [str(Path(home, ".kube/config"))] if home else []
    return [Path(each) for each in dict.fromkeys(listed.split(os.pathsep) if listed else standard) if each]


def _read_all(paths: list[Path]) -> list[tuple[Path, Mapping[str, object]]]:
    return [(path, document) for path in paths if (document := _read(path)) is not None]


def _read(file: Path) -> Mapping[str, object] | None:
    """The document in a file, None where there is no file."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return None
    except PermissionError:
        copy = f'sudo install -m 600 -o "$(id -un)" {shlex.quote(str(file))} ~/.kube/own'
        raise DevkitError(f"{file}: not readable for you", f"{copy} && export KUBECONFIG=~/.kube/own") from None
    except (OSError, ValueError) as error:
        raise DevkitError(f"{file}: cannot be read: {error}", "name a file in KUBECONFIG, not this") from None
    try:
        document = _parse(raw)
    except Exception as error:  # noqa: BLE001 - ruamel raises what it likes at bad text; its messages quote the text
        mark = getattr(error, "problem_mark", None)
        raise _misshapen(file, f"line {mark.line + 1}" if mark else "the whole file", "YAML") from None
    return {} if document is None else _shaped(document, "the whole file", file)


def _parse(raw: bytes) -> object:
    if raw.lstrip().startswith(b"{"):
        with contextlib.suppress(ValueError):  # YAML has braces too
            return json.loads(raw)
    from ruamel.yaml import YAML

    with warnings.catch_warnings(action="ignore"):  # they quote the text: a token would stand on the terminal
        document: object = YAML(typ="safe", pure=True).load(raw)
    return document


def _entries(documents: list[tuple[Path, Mapping[str, object]]], kind: str) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    for file, document in documents:
        listed = document.get(f"{kind}s") or []
        if not isinstance(listed, list):
            raise _misshapen(file, f"{kind}s", "a list")
        here: set[str] = set()
        for item in listed:
            entry = _shaped(item, f"an entry of {kind}s", file)
            name = text_of(entry, "name")
            if not name or name in here:
                raise _misshapen(file, f"the name {name!r} in {kind}s", "a text that no other entry has")
            here.add(name)
            found.setdefault(name, _Entry(_shaped(entry.get(kind) or {}, f"{kind} {name!r}", file), file))
    return found


def _context(name: str, contexts: Mapping[str, _Entry], files: str) -> _Entry:
    if not name:
        cure = f"kubectl config use-context {shlex.quote(next(iter(contexts)))}" if contexts else _MAKE_ONE
        raise DevkitError(f"no current-context in {files}", cure)
    if name not in contexts:
        near = difflib.get_close_matches(name, contexts, n=3) or contexts
        cure = f"name one of these: {', '.join(near)}" if contexts else _MAKE_ONE
        raise DevkitError(f"there is no context {name!r} in {files}", cure)
    return contexts[name]


def _named(entries: Mapping[str, _Entry], kind: str, name: str, context: str, file: Path) -> _Entry:
    if name in entries:
        return entries[name]
    what = f"{kind} {name!r}, which is in no kubeconfig" if name else f"no {kind}"
    raise DevkitError(
        f"{file}: context {context!r} names {what}",
        f"fetch it anew (kind export kubeconfig --name NAME), or kubectl config delete-context {shlex.quote(context)}",
    )


def _server(entry: _Entry, cluster: str) -> str:
    where = f"of cluster {cluster!r}"
    server = text_of(_texts(entry, where, ("server", "proxy-url", "tls-server-name")), "server")
    if not isinstance(entry.inner.get("insecure-skip-tls-verify"), bool | None):
        raise _misshapen(entry.file, f"insecure-skip-tls-verify {where}", "true or false")
    with contextlib.suppress(ValueError):  # no IPv6 address, or a port that is none
        if _SERVER.fullmatch(server) and urlsplit(server).hostname and urlsplit(server).port != 0:
            return server
    raise _misshapen(entry.file, f"server {where}", "an address such as https://127.0.0.1:6443")


def _user(entry: _Entry, user: str) -> Mapping[str, object]:
    inner = _absolute(entry, f"of user {user!r}", _USER_FILES)
    for key, said in (("exec", "command"), ("auth-provider", "name")):
        if inner.get(key) is None:
            continue
        where = f"of {key} of user {user!r}"
        plugin = _Entry(_shaped(inner[key], where, entry.file), entry.file)
        name = text_of(_texts(plugin, where, (said,)), said)
        if not name:
            raise _misshapen(entry.file, f"{said} {where}", "a text")
        # As kubectl has it: a bare command is looked for on PATH, one with a slash beside the kubeconfig.
        inner[key] = _absolute(plugin, where, (said,)) if key == "exec" and "/" in name else plugin.inner
    return inner


def _absolute(entry: _Entry, where: str, keys: tuple[str, ...]) -> dict[str, object]:
    texts, folder = _texts(entry, where, keys), entry.file.absolute().parent
    return {**entry.inner, **{key: str(folder / name) for key in keys if (name := text_of(texts, key))}}


def _texts(entry: _Entry, where: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    for key in keys:
        if not isinstance(entry.inner.get(key), str | None):
            raise _misshapen(entry.file, f"{key} {where}", "a text")
    return entry.inner


def _shaped(value: object, what: str, file: Path) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise _misshapen(file, what, "a mapping of names to values")
    return value


def _misshapen(file: Path, what: str, wanted: str) -> DevkitError:
    # Never shows the value: a token may stand where something else belongs.
    away = f"mv {shlex.quote(str(file))} {shlex.quote(f'{file}.away')}"
    return DevkitError(f"{file}: {what} is not {wanted}", f"write {wanted} there, or move the file away: {away}")
