"""Settings: `[tool.devkit]` of pyproject.toml, then DEVKIT_… variables, then options. One frozen value."""

from __future__ import annotations

import difflib
import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from devkit.errors import DevkitError

ENGINES = ("embedded", "dsn")


class IgnoreEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.ignore]]`: a rule that does not hold in a file (of one object there), and why."""

    rule: str
    file: str
    reason: str
    object: str | None = None


class ClusterEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.cluster]]`: a cluster that is not local, named so that no other can be meant.

    `uid` is the UID of its namespace kube-system, `exec` the one credential plugin that may be run for it.
    """

    context: str
    server: str
    uid: str
    exec: str = ""


class ServiceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.service]]`: a service that has to answer, by the name and the port of its Kubernetes Service.

    It answers to PING where `asks` is redis (`secret`, as NAME/KEY, has its password), and to GET `path` with a
    status below 400 where it is http.
    """

    name: str
    port: int
    asks: Literal["http", "redis"]
    path: str = "/"
    secret: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is particular to a team's repository. Paths are as written, relative to the project's root.

    `namespace` has {user} replaced already. `optional` names groups of manifests (by the names of their files, without
    .yaml) that a developer may switch off in tilt_config.json. Every image has to be there for all `platforms`, but for
    those that `emulated` names (by image); `image_paths` says, by kind, where kinds of others have images.
    Without `citus`, the team's own server is plain PostgreSQL.
    """

    migrations: str = "infra/migrations"
    seed: str = "infra/seed"
    manifests: str = "infra/k8s"
    database: str = "app"
    owner: str = "app"
    tenant_column: str = "tenant_id"
    statement_timeout_seconds: float = 60
    lock_wait_seconds: float = 600
    namespace: str = "dev-infra"
    contexts: tuple[str, ...] = ()
    citus: bool = True
    citus_workers: int = 0
    citus_worker_set: str = "citus-worker"
    database_service: str = "citus-coordinator"
    database_secret: str = "citus/password"  # noqa: S105 - where it is, not what it is
    tilt_port: int = 10350
    ready_timeout_seconds: float = 300
    optional: dict[str, tuple[str, ...]] = {}
    platforms: tuple[str, ...] = ("linux/amd64", "linux/arm64")
    emulated: dict[str, tuple[str, ...]] = {}
    image_paths: dict[str, tuple[str, ...]] = {}
    service: tuple[ServiceEntry, ...] = ()
    ignore: tuple[IgnoreEntry, ...] = ()
    cluster: tuple[ClusterEntry, ...] = ()


class Project(msgspec.Struct, frozen=True):
    """A root folder with its settings and the bytes they came from (part of every verdict key)."""

    root: Path
    settings: Settings
    source: bytes


def find_root(launcher_root: Path, start: Path) -> Path:
    """The nearest folder above `start` with `[tool.devkit]` and no devkit of its own; else the launcher's repository.

    So the launcher of one clone serves any other repository that it is called in, and never another clone.
    """
    above = [folder for folder in (start, *start.parents) if _has_table(folder)]
    served = [folder for folder in above if not (folder / "devkit/__main__.py").is_file()]
    own = [launcher_root] if _has_table(launcher_root) else []
    found = next(iter((*served, *own, *above)), None)
    if found is not None:
        return found
    raise DevkitError(
        f"no pyproject.toml with a [tool.devkit] table in {start} or above",
        'run from inside the repository, or add "[tool.devkit]" to its pyproject.toml',
    )


def _has_table(folder: Path) -> bool:
    file = folder / "pyproject.toml"
    return file.is_file() and b"[tool.devkit" in file.read_bytes()


def load_project(root: Path) -> Project:
    """Read `root`/pyproject.toml; DevkitError names the file, the key and the nearest known key."""
    file = root / "pyproject.toml"
    try:
        source = file.read_bytes()
        table = tomllib.loads(source.decode("utf-8")).get("tool", {}).get("devkit", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DevkitError(f"{file}: cannot be read: {error}", "mend that line and run again") from error
    return Project(root, _convert(table, file), source)


def _convert(table: Mapping[str, object], file: Path) -> Settings:
    _refuse_unknown(table, Settings, f"{file}: [tool.devkit]")
    for key, struct in (("ignore", IgnoreEntry), ("cluster", ClusterEntry), ("service", ServiceEntry)):
        entries = table.get(key, [])
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                _refuse_unknown(entry, struct, f"{file}: [[tool.devkit.{key}]]")
    try:
        settings = msgspec.convert(dict(table), Settings)
    except msgspec.ValidationError as error:
        raise DevkitError(f"{file}: [tool.devkit]: {error}", "mend that value and run again") from error
    for key, value in (
        ("statement-timeout-seconds", settings.statement_timeout_seconds),
        ("lock-wait-seconds", settings.lock_wait_seconds),
        ("ready-timeout-seconds", settings.ready_timeout_seconds),
    ):
        if value <= 0:
            raise DevkitError(
                f"{file}: [tool.devkit] {key} is {value}", "write a number of seconds above 0, for example 60"
            )
    if settings.citus_workers < 0:
        raise DevkitError(
            f"{file}: [tool.devkit] citus-workers is {settings.citus_workers}",
            "write 0 for the coordinator alone, or 2",
        )
    _check_platforms(settings, file)
    if _USER in settings.namespace:
        named = settings.namespace.replace(_USER, _user(file))
        settings = msgspec.structs.replace(settings, namespace=named)
    _check_namespace(settings.namespace, file)
    _check_clusters(settings.cluster, file)
    return settings


_SYSTEM_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
_USER = "{user}"
_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# What shows a value of [[tool.devkit.cluster]], with the context in the braces.
_SHOWN_BY = {
    "context": "kubectl config get-contexts",
    "server": "kubectl --context {} config view --minify -o jsonpath='{{.clusters[0].cluster.server}}'",
    "uid": "kubectl --context {} get namespace kube-system -o jsonpath='{{.metadata.uid}}'",
}


_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9]+(/v[0-9]+)?")


def _check_platforms(settings: Settings, file: Path) -> None:
    for platform in settings.platforms:
        if not _PLATFORM.fullmatch(platform):
            cure = 'write os/architecture, for example "linux/arm64"'
            raise DevkitError(f"{file}: [tool.devkit] platforms has {platform!r}, which is no platform", cure)
    for image, platforms in settings.emulated.items():
        for platform in platforms:
            if platform not in settings.platforms:
                where = f"{file}: [tool.devkit.emulated] {image!r} has {platform!r}"
                known = ", ".join(settings.platforms)
                raise DevkitError(f"{where}, which is none of [tool.devkit] platforms", f"write one of: {known}")


def _check_namespace(namespace: str, file: Path) -> None:
    """Only a namespace of its own may be given: everything in it can be deleted."""
    where, cure = f"{file}: [tool.devkit] namespace {namespace!r}", 'write one of your own, for example "dev-infra"'
    if namespace in _SYSTEM_NAMESPACES:
        raise DevkitError(f"{where} is the cluster's own, and devkit deletes what is in its namespace", cure)
    if not _DNS_LABEL.fullmatch(namespace):
        raise DevkitError(f"{where} is no name for a namespace (a-z, 0-9 and -, at most 63 characters)", cure)


def _user(file: Path) -> str:
    """The name of whoever runs this, as part of a namespace's name: a-z, 0-9 and -."""
    import getpass

    try:
        name = getpass.getuser()
    except (OSError, KeyError) as error:
        raise DevkitError(
            f"{file}: [tool.devkit] namespace has {_USER}, and the system knows no name for this user",
            "say it: export LOGNAME=NAME",
        ) from error
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "nobody"


def _check_clusters(clusters: tuple[ClusterEntry, ...], file: Path) -> None:
    seen: dict[str, ClusterEntry] = {}
    for each in clusters:
        where = f"{file}: [[tool.devkit.cluster]] with the context {each.context!r}"
        for key in ("context", "server", "uid"):
            if not getattr(each, key).strip():
                command = _SHOWN_BY[key].format(shlex.quote(each.context))
                raise DevkitError(f"{where} has an empty {key}", f"write the one that this shows: {command}")
        if (other := seen.setdefault(each.context, each)) is not each:
            servers = f"server {other.server!r}, uid {other.uid!r}, and server {each.server!r}, uid {each.uid!r}"
            raise DevkitError(f"{where} is there twice ({servers})", "delete the one that is not meant")


def _refuse_unknown(table: Mapping[str, object], struct: type[msgspec.Struct], where: str) -> None:
    known = [field.encode_name for field in msgspec.structs.fields(struct)]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            guess = f'did you mean "{near[0]}"?' if near else f"known keys: {', '.join(known)}"
            raise DevkitError(f'{where} has an unknown key "{key}"', guess)
