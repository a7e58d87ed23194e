"""The files of docs/reference/ and what makes each: the one list that writes them, and that says which are out of date.

Imports nothing that starts a server: `./inv check` asks with every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from devkit.compare.report import identity_schema
from devkit.files import write_atomically
from devkit.report.compare import compare_schema
from devkit.report.conformance import conformance_schema
from devkit.report.contract import json_schema
from devkit.report.doctor import doctor_reference, doctor_schema
from devkit.report.explain import reference
from devkit.report.history import history_schema
from devkit.report.onboard import onboard_schema
from devkit.report.reset import reset_schema
from devkit.report.schema import schema_schema
from devkit.report.stack import stack_schema
from tests.reference.config import config_reference, config_schema
from tests.reference.verbs import verbs_reference

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/reference"
REPAIR = "./.venv/bin/python -m tests.reference"
BY_HAND = frozenset({"README.md"})

PAGES: Mapping[str, Callable[[], str]] = {
    "verbs.md": verbs_reference,
    "config.md": config_reference,
    "rules.md": reference,
    "doctor.md": doctor_reference,
}
SCHEMAS: Mapping[str, Callable[[], bytes]] = {
    "config": config_schema,
    "report": json_schema,
    "history": history_schema,
    "stack": stack_schema,
    "reset": reset_schema,
    "schema": schema_schema,
    "conformance": conformance_schema,
    "doctor": doctor_schema,
    "identity": identity_schema,
    "compare": compare_schema,
    "onboard": onboard_schema,
}


def made() -> dict[Path, bytes]:
    """What each file should hold."""
    pages = {FOLDER / name: make().encode() for name, make in PAGES.items()}
    return {**pages, **{FOLDER / f"{name}.schema.json": make() for name, make in SCHEMAS.items()}}


def stale() -> list[Path]:
    """The files that are not what the code makes, or not there."""
    return [file for file, wanted in made().items() if not file.is_file() or file.read_bytes() != wanted]


def strays() -> list[Path]:
    """The files of the folder that nothing makes."""
    known = {*made(), *(FOLDER / name for name in BY_HAND)}
    return sorted(file for file in FOLDER.iterdir() if file not in known)


def write() -> list[Path]:
    """Write anew what is out of date; the files that were."""
    found = stale()
    wanted = made()
    for file in found:
        write_atomically(file, wanted[file])
    return found


def shown(file: Path) -> str:
    """Its name from the root."""
    return file.relative_to(ROOT).as_posix()
