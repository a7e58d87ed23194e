"""Tools that tests need: their absence is a reason to skip on a laptop, and a failure in CI."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest


def need(tool: str) -> str:
    """The path of `tool`; without it the test is skipped, or fails where CI=true."""
    path = shutil.which(tool)
    if path:
        return path
    return missing(f"{tool} is not installed here")


def need_squawk() -> None:
    """squawk, installed beside Python as --locks says."""
    if not (Path(sys.executable).parent / "squawk").is_file():
        missing("squawk is not installed: pip install --require-hashes -r requirements-squawk.lock")


def missing(reason: str) -> NoReturn:
    """Skip for `reason`, or fail where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)  # the only skip there is: never where CI=true
