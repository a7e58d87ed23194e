"""Tools that tests need: their absence is a reason to skip on a laptop, and a failure in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def need(tool: str) -> str:
    """The path of `tool`; without it the test is skipped, or fails where CI=true."""
    path = shutil.which(tool)
    if path:
        return path
    reason = f"{tool} is not installed here"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
