"""The peers' programs, installed once from their registries into a cache outside the tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import platformdirs

DBMATE = "2.36.0"


def dbmate() -> Path:
    """The native binary of the npm package dbmate."""
    folder = Path(platformdirs.user_cache_dir("devkit-bench", appauthor=False)) / f"dbmate-{DBMATE}"
    if not folder.is_dir():
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", folder,
             f"dbmate@{DBMATE}"],
            check=True,
        )  # fmt: skip
    (binary,) = folder.glob("node_modules/@dbmate/*/bin/dbmate")
    return binary
