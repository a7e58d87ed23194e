"""A boolean setting is read as PostgreSQL reads it."""

from __future__ import annotations

import psycopg

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import server
from devkit.postgres.install import ADMIN
from devkit.progress import silent
from devkit.rules.escapes import escapes

WORDS = ("on", "off", "true", "false", "yes", "no")
VALUES = sorted(
    {word[:length] for word in WORDS for length in range(len(word) + 1)} | {"0", "1", "2", " on ", "ON", "onn"}
)


def test_every_spelling_means_what_the_server_takes_it_for(found: Cache) -> None:
    with (
        server(found, silent) as running,
        psycopg.connect(running.dsn(ADMIN, "postgres"), autocommit=True) as connection,
    ):
        for value in VALUES:
            try:
                row = connection.execute("SELECT %s::boolean", (value,)).fetchone()
                meant = row[0] if row else None
            except psycopg.DataError:
                meant = None
            assert escapes("citus.enable_unsafe_triggers", value) == (meant is True), value
            assert escapes("citus.enable_ddl_propagation", value) == (meant is False), value
