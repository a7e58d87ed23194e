"""--locks: squawk's opinion on migrations new on the branch, fed with what verify knows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.config import load_project
from devkit.errors import DevkitError
from devkit.progress import silent
from devkit.verify.inputs import Request
from devkit.verify.verify import verify
from tests.checkout import Checkout
from tests.need import need, need_squawk

OLD = "CREATE TABLE bets (id bigint, note text);\n"


@pytest.fixture
def branch(empty: Checkout) -> Checkout:
    """A checkout on a branch that left main with one migration."""
    need_squawk()
    (empty.migrations / "V1__bets.sql").write_text(OLD)
    for words in (("init", "--quiet", "--initial-branch", "main"), ("add", "infra", "pyproject.toml")):
        git(empty.root, *words)
    commit(empty)
    git(empty.root, "switch", "--quiet", "--create", "work")
    return empty


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
    subprocess.run([need("git"), *identity, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def commit(checkout: Checkout) -> None:
    git(checkout.root, "add", "infra")
    git(checkout.root, "commit", "--quiet", "--message", "more")


def locks(checkout: Checkout, *words: str) -> list[tuple[str, int, int, str]]:
    """(file, line, column, squawk's rule) of each finding."""
    result = checkout.verify("--locks", *words)
    assert result.code == 0, result
    findings = result.report()["findings"]
    assert {each["rule"] for each in findings} <= {"lock-safety"}
    assert all(each["help"] and each["severity"] == "warning" for each in findings)
    return [(Path(each["file"]).name, each["line"], each["column"], each["object"]) for each in findings]


@pytest.mark.full
def test_only_files_new_on_the_branch_are_linted_committed_or_not(branch: Checkout) -> None:
    assert locks(branch) == []
    (branch.migrations / "V2__a.sql").write_text("CREATE INDEX bets_id ON bets (id);\n")
    commit(branch)
    (branch.migrations / "V3__b.sql").write_text("ALTER TABLE bets ALTER COLUMN note TYPE varchar(9);\n")
    assert locks(branch) == [
        ("V2__a.sql", 1, 1, "require-concurrent-index-creation"),
        ("V3__b.sql", 1, 36, "changing-column-type"),
    ]
    assert locks(branch, "--since", "HEAD") == [("V3__b.sql", 1, 36, "changing-column-type")]
    assert branch.verify().report()["findings"] == []  # without --locks it is not asked


@pytest.mark.full
def test_nobody_waits_for_a_table_that_is_new_on_the_branch(branch: Checkout) -> None:
    (branch.migrations / "V2__a.sql").write_text("CREATE TABLE notes (id bigint);\n")
    (branch.migrations / "V3__b.sql").write_text(
        "CREATE INDEX notes_id ON notes (id);\nALTER TABLE notes ADD CONSTRAINT n CHECK (id > 0);\n"
    )
    assert locks(branch) == []


@pytest.mark.full
def test_a_file_with_concurrently_runs_without_a_transaction_and_is_right(branch: Checkout) -> None:
    (branch.migrations / "V2__a.sql").write_text("CREATE INDEX CONCURRENTLY bets_id ON bets (id);\n")
    assert locks(branch) == []


def test_one_statement_is_one_finding_and_columns_are_characters(branch: Checkout) -> None:
    (branch.migrations / "V2__a.sql").write_text(
        "SELECT '賭け'; ALTER TABLE bets ADD CONSTRAINT f UNIQUE (id), ADD CONSTRAINT c CHECK (id > 0);\n"
    )
    assert [each[:3] for each in locks(branch)] == [("V2__a.sql", 1, 31)]


@pytest.mark.full
def test_it_can_be_ignored_and_is_unused_only_when_asked_for(branch: Checkout) -> None:
    reason = "-- devkit: ignore lock-safety -- nobody is up at that hour\n"
    (branch.migrations / "V2__a.sql").write_text(f"{reason}CREATE INDEX bets_id ON bets (id);\n")
    assert locks(branch) == []
    (branch.migrations / "V2__a.sql").write_text(f"{reason}SELECT 1;\n")
    assert branch.verify().report()["findings"] == []
    asked = branch.verify("--locks").report()["findings"]
    assert [each["rule"] for each in asked] == ["ignore-unused"]


@pytest.mark.full
def test_the_folder_may_be_named_from_where_the_user_is(branch: Checkout) -> None:
    (branch.migrations / "V2__a.sql").write_text("CREATE INDEX bets_id ON bets (id);\n")
    result = branch.run(
        "verify", "--format", "json", "--locks", "--migrations", "migrations", cwd=branch.root / "infra"
    )
    assert [each["object"] for each in result.report()["findings"]] == ["require-concurrent-index-creation"]


def a_squawk_that_says(folder: Path, words: str) -> dict[str, str]:
    """PATH and Python of a machine with another squawk, or with none."""
    folder.mkdir()
    if words:
        (folder / "squawk").write_text(f"#!/bin/sh\necho '{words}'\n")
        (folder / "squawk").chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "-m pip install --require-hashes -r"),
        ("segmentation fault", "gave no report on infra/migrations/V2__a.sql"),
    ],
)
def test_without_squawk_or_its_report_it_says_what_to_run(
    branch: Checkout, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    (branch.migrations / "V2__a.sql").write_text("CREATE INDEX bets_id ON bets (id);\n")
    folder = tmp_path_factory.mktemp("tools") / "bin"
    env = a_squawk_that_says(folder, words)
    monkeypatch.setattr(sys, "executable", os.fspath(folder / "python"))
    monkeypatch.setenv("PATH", env["PATH"])
    project = load_project(branch.root)
    request = Request(project, branch.migrations, branch.manifests, since="main")
    with pytest.raises(DevkitError) as raised:
        verify(request, {"DEVKIT_CACHE": os.fspath(branch.cache)}, silent)
    assert said in str(raised.value)


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [(("--since", "nowhere"), "--locks --since REF"), (("--since", "--output=x"), "--since REF")],
)
def test_a_branch_that_is_not_there_is_said(branch: Checkout, words: tuple[str, ...], said: str) -> None:
    result = branch.verify("--locks", *words)
    assert (result.code, said in result.err) == (2, True), result


@pytest.mark.full
def test_without_git_or_a_main_branch_nobody_can_tell(empty: Checkout) -> None:
    need_squawk()
    (empty.migrations / "V1__bets.sql").write_text(OLD)
    env = {"GIT_CEILING_DIRECTORIES": os.fspath(empty.root.parent)}
    result = empty.run("verify", "--locks", env=env)
    assert (result.code, "no branch main or master" in result.err) == (2, True), result
