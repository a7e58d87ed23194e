"""Bad input, nothing lost: each row runs the real ./inv verify and looks for what is left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.checkout import ROOT, Checkout
from tests.everyday import first
from tests.need import need
from tests.processes import command_lines

GOOD = "CREATE TABLE good (id int PRIMARY KEY);\n"


@dataclasses.dataclass(frozen=True)
class Row:
    """A second migration, and what verify must say of it."""

    name: str
    text: str
    rule: str
    line: int
    column: int
    cure: str
    sqlstate: str | None = None


ROWS = (
    Row("syntax error", "SELECT 1;\nCREAT TABLE t (a int);\n", "syntax-error", 2, 1, "mend the statement", "42601"),
    Row(
        "runtime error in a DO block",
        "DO $$\nBEGIN\n  PERFORM 1;\n  PERFORM 1 / 0;\nEND $$;\n",
        "engine-refusal", 4, 3, "mend this statement", "22012",
    ),
    Row(
        "name that does not exist, in a DO block",
        "DO $$\nBEGIN\n  INSERT INTO nowhere VALUES (1);\nEND $$;\n",
        "engine-refusal", 3, 15, "mend this statement", "42P01",
    ),
    Row("psql \\copy", "\\copy t FROM 'rows.csv'\n", "psql-command", 1, 1, "INSERT"),
    Row("psql \\i", "SELECT 1;\n  \\i other.sql\n", "psql-command", 2, 3, "write it in SQL"),
    Row("COPY FROM STDIN", "COPY good FROM STDIN;\n1\n2\n\\.\n", "copy-from-stdin", 1, 1, "INSERT"),
    Row("COPY TO STDOUT", "COPY good TO STDOUT;\n", "copy-to-stdout", 1, 1, "delete it"),
    Row("an endless statement", "SELECT 1;\nSELECT pg_sleep(600);\n", "statement-timeout", 2, 1, "raise", "57014"),
    Row(
        "a loop that catches its cancel",
        "SET statement_timeout = 0;\nDO $$ BEGIN LOOP\n"
        "  BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END;\nEND LOOP; END $$;\n",
        "statement-timeout", 3, 3, "raise", "57014",
    ),
    Row(
        "an unfinished transaction", "BEGIN;\nCREATE TABLE t (a int);\nSELECT 1 / 0;\n",
        "engine-refusal", 3, 1, "mend", "22012",
    ),
    Row(
        "a deferred constraint at commit",
        "ALTER TABLE good ADD up int REFERENCES good DEFERRABLE INITIALLY DEFERRED;\nINSERT INTO good VALUES (1, 2);\n",
        "engine-refusal", 2, 1, "mend", "23503",
    ),
    Row(
        "an extension that is not there", "CREATE EXTENSION postgis;\n",
        "engine-refusal", 1, 1, "this server does not have it", "0A000",
    ),
    Row(
        "a collation of ICU", 'CREATE TABLE t (a text COLLATE "de-x-icu");\n',
        "engine-refusal", 1, 24, "has no ICU", "42704",
    ),
    Row(
        "a columnar table", "CREATE TABLE t (a int) USING columnar;\n",
        "engine-refusal", 1, 1, "no columnar tables", "42704",
    ),
    Row("not UTF-8", "SELECT 'caf\udce9';\n", "not-utf-8", 1, 12, "iconv"),
)  # fmt: skip


@pytest.fixture
def bad(empty: Checkout) -> Iterator[Checkout]:
    """A checkout with one good migration; afterwards the next run works and nothing is left behind."""
    empty.configure("statement-timeout-seconds = 1")
    (empty.migrations / "V1__good.sql").write_text(GOOD)
    yield empty
    assert empty.left_behind() == []
    for other in empty.migrations.iterdir():
        if other.name != "V1__good.sql":
            other.unlink()
    after = empty.verify("--no-cache")
    assert (after.code, after.report()["summary"]["replayed"]) == (0, 1), after


@pytest.mark.parametrize("row", first(1, ROWS), ids=lambda row: row.name)
def test_a_bad_migration_is_one_error_at_its_place_with_a_cure(bad: Checkout, row: Row) -> None:
    (bad.migrations / "V2__bad.sql").write_bytes(row.text.encode("utf-8", "surrogateescape"))
    result = bad.verify()
    assert result.code == 1, result
    assert result.found() == [(row.rule, "infra/migrations/V2__bad.sql", row.line, row.column)]
    (finding,) = [each for each in result.report()["findings"] if each["severity"] == "error"]
    assert row.cure in finding["help"]
    assert finding["sqlstate"] == row.sqlstate
    assert str(bad.cache) not in result.out
    assert result.report()["summary"]["replayed"] == 1


@pytest.mark.full
def test_a_do_block_cannot_start_a_program(bad: Checkout, tmp_path: Path) -> None:
    made = tmp_path / "made"
    text = f"DO $$ BEGIN\n  COPY good TO PROGRAM 'touch {made}';\nEND $$;\n"
    (bad.migrations / "V2__bad.sql").write_text(text)
    result = bad.verify()
    assert result.code == 1
    assert result.found() == [("engine-refusal", "infra/migrations/V2__bad.sql", 2, 3)]
    assert not made.exists()


@pytest.mark.full
def test_fifty_megabytes_in_one_file_are_refused_unread(bad: Checkout) -> None:
    with (bad.migrations / "V2__big.sql").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = bad.verify()
    assert (result.code, result.found()) == (1, [("file-too-large", "infra/migrations/V2__big.sql", 1, 1)])
    assert "infra/seed" in result.out


@pytest.mark.full
def test_fifteen_megabytes_of_rows_are_replayed(bad: Checkout) -> None:
    rows = "".join(f"({100_000_000 + n}),\n" for n in range(1_100_000))
    (bad.migrations / "V2__rows.sql").write_text("INSERT INTO good VALUES\n" + rows.rstrip(",\n") + ";\n")
    bad.configure("statement-timeout-seconds = 60")
    assert bad.verify().code == 0


@pytest.mark.full
def test_five_thousand_files_are_replayed(bad: Checkout) -> None:
    for number in range(2, 5001):
        (bad.migrations / f"V{number}__t.sql").write_text(f"CREATE TABLE t{number} (id int PRIMARY KEY);\n")
    result = bad.verify()
    assert (result.code, result.report()["summary"]["replayed"]) == (0, 5000)


def _missing(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def _emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _a_file(folder: Path) -> None:
    _missing(folder)
    folder.write_text("")


@pytest.mark.parametrize(
    ("spoil", "problem", "cure"),
    first(
        1,
        [
            (_missing, "does not exist", "mkdir -p"),
            (_emptied, "there is no migration", "V1__<name>.sql"),
            (_a_file, "is a file", "--migrations DIR"),
        ],
    ),
)
def test_a_folder_that_holds_nothing_is_no_verdict(
    empty: Checkout, spoil: Callable[[Path], None], problem: str, cure: str
) -> None:
    (empty.migrations / "V1__good.sql").write_text(GOOD)
    spoil(empty.migrations)
    result = empty.verify()
    assert result.code == 2
    assert (result.out, problem in result.err, cure in result.err) == ("", True, True), result.err
    assert empty.left_behind() == []


def mortal() -> list[str]:
    """Words before a command line that take root's right to read everything away; none for anybody else."""
    powers = "-dac_override,-dac_read_search"
    return [need("setpriv"), f"--bounding-set={powers}", f"--inh-caps={powers}"] if os.geteuid() == 0 else []


@pytest.mark.parametrize("which", first(1, ["migrations", "manifests"]))
def test_a_closed_folder_is_no_verdict_and_the_command_that_opens_it(empty: Checkout, which: str) -> None:
    closed = empty.migrations if which == "migrations" else empty.manifests
    closed.chmod(0)
    argv = [*mortal(), *empty.argv("verify")]
    done = subprocess.run(argv, env=empty.environment(), capture_output=True, text=True, check=False)
    closed.chmod(0o755)
    assert (done.returncode, "chmod" in done.stderr) == (2, True), done


def test_a_closed_file_is_an_entry_without_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("closed")
    (folder / "V1__a.sql").write_text(GOOD)
    (folder / "V1__a.sql").chmod(0)
    script = "import sys; from pathlib import Path; from devkit.migrations.folder import read_folder; "
    script += "print([str(e.trouble) for e in read_folder(Path(sys.argv[1]))])"
    argv = [*mortal(), sys.executable, "-c", script, str(folder)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['cannot be read']\n"


@pytest.mark.full
def test_links_to_nothing_and_out_of_the_folder_end_the_replay(bad: Checkout, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.sql").write_text(GOOD)
    (bad.migrations / "V2__gone.sql").symlink_to("nowhere.sql")
    (bad.migrations / "V3__out.sql").symlink_to(tmp_path / "elsewhere.sql")
    result = bad.verify()
    assert result.code == 1
    assert [(rule, file.rpartition("/")[2]) for rule, file, _, _ in result.found()] == [
        ("unreadable-file", "V2__gone.sql"),
        ("symlink-outside", "V3__out.sql"),
    ]


@pytest.mark.full
@pytest.mark.parametrize("megabytes", first(1, [80, 20, 110]))
def test_a_full_disk_is_said_and_leaves_nothing_half_made(
    bad: Checkout, small_disk: Callable[[int], Path], megabytes: int
) -> None:
    """20 MiB do not hold the server, 80 no copy of its data, 110 not what the migration inserts."""
    grow = "INSERT INTO good SELECT g FROM generate_series(1, 2000000) g;\n"
    (bad.migrations / "V2__grow.sql").write_text(grow)
    bad.configure("statement-timeout-seconds = 60")
    disk = small_disk(megabytes)
    result = bad.run("verify", env={"DEVKIT_CACHE": str(disk)})
    assert result.code == 2, result
    assert "disk" in result.err
    assert "DEVKIT_CACHE=DIR" in result.err
    assert dataclasses.replace(bad, cache=disk).left_behind() == []
    assert list(disk.glob(".making-*")) == []


@pytest.mark.parametrize(
    ("number", "code"),
    first(1, [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]),
)
def test_a_stopped_run_leaves_no_server_and_no_directory(bad: Checkout, number: int, code: int) -> None:
    (bad.migrations / "V2__sleep.sql").write_text("SELECT pg_sleep(600);\n")
    bad.configure("statement-timeout-seconds = 600")
    bad.configure(f'owner = "sleeper{os.getpid()}"')
    with subprocess.Popen(bad.argv("verify"), env=bad.environment(), stderr=subprocess.PIPE, text=True) as running:
        try:
            # a PostgreSQL backend shows its user and what it does
            assert eventually(lambda: f"sleeper{os.getpid()} app [local] SELECT" in "\n".join(command_lines()))
            running.send_signal(number)
            _, said = running.communicate(timeout=30)
        finally:
            running.kill()
    assert running.returncode == code
    assert "Traceback" not in said
    assert eventually(lambda: bad.left_behind() == [])


@pytest.mark.full
@pytest.mark.parametrize("delay", [0.05 * step for step in range(1, 25)])
def test_kill_at_any_moment_is_forgotten_by_the_next_run(bad: Checkout, delay: float) -> None:
    running = subprocess.Popen(bad.argv("verify", "--no-cache"), env=bad.environment(), stdout=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(delay)
    running.kill()
    running.wait()
    assert eventually(lambda: bad.left_behind() == [])


@pytest.mark.full
@pytest.mark.parametrize("warm", first(1, [True, False]))
def test_runs_at_once_do_not_meet(bad: Checkout, warm: bool) -> None:
    """Neither with a server unpacked already nor when all of them find an empty cache."""
    cold = Path(tempfile.mkdtemp(prefix="devkit-cold-", dir="/var/tmp"))
    cold.chmod(0o755)
    env = bad.environment() if warm else bad.environment(DEVKIT_CACHE=str(cold))
    argv = bad.argv("verify", "--no-cache")
    runs = [subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    shutil.rmtree(cold)


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether `holds` becomes true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
