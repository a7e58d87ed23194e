"""Reports for the tests of compare: two that differ once in every kind, drawn ones, and all single changes of one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import strategies as st

from devkit.compare.compare import compare
from devkit.compare.report import Found, Machine, Report
from devkit.finding import Severity
from devkit.report.compare import compare_text
from devkit.verify.identity import Child, Cluster, Identity, Image, Schema

Path = tuple[str | int, ...]

REDIS = "docker.io/library/redis:8.2.2"
LOKI = "docker.io/grafana/loki:3.5.7"
CITUS = "docker.io/citusdata/citus:13.0.3"
_BOTH = "linux/amd64", "linux/arm64"


def digest(sign: str) -> str:
    """A digest that is easily told from others."""
    return f"sha256:{(sign * 64)[:64]}"


def image(sign: str, *platforms: str, emulated: tuple[str, ...] = ()) -> Image:
    """An image whose digests begin with `sign`."""
    children = {each: Child(digest(sign + each[-1]), digest(each[-1] + sign)) for each in platforms}
    return Image(digest(sign), children, emulated)


THERE_STACK = Identity(
    engine="cluster",
    postgres="17.6",
    citus="13.0",
    images={REDIS: image("a", *_BOTH), LOKI: image("b", *_BOTH), CITUS: image("c", "linux/amd64", emulated=_BOTH[1:])},
    schema=Schema("1" * 64, {"table public.bets": "3f" * 8, "column public.bets.amount": "91" * 8}),
    settings={"TimeZone": "UTC", "collation": "C", "citus.shard_count": "32"},
    node_images=(f"kindest/node:v1.34.0@{digest('d')}",),
    versions={"devkit": "0.1.0", "devkit's files": "5c" * 8, "pglast": "7.10"},
    migrations={"V1__extensions.sql": "e" * 64, "V2__bets.sql": "f" * 64},
    cluster=Cluster("v1.34.0", ("v1.34.0",), {"different": 1}),
)
MACHINE = Machine("Darwin", "arm64", "3.12.4", ("linux/arm64",), {"match": 7, "match-by-child": 1})
FOUND = (
    Found("floating-image", Severity.WARNING, "infra/k8s/citus.yaml", 46, "the tag of citus:13.0 moves"),
    Found("service-silent", Severity.ERROR, "infra/k8s/loki.yaml", 9, "service loki does not answer"),
)


def report(stack: Identity = THERE_STACK, machine: Machine = MACHINE, findings: tuple[Found, ...] = FOUND) -> Report:
    """A report of `stack`, with the identity that it has."""
    return Report(1, stack.digest, stack, machine, findings)


def here_stack() -> Identity:
    """The stack of THERE_STACK, otherwise once in each kind."""
    images = dict(THERE_STACK.images)
    images[REDIS] = image("e", *_BOTH)
    arm = Child(digest("7"), digest("8"))
    images[LOKI] = msgspec.structs.replace(images[LOKI], platforms={**images[LOKI].platforms, "linux/arm64": arm})
    images[CITUS] = msgspec.structs.replace(images[CITUS], emulated=())
    images["docker.io/grafana/grafana:12.2.0"] = image("9", *_BOTH)
    objects = {"table public.bets": "3f" * 8, "column public.bets.amount": "92" * 8, "index public.bets_day": "5a" * 8}
    return msgspec.structs.replace(
        THERE_STACK,
        postgres="17.7",
        images=images,
        schema=Schema("2" * 64, objects),
        settings={**THERE_STACK.settings, "TimeZone": "Europe/Berlin"},
        node_images=(f"kindest/node:v1.34.0@{digest('0')}",),
        versions={**THERE_STACK.versions, "pglast": "7.11"},
        migrations={**THERE_STACK.migrations, "V2__bets.sql": "0" * 64},
        cluster=Cluster("v1.34.0", ("v1.33.4", "v1.34.0"), {}),
    )


def golden_text() -> str:
    """What compare says of two reports that differ once in every kind."""
    machine = msgspec.structs.replace(MACHINE, system="Linux", architecture="x86_64", nodes=("linux/amd64",))
    findings = (msgspec.structs.replace(FOUND[0], line=48), Found("stray-file", Severity.INFO, "V1.old", 1, "ignored"))
    there, here = report(), report(here_stack(), machine, findings)
    pieces = compare_text(there, here, compare(there, here), "ana.json", "here")
    return "".join(text for text, _ in pieces)


_NAMES = st.text("abcdef/.:_-é ", min_size=1, max_size=9)
_VALUES = st.text(max_size=9)


def _table(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_NAMES, values, min_size=1, max_size=2)


def _list(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=1, max_size=2).map(tuple)


_IMAGES = st.builds(
    Image, digest=_VALUES, platforms=_table(st.builds(Child, manifest=_VALUES, config=_VALUES)), emulated=_list(_VALUES)
)
_STACKS = st.builds(
    Identity,
    engine=_VALUES,
    postgres=_VALUES,
    citus=_VALUES,
    images=_table(_IMAGES),
    schema=st.none() | st.builds(Schema, fingerprint=_VALUES, objects=_table(_VALUES)),
    settings=_table(_VALUES),
    node_images=_list(_VALUES),
    versions=_table(_VALUES),
    migrations=_table(_VALUES),
    cluster=st.none()
    | st.builds(Cluster, kubernetes=_VALUES, kubelets=_list(_VALUES), unlike=_table(st.integers(0, 9))),
)
_MACHINES = st.builds(
    Machine,
    system=_VALUES,
    architecture=_VALUES,
    python=_VALUES,
    nodes=_list(_VALUES),
    running=_table(st.integers(0, 9)),
)
_FOUND = st.builds(
    Found,
    rule=_NAMES,
    severity=st.sampled_from(Severity),
    file=_NAMES,
    line=st.integers(1, 3),
    message=_VALUES,
)
REPORTS = st.builds(report, _STACKS, _MACHINES, st.lists(_FOUND, min_size=1, max_size=3).map(tuple))


def changed(tree: Any) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - JSON
    """Every tree that `tree`, a report as JSON, becomes by one change, with where it was made; not all are reports."""
    for path, value in _walk(tree, ()):
        for other in _others(value):
            yield path, _with(tree, path, other)
        if isinstance(value, dict):
            for key in value:
                yield (*path, key), _with(tree, path, {name: each for name, each in value.items() if name != key})
                yield (*path, "new one"), _with(tree, path, {**value, "new one": value[key]})
        if isinstance(value, list):
            for at, each in enumerate(value):
                yield (*path, at), _with(tree, path, value[:at] + value[at + 1 :])
                yield (*path, at), _with(tree, path, [*value, each])


def leaves(tree: Any) -> set[Path]:  # noqa: ANN401 - JSON
    """Where `tree` has a value that holds no others."""
    return {path for path, value in _walk(tree, ()) if not isinstance(value, (dict, list))}


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - JSON
    yield path, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _walk(each, (*path, key))
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from _walk(each, (*path, at))


def _others(value: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    match value:
        case str():
            yield from (f"{value}x", "", *(each for each in Severity if each != value))
        case int():
            yield value + 1
        case None:
            yield from ({"fingerprint": "f", "objects": {}}, {"kubernetes": "v1", "kubelets": [], "unlike": {}})
        case dict():
            yield None
        case _:
            pass


def _with(tree: Any, path: Path, value: Any) -> Any:  # noqa: ANN401 - JSON
    if not path:
        return value
    found = copy.copy(tree)
    found[path[0]] = _with(tree[path[0]], path[1:], value)
    return found
