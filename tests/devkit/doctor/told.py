"""What a check says of a situation on each of the four package managers, as golden text."""

from __future__ import annotations

import threading
from pathlib import Path

from devkit.doctor.checks import CHECKS
from devkit.doctor.examine import examine
from devkit.doctor.host import Manager
from devkit.doctor.result import Said
from tests.checkout import ROOT
from tests.devkit.doctor.situation import Situation
from tests.devkit.doctor.situations import SITUATIONS

GOLDEN = ROOT / "tests/data/golden/doctor"
PATIENCE = 60.0  # a busy machine must not make a check late
_KNOWN: dict[tuple[str, Manager], Said] = {}


def golden_file(check: str) -> Path:
    """Where the golden text of a check lies."""
    return GOLDEN / f"{check}.txt"


def said(situation: Situation, manager: Manager) -> Said:
    """What the check says on a machine of that package manager."""
    known = _KNOWN.get((str(situation), manager))
    if known is not None:
        return known
    check = next(each for each in CHECKS if each.id == situation.check)
    (result,) = examine(situation.plan.host(manager), (check,), threading.Event(), PATIENCE)
    assert not result.failed, result.said.found
    return _KNOWN.setdefault((str(situation), manager), result.said)


def told(check: str) -> str:
    """All situations of a check: what was found, and the cure for each package manager where they differ."""
    return "\n".join(_paragraph(each) for each in SITUATIONS if each.check == check)


def _paragraph(situation: Situation) -> str:
    heard = {manager: said(situation, manager) for manager in situation.on}
    lines = [f"{situation.name}: {situation.state}\n"]
    lines += _alike({manager: each.found for manager, each in heard.items()}, "")
    lines += _alike({manager: each.cure for manager, each in heard.items()}, "→ ")
    return "".join(lines)


def _alike(texts: dict[Manager, str], mark: str) -> list[str]:
    one = set(texts.values())
    if len(one) == 1:
        text = one.pop()
        return [f"  {mark}{text}\n"] if text else []
    return [f"  {manager:6} {mark}{text}\n" for manager, text in texts.items()]


def write_told() -> None:
    """Write the golden texts anew; those of checks that are gone go."""
    from devkit.files import write_atomically

    for old in GOLDEN.glob("*.txt") if GOLDEN.is_dir() else ():
        old.unlink()
    for check in CHECKS:
        write_atomically(golden_file(check.id), told(check.id).encode())
