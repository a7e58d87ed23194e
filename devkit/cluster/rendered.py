"""The manifests as they are applied: in the project's namespace, with its workers, without what is switched off.

Tilt applies exactly these objects, and every verb waits for exactly these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from devkit.cluster.config_hash import with_config_hash
from devkit.cluster.documents import Document, read_documents
from devkit.cluster.one_namespace import in_one_namespace
from devkit.cluster.readiness.raw import part
from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.images.folder import Manifest

# JSON may hold them as they are; for YAML they are line ends, or no characters at all.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def rendered(manifests: Iterable[Manifest], settings: Settings, off: frozenset[str]) -> tuple[Document, ...]:
    """The objects of `manifests`, the Namespace first; without the groups of `settings.optional` that are in `off`.

    DevkitError, with file and line, for what is no object, is there twice, or names another namespace.
    """
    skipped = {name for group in off for name in settings.optional.get(group, ())}
    kept = (each for each in manifests if PurePosixPath(each.shown).stem not in skipped)
    documents = _with_workers([tuple(read_documents(each)) for each in kept], settings)
    objects = tuple(in_one_namespace(documents, settings.namespace))
    _refuse_twins(objects)
    bodies = with_config_hash([each.body for each in objects])
    return tuple(Document(dict(body), each.place) for body, each in zip(bodies, objects, strict=True))


def to_yaml(objects: Iterable[Document]) -> str:
    """The objects for Tilt's k8s_yaml: JSON is YAML, apart from some characters.

    The first line keeps Kubernetes' decoder from taking the whole for a stream of JSON (NewYAMLOrJSONDecoder).
    """
    return "".join(f"---\n{_json(each.body)}\n" for each in objects)


def _json(body: Mapping[str, Any]) -> str:
    # as it is beyond ASCII: JSON's two escapes for one character are an error in YAML
    text = json.dumps(body, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _with_workers(files: list[tuple[Document, ...]], settings: Settings) -> list[Document]:
    """All documents, with as many workers as are wanted; with none of them, the file that has them is left out."""
    count, name = settings.citus_workers, settings.citus_worker_set
    kept: list[Document] = []
    is_there = False
    for documents in files:
        sets = [each for each in documents if each.kind == "StatefulSet" and each.name == name]
        is_there = is_there or bool(sets)
        for each in sets:
            each.body["spec"] = {**part(each.body, "spec"), "replicas": count}
        if count or not sets:
            kept += documents
    if count and not is_there:
        raise DevkitError(
            f"[tool.devkit] citus-workers is {count}, and no manifest has the StatefulSet {name}",
            f"write it, as {settings.manifests}/{name}.yaml, or name the one that there is: citus-worker-set; "
            "or have none: citus-workers = 0",
        )
    return kept


def _refuse_twins(objects: Iterable[Document]) -> None:
    seen: dict[tuple[str, str, str, str], Document] = {}
    for each in objects:
        other = seen.setdefault((each.group, each.kind, each.namespace, each.name), each)
        if other is not each:
            raise DevkitError(
                f"{_at(each)} has {each.kind} {each.name}, as {_at(other)} has: the one applied last would win",
                "delete one of them, or give it another name",
            )


def _at(what: Document) -> str:
    return f"{what.place.file}:{what.place.line}"
