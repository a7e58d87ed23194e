"""The history planner: each state with its sentence, and nothing lost."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.errors import DevkitError
from devkit.migrations.applied import Applied
from devkit.migrations.fileset import Migration
from devkit.migrations.history import BENT, State, read_history
from tests.histories import file, row


def only(files: list[Migration], rows: list[Applied], version: int) -> tuple[State, str, str]:
    """The state, the message and the help of one version."""
    entries = {entry.version: entry for entry in read_history(files, rows, "m")}
    return entries[version].state, entries[version].message, entries[version].help


ONE, OTHER = file(1), file(2)
CASES = [
    (State.PENDING, [ONE], [], "not applied here yet", "./inv migrate applies it"),
    (State.APPLIED, [ONE], [row(ONE)], "applied 2026-11-24 12:00:00 UTC by ann@laptop", "nothing to do"),
    (
        State.BASELINE, [ONE], [dataclasses.replace(row(ONE), origin="flyway")],
        "taken over from flyway 2026-11-24 12:00:00 UTC by ann@laptop", "nothing to do",
    ),
    (
        State.CHANGED, [file(1, "SELECT 1;\nSELECT 3;\n")], [row(ONE)],
        "line 2 is not what ann@laptop applied", "./inv new NAME",
    ),
    (
        State.CHANGED, [file(1, "SELECT 9;\n", "mine")], [row(ONE)],
        "version 1 was applied from V1__step.sql by ann@laptop", "./inv new --renumber",
    ),
    (
        State.CHANGED, [file(1, "SELECT 3;\nSELECT 2;\n")], [row(ONE, 1)],
        "1 of 2 statements were applied", "what comes after them may change",
    ),
    (State.MISSING, [OTHER], [row(ONE), row(OTHER)], "its file is gone", "git log --diff-filter=D -- 'm/V1__step.sql'"),
    (State.RENAMED, [file(1, name="other")], [row(ONE)], "applied as V1__step.sql by ann@laptop", "git mv "),
    (State.RENAMED, [file(1, name="other"), file(3, "SELECT 3;\n")], [dataclasses.replace(row(file(2)), version=2)],
     "applied as V2__step.sql", "git mv "),
    (State.OUT_OF_ORDER, [ONE, file(2, "SELECT 3;\n")], [row(file(2, "SELECT 3;\n"))],
     "it came after version 2 was applied here", "./inv new --renumber"),
    (State.FAILED, [ONE], [row(ONE, 0, error="no such table")], "nothing of it stayed: no such table", "mend the file"),
    (State.FAILED, [OTHER], [row(ONE, 0, error="no such table")], "its file is gone", "nothing to do"),
    (State.PARTIAL, [ONE], [row(ONE, 1)], "1 of 2 statements were applied", "what has not run may still be mended"),
    (State.PARTIAL, [ONE], [row(ONE, 0, running=True)], "the next was under way when that run ended", "./inv migrate"),
    (State.PENDING, [ONE], [row(ONE, 0)], "not applied here yet", "./inv migrate applies it"),
    (State.FUTURE, [], [row(ONE)], "this checkout has nothing that new", "git pull"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "files", "rows", "message", "cure"), CASES)
def test_a_state_has_its_sentence_and_says_what_to_do(
    state: State, files: list[Migration], rows: list[Applied], message: str, cure: str
) -> None:
    found = only(files, rows, 1)
    assert found[0] is state
    assert message in found[1]
    assert cure in found[2]


def test_every_state_is_tried() -> None:
    assert {case[0] for case in CASES} == set(State)


def test_only_comments_and_the_rest_may_change_in_a_file_that_stopped() -> None:
    changed = file(1, "-- why\nSELECT 1;\nSELECT 3;\n")
    assert only([changed], [row(ONE, 1)], 1)[0] is State.PARTIAL
    assert only([file(1, "SELEC 1;\n")], [row(ONE, 1)], 1)[0] is State.CHANGED


def test_a_digest_of_another_kind_is_no_change_but_a_question_of_versions() -> None:
    with pytest.raises(DevkitError, match="update devkit"):
        read_history([ONE], [dataclasses.replace(row(ONE), algorithm="sha3")], "m")


def test_a_ledger_row_keeps_the_order_of_numbers() -> None:
    entries = read_history([file(n) for n in (10, 2, 1)], [row(file(2)), row(file(1))], "m")
    assert [(entry.version, entry.state) for entry in entries] == [
        (1, State.APPLIED), (2, State.APPLIED), (10, State.PENDING),
    ]  # fmt: skip


@given(st.sets(st.integers(1, 30), max_size=12), st.integers(0, 12))
def test_a_prefix_that_was_applied_and_the_rest_are_all(versions: set[int], count: int) -> None:
    files = [file(version, f"SELECT {version};\nSELECT 0;\n") for version in sorted(versions)]
    entries = read_history(files, [row(each) for each in files[:count]], "m")
    applied = [entry for entry in entries if entry.state is State.APPLIED]
    pending = [entry for entry in entries if entry.is_to_run]
    assert [entry.migration for entry in (*applied, *pending)] == files


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ab"), st.booleans(), st.booleans()), max_size=10))
def test_every_file_and_every_row_is_in_the_history_once(made: list[tuple[int, str, bool, bool]]) -> None:
    files = {v: file(v, f"SELECT '{text}';\nSELECT 2;\n", text) for v, text, is_file, _ in made if is_file}
    rows = {v: row(file(v, f"SELECT '{text}';\nSELECT 2;\n", text)) for v, text, _, is_row in made if is_row}
    entries = read_history(list(files.values()), list(rows.values()), "m")
    assert [entry.version for entry in entries] == sorted({entry.version for entry in entries})
    assert {entry.version for entry in entries if entry.migration} == set(files)
    assert {entry.row.version for entry in entries if entry.row} == set(rows)
    if not any(entry.state in BENT for entry in entries):
        assert set(rows) <= set(files)
