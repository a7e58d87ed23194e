"""The stack's identity, put together from what was read and from what the engine said."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version

import msgspec

from devkit import __version__
from devkit.files import digest
from devkit.images.lock import LockedImage
from devkit.images.name import Name
from devkit.images.pins import Pins
from devkit.images.running import MATCHES, Likeness, Running
from devkit.migrations.fileset import FileSet
from devkit.postgres.standin import extension_files
from devkit.schema.snapshot import Snapshot
from devkit.schema.text import fingerprint
from devkit.verify.identity import Child, Cluster, Identity, Image, Schema
from devkit.verify.inputs import Inputs, devkit_files
from devkit.verify.node_images import node_images
from devkit.verify.verdict import Engine, Verdict

_SHORT = 16  # hexadecimal digits, where a digest only has to tell that something is not the same
_UNDECIDED = frozenset({*MATCHES, Likeness.UNKNOWN})
_STANDIN = "postgres/standin/"
_READERS = ("pglast", "PyYAML")  # what reads the migrations and the manifests


def identify(
    inputs: Inputs,
    fileset: FileSet,
    pins: Pins,
    *,
    engine: Engine,
    schema: Snapshot | None,
    settings: Mapping[str, str],
) -> Identity:
    """The identity of what was judged; `settings` are the engine's (sql_settings)."""
    judged = {each.name for each in fileset.migrations}
    return Identity(
        engine=engine.name,
        postgres=engine.postgres,
        citus=engine.citus or "",
        images=_images(pins),
        schema=None if schema is None else _schema(schema),
        settings=dict(settings),
        node_images=node_images(inputs.kind),
        versions=_versions(has_standin=engine.name == "embedded"),
        migrations={
            each.name: hashlib.sha256(each.data or b"").hexdigest() for each in inputs.entries if each.name in judged
        },
        cluster=None,
    )


def of_cluster(verdict: Verdict, kubernetes: str, kubelets: Iterable[str], running: Iterable[Running]) -> Identity:
    """The identity in `verdict`, with what a look at a cluster adds to it: versions, and what it `running`."""
    unlike = Counter(str(each.verdict) for each in running if each.verdict not in _UNDECIDED and not each.is_leaving)
    cluster = Cluster(kubernetes, tuple(sorted(set(kubelets))), dict(unlike))
    return msgspec.structs.replace(verdict.identity, engine=verdict.engine.name, cluster=cluster)


def _images(pins: Pins) -> dict[str, Image]:
    named: dict[str, dict[Name, LockedImage | None]] = defaultdict(dict)
    for use, name in pins.named():
        tag = f":{name.tag}" if name.tag else ""
        uses = named[f"{name.image}{tag}"]
        uses[name] = uses.get(name) or pins.held(use, name)
    return {
        shown if len(uses) == 1 else str(name): _image(name, held, pins)
        for shown, uses in named.items()
        for name, held in uses.items()
    }


def _image(name: Name, held: LockedImage | None, pins: Pins) -> Image:
    is_held = held is not None and name.digest is not None
    children = held.resolved.children if held is not None and is_held else ()
    platforms = {each.platform: Child(each.manifest, each.config) for each in children}
    return Image(name.digest or "", platforms, tuple(sorted(pins.emulated_on(name))))


def _schema(schema: Snapshot) -> Schema:
    made: dict[str, list[bytes]] = defaultdict(list)
    for each in schema:
        made[each.name].append(each.made.encode())
    return Schema(fingerprint(schema), {name: digest(texts)[:_SHORT] for name, texts in made.items()})


@functools.cache
def _versions(*, has_standin: bool) -> dict[str, str]:
    """devkit's version does not change with each of its commits, so its files are digested beside it."""
    files = (part for name, data in devkit_files() if not name.startswith(_STANDIN) for part in (name.encode(), data))
    found = {"devkit": __version__, "devkit's files": digest(files)[:_SHORT]}
    found |= {each: version(each) for each in _READERS}
    if has_standin:
        parts = (part for name, data in sorted(extension_files().items()) for part in (name.encode(), data))
        found["stand-in of citus"] = digest(parts)[:_SHORT]
    return found
