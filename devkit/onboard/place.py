"""Which cluster is meant, and what is to be done to have it. Changes nothing."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from pathlib import Path

from devkit.cluster.failures import UnreachableError
from devkit.cluster.kubeconfig import read_contexts
from devkit.cluster.proof import Proven, prove, refuse_name
from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.onboard.kind import PREFIX, find_kind, name_in
from devkit.onboard.making import is_making


class Way(enum.StrEnum):
    """What is to be done: nothing, make it, make it anew after a killed run, or write its context down."""

    THERE = "there"
    MAKE = "make"
    REMAKE = "remake"
    EXPORT = "export"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A context, and the way to it. `proven` is set where the cluster is there, `instead_of` where the current context
    is another one and cannot be used: its name and why."""

    context: str
    way: Way
    proven: Proven | None = None
    instead_of: str = ""

    @property
    def cluster(self) -> str:
        """What kind calls the cluster; "" for a cluster of something else."""
        return self.context.removeprefix(PREFIX) if self.context.startswith(PREFIX) else ""


def find_place(settings: Settings, environ: Mapping[str, str], named: str, config: Path) -> Place:
    """The cluster `named`; else that of the current context, if the guard agrees; else the one of `config`.

    DevkitError when there is none and none may be made, or one that is there cannot be used.
    """
    current, contexts = read_contexts(environ)
    if named:
        return _named(settings, environ, named, contexts)
    instead_of = ""
    if current:
        try:
            return Place(current, Way.THERE, prove(settings, environ, current))
        except DevkitError as error:
            instead_of = f"{current}: {error.problem}"
    context = f"{PREFIX}{name_in(_config(config))}"
    found = _named(settings, environ, context, contexts)
    return found if context == current else dataclasses.replace(found, instead_of=instead_of)


def _named(settings: Settings, environ: Mapping[str, str], context: str, contexts: tuple[str, ...]) -> Place:
    silent: UnreachableError | None = None
    if context in contexts:
        try:
            return Place(context, Way.THERE, prove(settings, environ, context))
        except UnreachableError as error:
            silent = error
    if not context.startswith(PREFIX):
        raise silent or DevkitError(
            f"there is no context {context}",
            f"make that cluster with its own program, or let onboard make one of kind's: --context {PREFIX}NAME",
        )
    refuse_name(settings, environ, context)
    return Place(context, _way(context, environ, silent))


def _way(context: str, environ: Mapping[str, str], silent: UnreachableError | None) -> Way:
    name = context.removeprefix(PREFIX)
    if name not in find_kind(environ).clusters():
        return Way.MAKE
    if is_making(context, environ):
        return Way.REMAKE
    if silent is not None:
        raise DevkitError(
            f"the cluster {name} of kind is there, and does not answer: {silent.problem}",
            f"start its node: docker start {name}-control-plane (or podman start …); then ./inv onboard goes on",
        )
    return Way.EXPORT


def _config(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DevkitError(
            f"{file} cannot be read: {error.strerror}",
            "write it (./inv doctor --only node-image says how), or name a cluster that is there: --context NAME",
        ) from error
