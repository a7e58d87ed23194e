"""Taking over: a database that dbmate made, one that Flyway's table describes, a plain one; never one that differs."""

from __future__ import annotations

import os
import subprocess
import zlib

import pytest

from bench.peers import dbmate
from devkit.postgres.install import ADMIN
from tests.migrate.team import Team
from tests.need import need

FILES = {
    "V1__bets.sql": "CREATE TABLE bets (id bigint PRIMARY KEY, note text);\n",
    "V2__index.sql": "CREATE INDEX bets_note ON bets (note);\nALTER TABLE bets ADD CHECK (id > 0);\n",
    "V3__later.sql": "CREATE TABLE later (id int);\n",
}
# flyway-core 11, PostgreSQLDatabase.getRawCreateScript: columns and types as Flyway makes them
FLYWAY = """
CREATE TABLE flyway_schema_history (
    installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT now(), execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL);
CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success)"""


def crc(text: str) -> int:
    """Flyway's checksum of a text with LF line ends."""
    number = zlib.crc32(text.replace("\n", "").encode())
    return number - 2**32 if number >= 2**31 else number


@pytest.fixture
def files(team: Team) -> Team:
    """Three migrations."""
    for name, text in FILES.items():
        team.write(name, text)
    return team


def make(team: Team, *names: str) -> None:
    """Run files as another runner would, without our ledger."""
    with team.connect() as connection:
        for name in names:
            connection.execute(FILES[name].encode())


def flyway(team: Team, *rows: tuple[str | None, str, str, int | None, bool]) -> None:
    """Flyway's table with `rows` of (version, type, script, checksum, success)."""
    with team.connect() as connection:
        connection.execute(FLYWAY.encode())
        for rank, row in enumerate(rows, 1):
            connection.execute(
                "INSERT INTO flyway_schema_history (installed_rank, version, type, script, checksum, success,"
                " description, installed_by, execution_time) VALUES (%s, %s, %s, %s, %s, %s, 'x', 'ann', 3)",
                (rank, *row),
            )


def applied(*names: str) -> list[tuple[str | None, str, str, int | None, bool]]:
    """Rows of Flyway's for files as they are."""
    return [(name[1], "SQL", name, crc(FILES[name]), True) for name in names]


def adopt(team: Team, *words: str) -> tuple[int, str, str]:
    """Run --adopt; (exit code, stdout, stderr)."""
    result = team.migrate("--adopt", *words)
    return result.code, result.out, result.err


def taken(team: Team) -> list[tuple[str, str]]:
    """What the ledger has, with where it came from."""
    if team.ask("SELECT to_regclass('devkit_ledger.migrations')::text") == [(None,)]:
        return []
    return team.ask("SELECT name, origin FROM devkit_ledger.migrations ORDER BY version")


@pytest.mark.full
def test_a_database_that_dbmate_made(files: Team) -> None:
    need("npm")
    folder = files.checkout.root / "theirs"
    folder.mkdir()
    for name in ("V1__bets.sql", "V2__index.sql"):
        (folder / f"{name[1]}_{name[4:]}").write_text(f"-- migrate:up\n{FILES[name]}\n-- migrate:down\n")
    (database,) = files.ask("SELECT current_database()")[0]
    url = f"postgres://{ADMIN}@/{database}?socket={files.server.folder}"
    subprocess.run(
        [dbmate(), "--url", url, "--migrations-dir", folder, "--no-dump-schema", "migrate"],
        check=True, capture_output=True,
    )  # fmt: skip
    with files.server.admin(database) as admin:
        admin.execute("ALTER TABLE schema_migrations OWNER TO app; ALTER TABLE bets OWNER TO app")
    code, out, err = adopt(files, "--yes")
    assert (code, "is what 2 files up to V2__index.sql make (dbmate)" in err) == (0, True), err
    assert out.startswith("✔ 2 files taken over; 2 baseline, 1 pending\n")
    assert taken(files) == [("V1__bets.sql", "dbmate"), ("V2__index.sql", "dbmate")]
    assert files.states() == {"V1__bets.sql": "baseline", "V2__index.sql": "baseline", "V3__later.sql": "pending"}
    assert files.migrate().code == 0
    assert files.ask("SELECT count(*) FROM bets, later") == [(0,)]
    assert "taken over from dbmate" in files.status().out


@pytest.mark.full
def test_a_database_that_flyways_table_describes(files: Team) -> None:
    make(files, "V1__bets.sql", "V2__index.sql")
    flyway(
        files, (None, "SCHEMA", "<< Flyway Schema Creation >>", None, True), *applied("V1__bets.sql", "V2__index.sql")
    )
    assert adopt(files, "--yes")[0] == 0
    assert taken(files) == [("V1__bets.sql", "flyway"), ("V2__index.sql", "flyway")]
    theirs = files.ask("SELECT checksum FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank")
    assert files.ask("SELECT flyway_crc32 FROM devkit_ledger.migrations ORDER BY version") == theirs
    assert files.migrate().code == 0


@pytest.mark.full
def test_flyways_baseline_covers_what_came_before(files: Team) -> None:
    make(files, "V1__bets.sql", "V2__index.sql")
    flyway(files, ("1.0", "BASELINE", "<< Flyway Baseline >>", None, True), *applied("V2__index.sql"))
    assert adopt(files, "--yes")[0] == 0
    assert len(taken(files)) == 2


@pytest.mark.full
def test_a_plain_database_up_to_a_version(files: Team) -> None:
    make(files, "V1__bets.sql")
    code, _, err = adopt(files, "--yes")
    assert (code, "--adopt --to VERSION" in err) == (2, True), err
    assert adopt(files, "--yes", "--to", "1")[0] == 0
    assert taken(files) == [("V1__bets.sql", "plain")]
    assert files.migrate().code == 0


@pytest.mark.full
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER TABLE bets ADD COLUMN extra int", "column public.bets.extra"),
        ("ALTER TABLE bets ALTER note SET DEFAULT 'x'", "column public.bets.note"),
        ("DROP INDEX bets_note", "index public.bets.bets_note"),
        ("ALTER TABLE bets DROP CONSTRAINT bets_id_check", "constraint public.bets.bets_id_check"),
        ("CREATE TABLE by_hand (id int)", "table public.by_hand"),
    ],
)
def test_a_database_that_differs_is_not_taken_over(files: Team, change: str, named: str) -> None:
    make(files, "V1__bets.sql", "V2__index.sql")
    flyway(files, *applied("V1__bets.sql", "V2__index.sql"))
    with files.connect() as connection:
        connection.execute(change.encode())
    code, out, _ = adopt(files, "--yes")
    assert (code, named in out, taken(files)) == (1, True, []), out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("1", "SQL", "V1__bets.sql", 7, True)], "V1__bets.sql is not what flyway applied: its checksum is"),
        pytest.param(
            [("1", "SQL", "V1__bets.sql", None, False)],
            "V1__bets.sql failed in flyway's history",
            marks=pytest.mark.full,
        ),
        pytest.param(
            [("9", "SQL", "V9__x.sql", None, True)],
            "flyway applied V9__x.sql, and no file here is V9__",
            marks=pytest.mark.full,
        ),
        pytest.param(
            [("1.1", "SQL", "V1.1__x.sql", None, True)], "has version 1.1 and type SQL", marks=pytest.mark.full
        ),
        pytest.param([(None, "SQL", "R__views.sql", 3, True)], "is repeatable", marks=pytest.mark.full),
        pytest.param([("1", "JDBC", "V1__x", None, True)], "has version 1 and type JDBC", marks=pytest.mark.full),
        pytest.param(
            [("2", "SQL", "V2__index.sql", None, True)], "flyway never applied V1__bets.sql", marks=pytest.mark.full
        ),
        pytest.param([], "flyway's history is empty", marks=pytest.mark.full),
    ],
)
def test_a_history_that_is_not_ours(
    files: Team, rows: list[tuple[str | None, str, str, int | None, bool]], said: str
) -> None:
    make(files, "V1__bets.sql", "V2__index.sql")
    flyway(files, *rows)
    code, _, err = adopt(files, "--yes")
    assert (code, said in err, taken(files)) == (2, True, []), err


@pytest.mark.full
def test_a_second_history_and_golang_migrates_are_questions(files: Team) -> None:
    with files.connect() as connection:
        connection.execute("CREATE TABLE schema_migrations (version bigint, dirty boolean)")
    assert "golang-migrate's" in adopt(files, "--yes")[2]
    flyway(files)
    assert "two histories are here: public.flyway_schema_history, public.schema_migrations" in adopt(files, "--yes")[2]


@pytest.mark.full
def test_nothing_is_taken_over_without_a_yes_or_twice(files: Team) -> None:
    make(files, "V1__bets.sql")
    flyway(files, *applied("V1__bets.sql"))
    code, _, err = adopt(files)
    assert (code, "add --yes to mean it" in err, taken(files)) == (2, True, []), err
    assert "is what 1 file up to V1__bets.sql make" in err
    assert adopt(files, "--yes")[0] == 0
    code, _, err = adopt(files, "--yes")
    assert (code, "has a ledger already, with 1 migration" in err) == (2, True), err


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2), ("", 2)])
@pytest.mark.full
def test_a_person_is_asked_on_a_terminal(files: Team, answer: str, code: int) -> None:
    make(files, "V1__bets.sql")
    flyway(files, *applied("V1__bets.sql"))
    person, terminal = os.openpty()
    with subprocess.Popen(
        files.checkout.argv("migrate", "--adopt", "--dsn", files.dsn), env=files.checkout.environment(),
        cwd=files.checkout.root, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal,
    ) as running:  # fmt: skip
        os.close(terminal)
        said = b""
        while b"go on? [y/N] " not in said:
            said += os.read(person, 4096)
        assert b"is what 1 file up to V1__bets.sql make (flyway): to be taken over" in said
        os.write(person, f"{answer}\n".encode())
        assert running.wait(60) == code
    os.close(person)
    assert len(taken(files)) == int(code == 0)
