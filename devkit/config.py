"""Settings: `[tool.devkit]` of pyproject.toml, then DEVKIT_… variables, then options. One frozen value."""

from __future__ import annotations

import difflib
import math
import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from devkit.errors import DevkitError

ENGINES = ("embedded", "dsn")

_SYSTEM_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
_PLATFORM = r"^[a-z0-9]+/[a-z0-9]+(/v[0-9]+)?$"

# What `extra_json_schema` says is for editors (docs/reference/config.schema.json): below it is refused in our words.
Count = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 0})]
Seconds = Annotated[float, msgspec.Meta(extra_json_schema={"exclusiveMinimum": 0})]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Platform = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": _PLATFORM})]
Word = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": r"\S"})]
Namespace = Annotated[
    str, msgspec.Meta(extra_json_schema={"pattern": r"^(\{user\}|[a-z0-9-])+$", "not": {"enum": _SYSTEM_NAMESPACES}})
]


class IgnoreEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.ignore]]`: a rule that does not hold in a file (of one object there), and why."""

    rule: str
    """The id of the rule, as reports give it. An unknown one is a finding, `ignore-malformed`."""
    file: str
    """The file that the finding names, from the project's root, as reports write it."""
    reason: str
    """Why the finding is right where it is. An empty one is a finding, `ignore-malformed`."""
    object: str | None = None
    """Only this one, as reports name it (`object` in their JSON). Without it, every finding of the rule in the file."""


class ClusterEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.cluster]]`: a cluster that is not local, named so that no other can be meant.

    Only the namespace of `namespace` in it may be filled and deleted. An empty `context`, `server` or `uid`, or one
    context twice, is an error that gives the command which shows the right value.
    """

    context: Word
    """Its name in the kubeconfig, written out: no pattern."""
    server: Word
    """The address of its API server, exactly as in the kubeconfig."""
    uid: Word
    """The UID of its namespace `kube-system`. Another one, and it is another cluster: nothing is done there."""
    exec: str = ""
    """The one credential plugin that may be run for it, as the kubeconfig names its command."""


class ServiceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[tool.devkit.service]]`: a service that has to answer; one that does not is a finding, `service-silent`.

    `./inv verify --engine cluster` and `./inv reset` ask each of them through devkit's own port-forward.
    """

    name: str
    """The name of its Kubernetes Service in the namespace."""
    port: Port
    """The port of that Service."""
    asks: Literal["http", "redis"]
    """`http`: GET `path` has to give a status below 400. `redis`: PING has to give PONG."""
    path: str = "/"
    """What is asked for over HTTP."""
    secret: str = ""
    """NAME/KEY: the Secret with the password of Redis, and its key."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is particular to a team's repository. Paths are as written, relative to the project's root."""

    migrations: str = "infra/migrations"
    """The folder with `V<n>__<name>.sql`. `--migrations` goes before it. No such folder, or an empty one: exit 2."""
    seed: str = "infra/seed"
    """The folder with example data, `*.sql`, each in one transaction. Without the folder there is none."""
    manifests: str = "infra/k8s"
    """The folder with Kubernetes manifests. `--manifests` goes before it. No such folder: exit 2."""
    database: str = "app"
    """The application's database. A replay has one of this name, so that `GRANT … ON DATABASE` resolves."""
    owner: str = "app"
    """The role that runs migrations: no superuser. A name that PostgreSQL keeps for itself, `pg_…`, is exit 2."""
    tenant_column: str = "tenant_id"
    """The column that says whose a row is: tables with it are to be distributed by it, and their keys to carry it."""
    statement_timeout_seconds: Seconds = 60
    """How long one statement may run in a replay. One that takes longer is a finding, `statement-timeout`."""
    lock_wait_seconds: Seconds = 600
    """How long `./inv migrate` waits for another run on the same database; then exit 2, which says who it is."""
    namespace: Namespace = "dev-infra"
    """The one namespace that devkit may fill, empty and delete. `{user}` in it is the name of whoever runs devkit.

    It has to be a DNS label (a-z, 0-9 and -, at most 63 characters), and none of the cluster's own: `default`,
    `kube-system`, `kube-public`, `kube-node-lease`.
    """
    contexts: tuple[str, ...] = ()
    """Contexts of the kubeconfig that may be local clusters, by name or pattern (`kind-*`). Empty: none may be used."""
    citus: bool = True
    """`false`: the team's own server is plain PostgreSQL. Nothing waits for Citus, and rules about it say nothing."""
    citus_workers: Count = 0
    """How many worker nodes are brought up and registered beside the coordinator."""
    citus_worker_set: str = "citus-worker"
    """The StatefulSet of the workers, and the Service of the same name. With `citus-workers`, none of it is exit 2."""
    database_service: str = "citus-coordinator"
    """The Service behind whose port 5432 the database is."""
    database_secret: str = "citus/password"  # noqa: S105 - where it is, not what it is
    """NAME/KEY: the Secret with the password of `owner`, and its key. No such Secret in the namespace: exit 2."""
    tilt_port: Port = 10350
    """The port of Tilt's page. `TILT_PORT` goes before it."""
    ready_timeout_seconds: Seconds = 300
    """How long `./inv up` waits until every service can be used. Its `--timeout` goes before it."""
    optional: dict[str, tuple[str, ...]] = {}
    """Groups of manifests, by the names of their files without .yaml, that a developer may leave out.

    `{"observability": false}` in `tilt_config.json` switches the group `observability` off; a group that is not here is
    an error there.
    """
    platforms: tuple[Platform, ...] = ("linux/amd64", "linux/arm64")
    """What every image has to be published for: os/architecture, or os/architecture/vN."""
    emulated: dict[str, tuple[str, ...]] = {}
    """By image, those of `platforms` that it is not published for, and that run it emulated. No others: exit 2."""
    image_paths: dict[str, tuple[str, ...]] = {}
    """By kind, where kinds that are not Kubernetes' own have images: `Cluster = ["spec.pools.*.image"]`.

    `*` is every key or item, `\\.` a dot in a key, `>` leads into a text. What is no path is exit 2, and names it.
    """
    service: tuple[ServiceEntry, ...] = ()
    """Services that have to answer: see `[[tool.devkit.service]]`."""
    ignore: tuple[IgnoreEntry, ...] = ()
    """Findings that are right where they are: see `[[tool.devkit.ignore]]`."""
    cluster: tuple[ClusterEntry, ...] = ()
    """Clusters that are not local and may be used: see `[[tool.devkit.cluster]]`."""


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
        tables = tomllib.loads(source.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DevkitError(f"{file}: cannot be read: {error}", "mend that line and run again") from error
    return Project(root, _convert(_table(tables, file), file), source)


def _table(tables: Mapping[str, object], file: Path) -> Mapping[str, object]:
    tool = tables.get("tool", {})
    found = tool.get("devkit", {}) if isinstance(tool, dict) else tool
    if not isinstance(found, dict):
        raise DevkitError(f"{file}: tool.devkit is no table", "write [tool.devkit] above its keys, in single brackets")
    return found


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
        if not 0 < value < math.inf:  # TOML has inf and nan, too
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


_USER = "{user}"
_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# What shows a value of [[tool.devkit.cluster]], with the context in the braces.
_SHOWN_BY = {
    "context": "kubectl config get-contexts",
    "server": "kubectl --context {} config view --minify -o jsonpath='{{.clusters[0].cluster.server}}'",
    "uid": "kubectl --context {} get namespace kube-system -o jsonpath='{{.metadata.uid}}'",
}


def _check_platforms(settings: Settings, file: Path) -> None:
    for platform in settings.platforms:
        if not re.fullmatch(_PLATFORM, platform):
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
