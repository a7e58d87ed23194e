"""./inv new: the next file, the sum file, and two branches that meet in git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.checkout import Checkout, Result
from tests.need import need

SUM = "infra/migrations.sum"


def new(checkout: Checkout, *words: str) -> Result:
    return checkout.run("new", *words)


def names(checkout: Checkout) -> list[str]:
    return sorted(path.name for path in checkout.migrations.iterdir())


def rules(checkout: Checkout) -> list[tuple[str, str, int, int]]:
    return checkout.verify().found()


@pytest.fixture
def two(empty: Checkout) -> Checkout:
    """Two migrations that ./inv new made, with their sum."""
    for title, text in (("bets", "CREATE TABLE bets (id int);\n"), ("wallets", "CREATE TABLE wallets (id int);\n")):
        result = new(empty, title)
        assert result.code == 0, result
        Path(result.out.strip()).write_text(text)
    return empty


@pytest.mark.full
def test_the_first_file_and_the_next(two: Checkout) -> None:
    assert names(two) == ["V1__bets.sql", "V2__wallets.sql"]
    assert rules(two) == []
    result = new(two, "Players get a channel")
    assert result.out == f"{two.migrations}/V3__players_get_a_channel.sql\n"
    assert f"{SUM} is up to date" in result.err
    text = (two.migrations / "V3__players_get_a_channel.sql").read_text()
    assert text.startswith("-- Players get a channel\n")
    assert "tenant_id" in text
    assert [found[0] for found in rules(two)] == ["empty-file"]


@pytest.mark.full
def test_another_folder(two: Checkout) -> None:
    other = two.root / "other"
    other.mkdir()
    assert new(two, "--migrations", str(other), "first").code == 0
    assert (sorted(path.name for path in other.iterdir()), (two.root / "other.sum").exists()) == (
        ["V1__first.sql"],
        True,
    )


@pytest.mark.full
def test_an_older_file_that_changed_is_not_covered_up(two: Checkout) -> None:
    assert new(two, "third").code == 0
    (two.migrations / "V1__bets.sql").write_text("CREATE TABLE bets (id bigint);\n")
    found = ("sum-out-of-date", "infra/migrations/V1__bets.sql", 1, 1)
    assert found in rules(two)
    result = new(two, "fourth")
    assert (result.code, "is not what it was when V2__wallets.sql was added" in result.err) == (2, True), result
    assert len(names(two)) == 3
    asked = new(two, "--sum")
    assert (asked.code, "add --yes to mean it" in asked.err) == (2, True), asked
    assert found in rules(two)
    assert new(two, "--sum", "--yes").out == f"{two.root}/{SUM}\n"
    assert found not in rules(two)


@pytest.mark.full
def test_a_file_made_by_hand_is_entered_without_a_question(two: Checkout) -> None:
    (two.migrations / "V3__hand.sql").write_text("SELECT 1;\n")
    assert rules(two) == [("sum-out-of-date", "infra/migrations/V3__hand.sql", 1, 1)]
    assert new(two, "--sum").code == 0
    assert rules(two) == []


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "wants one of three"),
        pytest.param(("a", "--sum"), "wants one of three", marks=pytest.mark.full),
        pytest.param(("a", "--yes"), "leave it out", marks=pytest.mark.full),
        pytest.param(("日本",), "it has no letter of a to z", marks=pytest.mark.full),
        (("--renumber", "V9__x.sql"), "is no migration in"),
        pytest.param(
            ("--renumber", "infra/migrations/V2__wallets.sql"), "has the highest number already", marks=pytest.mark.full
        ),
    ],
)
def test_what_cannot_be_meant_is_said_and_changes_nothing(two: Checkout, words: tuple[str, ...], said: str) -> None:
    before = (names(two), (two.root / SUM).read_bytes())
    result = new(two, *words)
    assert (result.code, result.out, said in result.err) == (2, "", True), result
    assert (names(two), (two.root / SUM).read_bytes()) == before


class Git:
    """A repository of the checkout's own."""

    def __init__(self, checkout: Checkout) -> None:
        self._git = need("git")
        self.root = checkout.root
        self("init", "-q", "-b", "main")
        self("config", "user.email", "ann@example.org")
        self("config", "user.name", "Ann")
        self.commit("begin")

    def __call__(self, *words: str, code: int = 0) -> str:
        done = subprocess.run([self._git, *words], cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == code, done
        return done.stdout

    def commit(self, message: str) -> None:
        self("add", "infra", "pyproject.toml")
        self("commit", "-q", "-m", message)


@pytest.mark.full
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_two_branches_that_add_the_same_version_conflict_and_are_renumbered(two: Checkout, way: str) -> None:
    git = Git(two)
    git("checkout", "-q", "-b", "mine")
    for title in ("my channel", "my index"):
        file = Path(new(two, title).out.strip())
        file.write_text(f"CREATE TABLE {file.stem.lower()} (id int);\n")
    git.commit("mine")
    git("checkout", "-q", "main")
    file = Path(new(two, "their column").out.strip())
    file.write_text("ALTER TABLE bets ADD COLUMN note text;\n")
    git.commit("theirs")
    git("checkout", "-q", "mine")
    git(way, "main", code=1)
    assert git("diff", "--name-only", "--diff-filter=U") == f"{SUM}\n"  # the conflict is there, and only there
    assert ("sum-out-of-date", SUM, 4, 1) in rules(two)
    refused = new(two, "one more")
    assert (refused.code, "the order of the migrations ends before version 3" in refused.err) == (2, True), refused
    assert names(two) == [
        "V1__bets.sql",
        "V2__wallets.sql",
        "V3__my_channel.sql",
        "V3__their_column.sql",
        "V4__my_index.sql",
    ]

    result = new(two, "--renumber", "infra/migrations/V3__my_channel.sql")
    assert result.code == 0, result
    assert names(two) == [
        "V1__bets.sql",
        "V2__wallets.sql",
        "V3__their_column.sql",
        "V4__my_channel.sql",
        "V5__my_index.sql",
    ]
    assert rules(two) == []
    git.commit("both") if way == "merge" else git("add", "-A", "infra")
    if way == "rebase":
        git("-c", "core.editor=true", "rebase", "--continue")
    assert git("status", "--porcelain", "infra") == ""


@pytest.mark.full
def test_different_versions_of_two_branches_conflict_too(two: Checkout) -> None:
    git = Git(two)
    git("checkout", "-q", "-b", "mine")
    assert new(two, "mine").code == 0
    git.commit("mine")
    git("checkout", "-q", "main")
    (two.migrations / "V4__gap.sql").write_text("SELECT 1;\n")
    assert new(two, "--sum").code == 0
    git.commit("theirs")
    git("merge", "mine", code=1)
    assert git("diff", "--name-only", "--diff-filter=U") == f"{SUM}\n"
