"""What is still in a namespace that is being deleted, in words for people and for kubectl."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Sequence

from devkit.cluster.readiness.raw import said, shortened

_FINALIZERS = 3  # of one object that are named


@dataclasses.dataclass(frozen=True, slots=True)
class Leftover:
    """An object that is still there.

    `deleting_since` is its deletionTimestamp, empty when nobody has deleted it; `resource` is what kubectl calls its
    kind: pods, deployments.apps.
    """

    kind: str
    name: str
    finalizers: tuple[str, ...]
    deleting_since: str
    resource: str

    @property
    def title(self) -> str:
        """Kind and name, for people."""
        return f"{shown(self.kind)} {shown(self.name)}"

    @property
    def held(self) -> str:
        """Kind and name with the finalizers, for people."""
        return f"{self.title} ({listed(self.finalizers, _FINALIZERS)})" if self.finalizers else self.title

    @property
    def target(self) -> str:
        """Resource and name as kubectl takes them; in one word where the name would pass for an option."""
        resource, name = shown(self.resource), shown(self.name)
        if name.startswith("-"):
            return shlex.quote(f"{resource}/{name}")
        return f"{shlex.quote(resource)} {shlex.quote(name)}"


def shown(text: str) -> str:
    """What a cluster says, as a piece of a line that a terminal can show."""
    return shortened(said(text))


def listed(texts: Sequence[str], most: int) -> str:
    """The first of some texts of a cluster, and how many more there are."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return f"{', '.join(map(shown, texts[:most]))}{more}"
