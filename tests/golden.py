"""Writes anew what is generated and committed: `python -m tests.golden`, then read the difference."""

from __future__ import annotations

from pathlib import Path

from devkit.files import write_atomically
from devkit.report import json_schema

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    write_atomically(ROOT / "docs/reference/report.schema.json", json_schema())
