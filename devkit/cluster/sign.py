"""What a sign is: one independent judgement of a cluster."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

from devkit.cluster.evidence import Evidence
from devkit.cluster.policy import Policy
from devkit.cluster.target import Target

Judge = Callable[[Target, Evidence | None, Policy], str | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Sign:
    """One independent sign. `judge` gives None when it agrees, else the reason; `cure` how to allow it properly.

    `scope`: contexts that a shared cluster's entry names are judged by other signs than those that should be local.
    """

    id: str
    judge: Judge
    cure: Callable[[Target, Policy], str]
    scope: Literal["local", "shared", "all"] = "local"
