"""A baseline: the findings that a team began with. They are not reported, and may only become fewer."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

from devkit.errors import DevkitError
from devkit.files import write_atomically
from devkit.finding import Finding, Place, Severity
from devkit.rules.rules import EVERY_RULE
from devkit.verify.verdict import Verdict, count

_IGNORABLE = frozenset(rule.id for rule in EVERY_RULE if rule.ignorable)


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings of one rule about one object of a file. Lines are left out: they move."""

    rule: str
    file: str
    object: str
    count: int


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of a baseline file."""

    version: Literal[1]
    findings: tuple[Known, ...]

    def counted(self) -> Counter[tuple[str, str, str]]:
        """How many of each are known."""
        return Counter({(known.rule, known.file, known.object): known.count for known in self.findings})


def read(file: Path) -> Baseline:
    """The baseline in `file`; DevkitError when there is none, or it is something else."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Baseline)
    except FileNotFoundError as error:
        raise DevkitError(f"there is no baseline {file}", f"write it with: --baseline {file} --write") from error
    except OSError as error:
        raise DevkitError(f"the baseline {file} cannot be read: {error.strerror}", "make it readable") from error
    except msgspec.DecodeError as error:
        raise DevkitError(
            f"{file} is no baseline: {error}", "restore it from git, or delete it and write a new one with --write"
        ) from error


def apply(baseline: Baseline, verdict: Verdict, shown: str) -> Verdict:
    """`verdict` without the findings that `baseline` knows; a finding when it knows some that are gone."""
    left = baseline.counted()
    kept: list[Finding] = []
    for finding in verdict.findings:
        if finding.rule in _IGNORABLE and not finding.stops and left[finding.identity] > 0:
            left[finding.identity] -= 1
        else:
            kept.append(finding)
    hidden = len(verdict.findings) - len(kept)
    gone = sum(left.values())
    if gone and verdict.summary.complete:
        many = "1 finding of the baseline is" if gone == 1 else f"{gone} findings of the baseline are"
        kept.append(
            Finding(
                "baseline-outdated",
                Severity.WARNING,
                f"{many} gone: what was mended could come back unseen",
                f"take them out: ./inv verify --baseline {shown} --write",
                Place(shown),
            )
        )
    summary = dataclasses.replace(count(verdict.summary, kept), baseline=hidden)
    return dataclasses.replace(verdict, findings=tuple(kept), summary=summary)


def write(file: Path, verdict: Verdict) -> Baseline:
    """Write the baseline of `verdict` (before any was applied) to `file`, or make the one there smaller; never larger.

    Raises DevkitError when the replay stopped half-way: what is missing in it may only not have been reached.
    """
    if not verdict.summary.complete:
        raise DevkitError(
            "the replay did not reach the last migration, so a baseline would miss what comes after",
            "mend the error that stopped it first: ./inv verify shows it",
        )
    now = Counter(finding.identity for finding in verdict.findings if finding.rule in _IGNORABLE)
    kept = now & read(file).counted() if file.exists() else now
    found = Baseline(1, tuple(Known(*identity, number) for identity, number in sorted(kept.items())))
    try:
        write_atomically(file, msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    except OSError as error:
        raise DevkitError(f"{file} cannot be written: {error.strerror}", "name another file with --baseline") from error
    return found
