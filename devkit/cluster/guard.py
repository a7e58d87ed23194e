"""The guard: every sign must agree that a cluster is local, or is the very one that a committed file names.

Pure: a target, what was read of the cluster, and a policy in; the first reason for refusing out.
"""

from __future__ import annotations

import dataclasses

from devkit.cluster.evidence import Evidence
from devkit.cluster.policy import Policy
from devkit.cluster.sign import Sign
from devkit.cluster.signs import BEFORE, LOOKED, OWNED
from devkit.cluster.target import Target


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """The id of the sign that decided, why, and what to do."""

    sign: str
    reason: str
    cure: str


def refusal_before(target: Target, policy: Policy, signs: tuple[Sign, ...] = BEFORE) -> Refusal | None:
    """The first sign against sending anything to `target`, or running its credential plugin; None when all agree."""
    return _first(target, None, policy, signs)


def refusal_looked(
    target: Target, evidence: Evidence, policy: Policy, signs: tuple[Sign, ...] = (*BEFORE, *LOOKED)
) -> Refusal | None:
    """The first sign against working with the cluster that was looked at; None when all agree."""
    return _first(target, evidence, policy, signs)


def refusal_owned(
    target: Target, evidence: Evidence, policy: Policy, signs: tuple[Sign, ...] = (*BEFORE, *LOOKED, *OWNED)
) -> Refusal | None:
    """The first sign against writing to the cluster or deleting in it; None when all agree."""
    return _first(target, evidence, policy, signs)


def _first(target: Target, evidence: Evidence | None, policy: Policy, signs: tuple[Sign, ...]) -> Refusal | None:
    scopes = ("all", "shared" if policy.shared_for(target.context) else "local")
    for sign in signs:
        if sign.scope in scopes and (reason := sign.judge(target, evidence, policy)):
            return Refusal(sign.id, reason, sign.cure(target, policy))
    return None
