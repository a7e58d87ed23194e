"""A team's checkout beside a database of theirs: files written, ./inv run, effects counted in the database."""

from __future__ import annotations

import dataclasses
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.checkout import Checkout, Result
from tests.server import Server

# Everything a schema consists of here, without the ledger: what two databases must have alike.
_SCHEMA = """
SELECT table_name, column_name, ordinal_position::int, data_type, coalesce(column_default, ''), is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT tablename, indexdef, 0, i.indisvalid::text, '', '' FROM pg_indexes
  JOIN pg_index i ON i.indexrelid = (quote_ident(schemaname) || '.' || quote_ident(indexname))::regclass
 WHERE schemaname = 'public'
UNION ALL
SELECT conrelid::regclass::text, pg_get_constraintdef(oid), 0, contype::text, conname, '' FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace
ORDER BY 1, 2, 3"""


@dataclasses.dataclass(frozen=True)
class Team:
    """A checkout and a database; `dsn` names the database for its owner."""

    checkout: Checkout
    server: Server
    dsn: str

    def write(self, name: str, text: str) -> Path:
        """Put a migration into the folder."""
        file = self.checkout.migrations / name
        file.write_text(text)
        return file

    def inv(self, *words: str, **env: str) -> Result:
        """Run ./inv to its end."""
        return self.checkout.run(*words, env=env)

    def migrate(self, *words: str, **env: str) -> Result:
        """Run ./inv migrate on the database."""
        return self.inv("migrate", "--dsn", self.dsn, *words, **env)

    def status(self, *words: str) -> Result:
        """Run ./inv status on the database."""
        return self.inv("status", "--dsn", self.dsn, *words)

    def states(self) -> dict[str, str]:
        """The state of every version, by name."""
        report = self.status("--format", "json").report()
        return {entry["name"]: entry["state"] for entry in report["history"]}

    def begin(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start ./inv migrate and go on."""
        return subprocess.Popen(
            self.checkout.argv("migrate", "--dsn", self.dsn, *words),
            cwd=self.checkout.root, env=self.checkout.environment(**env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def connect(self) -> psycopg.Connection:
        """A session of the database's owner, in autocommit."""
        return psycopg.connect(self.dsn, autocommit=True)

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows from the database."""
        with self.connect() as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def wait_for(self, pattern: str) -> int:
        """Wait for a session that runs a statement like `pattern`; returns the server's process."""
        query = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query ~ %s AND pid <> pg_backend_pid()"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with self.server.admin() as admin:
                found = admin.execute(query, (pattern,)).fetchone()
            if found:
                return int(found[0])
            time.sleep(0.02)
        raise AssertionError(f"nobody runs {pattern}")

    def schema(self) -> list[tuple[Any, ...]]:
        """What the database holds."""
        return self.ask(_SCHEMA)

    def another(self) -> Team:
        """The same files beside an empty database."""
        return dataclasses.replace(self, dsn=self.server.database())
