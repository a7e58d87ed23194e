"""A report is written whole, and what is no report is refused with what to do."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from devkit.compare.files import LARGEST_BYTES, read_report, write_report
from devkit.compare.report import identity_schema, to_bytes
from devkit.errors import DevkitError
from tests.devkit.compare.reports import report

WHOLE = to_bytes(report())


def with_value(**values: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps({**json.loads(WHOLE), **values}).encode()


def refusal(file: Path) -> str:
    with pytest.raises(DevkitError) as refused:
        read_report(file)
    assert str(file) in refused.value.problem
    assert refused.value.cure
    return str(refused.value)


def test_what_is_written_is_read_again_and_keeps_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "new/a.json"
    write_report(file, report())
    assert (read_report(file), file.read_bytes()) == (report(), WHOLE)
    jsonschema.Draft202012Validator(json.loads(identity_schema())).validate(json.loads(WHOLE))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no report of verify"),
        (b"\xff\xfe{}", "is no report of verify"),
        (b"identity 3f2a", "is no report of verify"),
        (b"[]", "is no report of verify"),
        (b'{"version":' + b"[" * 100_000, "nested too deeply"),
        (b'{"version":1,"x":' + b"[" * 100_000, "is no report of verify"),
        (WHOLE[: len(WHOLE) // 2], "is no report of verify: Input data was truncated"),
        (b"{}", "missing required field `version`"),
        (with_value(version=2), "is a report of version 2, and this devkit reads version 1\n  update this checkout"),
        (with_value(version=0), "version 0, and this devkit reads version 1\n  update the other one"),
        (with_value(version="1"), "is no report of verify"),
        (with_value(version=True), "is no report of verify"),
        (with_value(extra=1), "unknown field `extra`"),
        (with_value(stack={**json.loads(WHOLE)["stack"], "glibc": "2.36"}), "unknown field `glibc` - at `$.stack`"),
        (with_value(findings=[{"rule": "r"}]), "missing required field"),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(data)
    assert said in refusal(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "there is no file" in refusal(tmp_path / "nowhere.json")
    assert "is a folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "is no regular file" in refusal(tmp_path / "pipe")
    assert "is no regular file" in refusal(Path("/dev/zero"))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "cannot be read" in refusal(loop)
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(2**30)  # a hole: nothing is read of it
    assert "has 1024 MB" in refusal(large)
    large.write_bytes(b" " * (LARGEST_BYTES + 1))
    assert "has 64 MB" in refusal(large)


def test_what_cannot_be_written_is_said_and_nothing_special_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path, tmp_path / "pipe", tmp_path / "file/a.json", tmp_path / ("n" * 300)):
        with pytest.raises(DevkitError, match="--report FILE"):
            write_report(place, report())
    assert ((tmp_path / "pipe").is_fifo(), (tmp_path / "file").read_text()) == (True, "mine")
