"""What one machine says of its stack, to be held against another's: the file that verify --report writes."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from devkit.compare.private import Private, private_to
from devkit.finding import Severity
from devkit.json_schema import schema_of
from devkit.verify.identity import Identity
from devkit.verify.inputs import Request
from devkit.verify.verdict import Living, Verdict

VERSION: Final = 1


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What machines may have of their own while their stacks are the same: it explains, and is in no identity.

    `nodes` are the platforms of a cluster's nodes, `running` counts its containers that run what is pinned, by how the
    node came by it, and those of which nobody can say yet. Times are left out: they differ from run to run.
    """

    system: str
    architecture: str
    python: str
    nodes: tuple[str, ...]
    running: dict[str, int]


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """A finding, without what follows from its rule."""

    rule: str
    severity: Severity
    file: str
    line: int
    message: str


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contract of `verify --report FILE`. A reader checks `version` first.

    `identity` is the digest of `stack`. Nothing in here is private: no secret, no path of this machine, no user's name.
    """

    version: Literal[1]
    identity: str
    stack: Identity
    machine: Machine
    findings: tuple[Found, ...]


def make_report(verdict: Verdict, request: Request, env: Mapping[str, str]) -> Report:
    """The report of `verdict`, in which what `request` and `env` know of this person and machine is left out."""
    private = private_to(request, env)
    findings = tuple(sorted(_found(verdict, private)))
    return Report(VERSION, verdict.identity.digest, verdict.identity, _machine(verdict.living), findings)


def to_bytes(report: Report) -> bytes:
    """The report as it is written: the same for equal ones."""
    return msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=2) + b"\n"


def identity_schema() -> bytes:
    """The JSON Schema that every such report keeps; committed as docs/reference/identity.schema.json."""
    return schema_of(Report)


def _found(verdict: Verdict, private: Private) -> list[Found]:
    return [
        Found(
            each.rule, each.severity, private.without(each.place.file), each.place.line, private.without(each.message)
        )
        for each in verdict.findings
    ]


def _machine(living: Living | None) -> Machine:
    ran = [each for each in living.running if not each.is_leaving] if living else []
    return Machine(
        platform.system(),
        platform.machine(),
        platform.python_version(),
        living.nodes if living else (),
        dict(Counter(str(each.verdict) for each in ran)),
    )
