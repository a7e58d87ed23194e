"""status.conditions, the form in which nearly every controller says how far it is."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from devkit.cluster.readiness.raw import Raw, moment, number, parts, said, text


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """One of status.conditions; a missing one has an empty status."""

    type: str
    status: str = ""
    reason: str = ""
    message: str = ""
    since: datetime | None = None
    observed_generation: int | None = None

    @property
    def holds(self) -> bool:
        """Whether its status is True."""
        return self.status == "True"


def conditions(raw: Raw) -> tuple[Condition, ...]:
    """All conditions of an object, in its order."""
    return tuple(
        Condition(
            type=text(each, "type"),
            status=text(each, "status"),
            reason=said(text(each, "reason")),
            message=said(text(each, "message")),
            since=moment(each, "lastTransitionTime"),
            observed_generation=number(each, "observedGeneration") or None,
        )
        for each in parts(raw, "status", "conditions")
    )


def condition(raw: Raw, kind: str) -> Condition:
    """The condition of that type, with an empty status when the object has none."""
    return next((each for each in conditions(raw) if each.type == kind), Condition(kind))
