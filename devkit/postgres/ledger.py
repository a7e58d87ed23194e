"""The ledger: a table in the database it speaks of, one row a migration, changed only together with what it says.

Every text here is complete SQL, so that it can travel in one message with the statements it belongs to.
"""

from __future__ import annotations

import dataclasses
import getpass
import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from devkit import __version__
from devkit.migrations.applied import OWN, Applied
from devkit.migrations.digests import ALGORITHM, file_digest, flyway_crc32, line_digests, statements_digest

if TYPE_CHECKING:
    from devkit.postgres.record import Script  # PostgreSQL's parser: who only reads does without

# Not called as a role may well be: "$user" in the search path would send that role's tables here.
SCHEMA = "devkit_ledger"

# A plain local table, whatever the server makes of new schemas and tables by itself.
_MAKE = """BEGIN;
SET LOCAL citus.enable_schema_based_sharding TO off;
SET LOCAL citus.use_citus_managed_tables TO off;
CREATE SCHEMA IF NOT EXISTS devkit_ledger;
CREATE TABLE IF NOT EXISTS devkit_ledger.migrations (
    version numeric PRIMARY KEY,
    name text NOT NULL,
    algorithm text NOT NULL,
    digest text NOT NULL,
    lines bytea NOT NULL,
    statements integer NOT NULL,
    applied integer NOT NULL,
    running boolean NOT NULL,
    frozen_digest text NOT NULL,
    error text,
    origin text NOT NULL,
    started_at timestamptz NOT NULL,
    milliseconds bigint,
    by_whom text NOT NULL,
    devkit text NOT NULL,
    flyway_crc32 integer NOT NULL
);
COMMENT ON TABLE devkit_ledger.migrations IS
    'Which migrations this database has. Written by ./inv migrate in the transaction of each; ./inv status shows it.';
COMMIT"""

_READ = """
SELECT version::text, name, algorithm, digest, lines, statements, applied, running, frozen_digest, error, origin,
       started_at, milliseconds, by_whom, devkit FROM devkit_ledger.migrations ORDER BY migrations.version"""

_INSERT = sql.SQL("""
INSERT INTO devkit_ledger.migrations (version, name, algorithm, digest, lines, statements, applied, running,
    frozen_digest, error, origin, started_at, milliseconds, by_whom, devkit, flyway_crc32)
VALUES ({version}, {name}, {algorithm}, {digest}, {lines}, {statements}, {applied}, false, {frozen}, {error},
    {origin}, pg_catalog.now(), {milliseconds}, {by_whom}, {devkit}, {crc})""")
_MILLISECONDS = sql.SQL("1000 * extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.now())")

_UPSERT = sql.SQL("""{insert}
ON CONFLICT (version) DO UPDATE SET name = excluded.name, algorithm = excluded.algorithm, digest = excluded.digest,
    lines = excluded.lines, statements = excluded.statements, error = excluded.error,
    started_at = excluded.started_at, by_whom = excluded.by_whom, devkit = excluded.devkit,
    flyway_crc32 = excluded.flyway_crc32
WHERE devkit_ledger.migrations.applied < devkit_ledger.migrations.statements OR devkit_ledger.migrations.running""")

_DROP_UNFINISHED = sql.SQL(
    "DELETE FROM devkit_ledger.migrations WHERE version = {version} AND applied = 0 AND NOT running"
)
_PROGRESS = sql.SQL("""
UPDATE devkit_ledger.migrations SET applied = {applied}, running = {running}, frozen_digest = {frozen},
    error = {error}, milliseconds = CASE WHEN {applied} = statements AND NOT {running}
                        THEN 1000 * extract(epoch FROM pg_catalog.clock_timestamp() - started_at) END
 WHERE version = {version}""")


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """What the ledger is told of a script, by whom; `origin` names what a database was taken over from."""

    script: Script
    by_whom: str
    origin: str = OWN

    @property
    def version(self) -> int:
        """The migration's number."""
        return self.script.migration.version

    def frozen(self, statements: int) -> str:
        """The digest of so many statements from the first on."""
        return statements_digest(each.text for each in self.script.statements[:statements])

    def insert(self, applied: int, *, error: str | None = None) -> sql.Composed:
        """Enter the migration, of which `applied` statements are there: those of this transaction, since its begin."""
        text = self.script.migration.source.text
        return _INSERT.format(
            version=sql.Literal(self.version), name=sql.Literal(self.script.migration.name),
            algorithm=sql.Literal(ALGORITHM), digest=sql.Literal(file_digest(text)),
            lines=sql.Literal(line_digests(text)), statements=sql.Literal(len(self.script.statements)),
            applied=sql.Literal(applied), frozen=sql.Literal(self.frozen(applied)), error=sql.Literal(error),
            origin=sql.Literal(self.origin), milliseconds=_MILLISECONDS if applied and self.origin == OWN else sql.NULL,
            by_whom=sql.Literal(self.by_whom), devkit=sql.Literal(__version__), crc=sql.Literal(flyway_crc32(text)),
        )  # fmt: skip

    def begin(self) -> sql.Composed:
        """Enter it, or take up the row of an attempt that stopped; what that one applied stays noted."""
        return _UPSERT.format(insert=self.insert(0))

    def failed(self, error: str) -> sql.Composed:
        """Note that an attempt was rolled back, and what the server said."""
        return _UPSERT.format(insert=self.insert(0, error=error))

    def drop_unfinished(self) -> sql.Composed:
        """Forget an attempt of which nothing stayed."""
        return _DROP_UNFINISHED.format(version=sql.Literal(self.version))

    def progress(self, applied: int, *, running: bool = False, error: str | None = None) -> sql.Composed:
        """Note that `applied` statements are there, and whether the next one is under way."""
        return _PROGRESS.format(
            version=sql.Literal(self.version), applied=sql.Literal(applied), running=sql.Literal(running),
            frozen=sql.Literal(self.frozen(applied + int(running))), error=sql.Literal(error),
        )  # fmt: skip


def make(connection: psycopg.Connection) -> None:
    """Create the ledger where it is missing: who finds it there needs no right to create."""
    row = connection.execute("SELECT to_regclass('devkit_ledger.migrations') IS NULL").fetchone()
    if row and row[0]:
        connection.execute(_MAKE.encode())


def read(connection: psycopg.Connection) -> tuple[Applied, ...]:
    """All rows by version; none where there is no ledger yet."""
    try:
        rows: Sequence[tuple[object, ...]] = connection.execute(_READ).fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return ()
    return tuple(Applied(int(str(row[0])), *row[1:]) for row in rows)  # type: ignore[arg-type]  # the columns' types


def whoami() -> str:
    """The person at this machine, as others will read it: user@host."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"
