"""Databases of ours go, whatever a change of shards that was cut short has left in them."""

from __future__ import annotations

import psycopg

from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN
from devkit.postgres.scratch import dsn_scratch
from tests.server import running

# As Citus 13.0.3 leaves it when create_distributed_table_concurrently is cancelled; it keeps the database from going.
LEFT = "CREATE SUBSCRIPTION citus_shard_split_subscription_1 CONNECTION 'dbname=a' PUBLICATION b WITH (connect = false)"


def test_a_subscription_that_was_left_keeps_nobody_from_a_scratch_database(found: Cache) -> None:
    with running(found) as server:
        dsn = server.dsn(ADMIN, "postgres")
        server.database("devkit_scratch_killed")
        with server.admin("devkit_scratch_killed") as admin:
            admin.execute("SET client_min_messages TO error")
            admin.execute(LEFT.encode())
        with dsn_scratch(dsn, extensions=frozenset()) as scratch:
            here = scratch.owner.info.dbname
            with psycopg.connect(server.dsn(ADMIN, here), autocommit=True) as inside:
                inside.execute("SET client_min_messages TO error")
                inside.execute(LEFT.replace("_1 ", "_2 ").encode())
        with server.admin() as admin:
            left = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'devkit%'").fetchall()
    assert left == []
