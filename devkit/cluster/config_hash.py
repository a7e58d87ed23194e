"""A hash of the configuration that a pod uses, among its annotations: Kubernetes restarts no pod for a new ConfigMap.

A changed template rolls a StatefulSet or a Deployment (spec.template), so what the template refers to is put into it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from devkit.cluster.readiness.raw import part, parts, text
from devkit.files import digest
from devkit.images.manifest import POD_SPECS

ANNOTATION = "devkit/config"
_DIGITS = 16
_HOLD = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}

Body = Mapping[str, Any]


def with_config_hash(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """`bodies`, with the annotation on every pod template that uses a ConfigMap or Secret which is among them."""
    held = {
        (str(each["kind"]), str(each["metadata"]["name"])): _content(each)
        for each in bodies
        if each["kind"] in _HOLD and each["apiVersion"] == "v1"
    }
    return tuple(_annotated(each, held) for each in bodies)


def _content(body: Body) -> bytes:
    return json.dumps([body.get(key) for key in _HOLD[body["kind"]]], sort_keys=True).encode()


def _annotated(body: Body, held: Mapping[tuple[str, str], bytes]) -> Body:
    path = POD_SPECS.get(str(body["kind"]), ())[:-1]
    if not path:  # none, or a Pod, which nothing rolls
        return body
    used = sorted({each for each in _references(part(body, *path, "spec")) if each in held})
    if not used:
        return body
    hashed = digest(each for kind, name in used for each in (kind.encode(), name.encode(), held[kind, name]))
    where = (*path, "metadata", "annotations")
    return _with(body, where, {**part(body, *where), ANNOTATION: hashed[:_DIGITS]})


def _with(body: Body, path: tuple[str, ...], value: Body) -> Body:
    """`body` with `value` at `path`; a copy along it."""
    first, *rest = path
    return {**body, first: _with(part(body, first), tuple(rest), value) if rest else value}


def _references(spec: Body) -> Iterator[tuple[str, str]]:
    """What a pod spec refers to, as (kind, name); core/v1 Volume, EnvFromSource, EnvVarSource."""
    for volume in parts(spec, "volumes"):
        yield "ConfigMap", text(volume, "configMap", "name")
        yield "Secret", text(volume, "secret", "secretName")
        for source in parts(volume, "projected", "sources"):
            yield "ConfigMap", text(source, "configMap", "name")
            yield "Secret", text(source, "secret", "name")
    for container in (*parts(spec, "initContainers"), *parts(spec, "containers")):
        for source in parts(container, "envFrom"):
            yield "ConfigMap", text(source, "configMapRef", "name")
            yield "Secret", text(source, "secretRef", "name")
        for variable in parts(container, "env"):
            yield "ConfigMap", text(variable, "valueFrom", "configMapKeyRef", "name")
            yield "Secret", text(variable, "valueFrom", "secretKeyRef", "name")
