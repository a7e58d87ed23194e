"""Which version of an object is in the cluster: until Tilt has seen an edit, the one before it is there, and ready.

Kubernetes counts versions (metadata.generation), but cannot tell to which text of a manifest each belongs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from devkit.cluster.annotation import annotated
from devkit.cluster.documents import Document
from devkit.cluster.readiness.raw import Raw, name_of, text
from devkit.cluster.readiness.values import Readiness, Seen, State
from devkit.files import digest

ANNOTATION = "devkit/version"
EARLIER = "EarlierVersion"  # the reason of an object that is there as it was before the newest edit
_DIGITS = 16

Versions = Mapping[tuple[str, str], str]  # by kind and name


def versions_of(objects: Iterable[Document]) -> Versions:
    """The version that each of `objects` has when it is applied as it stands there."""
    return {(each.kind, each.name): _version(each) for each in objects}


def with_versions(objects: Iterable[Document]) -> tuple[Document, ...]:
    """`objects`, each with its version among its annotations."""
    return tuple(annotated(each, ANNOTATION, _version(each)) for each in objects)


def of_present_version(verdicts: Iterable[Readiness], seen: Seen, versions: Versions) -> tuple[Readiness, ...]:
    """`verdicts`, but one about an earlier version says only that. What others applied has none, and is judged."""
    there = {(str(raw.get("kind")), name_of(raw)): _applied(raw) for raw in seen.objects}
    earlier = {key for key, version in there.items() if version and version != versions.get(key, version)}
    return tuple(_waits(each) if (each.kind, each.name) in earlier else each for each in verdicts)


def _applied(raw: Raw) -> str:
    return text(raw, "metadata", "annotations", ANNOTATION)


def _waits(verdict: Readiness) -> Readiness:
    said = "as it was before the last edit: Tilt has not applied the present version yet"
    return Readiness(verdict.kind, verdict.name, State.WAITING, EARLIER, said)


def _version(what: Document) -> str:
    return digest([json.dumps(what.body, sort_keys=True).encode()])[:_DIGITS]
