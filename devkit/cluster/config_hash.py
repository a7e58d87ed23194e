"""A hash of the configuration that a pod uses, among its annotations: Kubernetes restarts no pod for a new ConfigMap.

A changed template rolls a StatefulSet or a Deployment (spec.template), so what the template refers to is put into it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from devkit.files import digest
from devkit.images.manifest import POD_SPECS

ANNOTATION = "devkit/config"
_DIGITS = 16
_HOLD = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}

Body = Mapping[str, Any]


def with_config_hash(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """`bodies`, with the annotation on every pod template that uses a ConfigMap or Secret which is among them."""
    held = {
        (str(each["kind"]), str(each["metadata"]["name"])): _content(each) for each in bodies if each["kind"] in _HOLD
    }
    return tuple(_annotated(each, held) for each in bodies)


def _content(body: Body) -> bytes:
    return json.dumps([body.get(key) for key in _HOLD[body["kind"]]], sort_keys=True).encode()


def _annotated(body: Body, held: Mapping[tuple[str, str], bytes]) -> Body:
    path = POD_SPECS.get(str(body["kind"]), ())[:-1]
    if not path:  # none, or a Pod, which nothing rolls
        return body
    changed = copy.deepcopy(dict(body))
    template = changed
    for key in path:
        template = template.get(key) or {}
    used = sorted({each for each in _references(template.get("spec") or {}) if each in held})
    if used:
        parts = (part for kind, name in used for part in (kind.encode(), name.encode(), held[kind, name]))
        metadata = template.setdefault("metadata", {})
        metadata["annotations"] = {**(metadata.get("annotations") or {}), ANNOTATION: digest(parts)[:_DIGITS]}
    return changed


def _references(spec: Body) -> Iterator[tuple[str, str]]:
    """What a pod spec refers to, as (kind, name); core/v1 Volume, EnvFromSource, EnvVarSource."""
    for volume in spec.get("volumes") or ():
        yield from _named(volume, "configMap", "secret")
        for source in (volume.get("projected") or {}).get("sources") or ():
            yield from _named(source, "configMap", "secret")
    for container in _containers(spec):
        for source in container.get("envFrom") or ():
            yield from _named(source, "configMapRef", "secretRef")
        for variable in container.get("env") or ():
            yield from _named(variable.get("valueFrom") or {}, "configMapKeyRef", "secretKeyRef")


def _containers(spec: Body) -> Iterable[Body]:
    return [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]


def _named(source: Body, config_map: str, secret: str) -> Iterator[tuple[str, str]]:
    for kind, key in (("ConfigMap", config_map), ("Secret", secret)):
        found = source.get(key) or {}
        name = found.get("name") or found.get("secretName")
        if name:
            yield kind, str(name)
