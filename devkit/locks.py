"""The hash locks that devkit was made with: at the repository's root, and inside the wheel.

`python -m devkit.locks` prints their folder, for pip.
"""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_locks"  # only in a wheel: pyproject.toml puts them there
FOLDER = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
IS_WHEEL = _SHIPPED.is_dir()

REQUIREMENTS = FOLDER / "requirements.lock"
POSTGRES = FOLDER / "requirements-postgres.lock"
SQUAWK = FOLDER / "requirements-squawk.lock"

if __name__ == "__main__":
    sys.stdout.write(f"{FOLDER}\n")
