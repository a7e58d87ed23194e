"""What a real Citus keeps beside the tables is no part of the schema: shards, and what it takes away by itself."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from devkit.postgres.cache import Cache
from devkit.schema.catalog import read_catalog
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import Snapshot, differences
from tests.server import Server, running

TABLES = """
CREATE TABLE orders (a int, b int); CREATE STATISTICS st ON a, b FROM orders;
CREATE PUBLICATION mine FOR TABLE orders"""
# As 13.0.3 leaves them on a node that holds shards, while a copy of shards waits to be cleaned up.
BESIDE = """
CREATE FUNCTION pg_catalog.relation_is_a_known_shard(regclass) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT relname = 'orders_102008' FROM pg_catalog.pg_class WHERE oid = $1 $$;
SET allow_system_table_mods TO on;
CREATE TABLE pg_catalog.pg_dist_cleanup (object_type int, object_name text, node_group_id int);
INSERT INTO pg_catalog.pg_dist_cleanup VALUES (1, 'public.orders_102009', 0), (1, 'public.orders_102010', 2),
    (4, 'citus_shard_split_publication_2_10_1', 0);
GRANT SELECT ON pg_catalog.pg_dist_cleanup TO PUBLIC;
CREATE TABLE orders_102008 (a int, b int); CREATE STATISTICS st_102008 ON a, b FROM orders_102008;
CREATE TABLE orders_102009 (a int, b int); CREATE STATISTICS st_102009 ON a, b FROM orders_102009;
CREATE PUBLICATION citus_shard_split_publication_2_10_1 FOR TABLE orders_102009"""


def test_shards_and_what_waits_to_be_cleaned_up_are_not_in_the_schema(found: Cache) -> None:
    with running(found) as server:
        made, beside = _schema(server, TABLES, ""), _schema(server, TABLES, BESIDE)
    assert {each.object for each in made} >= {"table public.orders", "statistics public.st", "publication mine"}
    assert differences(made, beside) == ()


def _schema(server: Server, made: str, beside: str) -> Snapshot:
    dsn = server.database()
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(made.encode())
        with server.admin(str(conninfo_to_dict(dsn)["dbname"])) as admin:
            admin.execute(beside.encode())
        # what Citus calls a shard it hides from pg_class by itself
        assert {each.name for each in read_catalog(owner).tables} - {"orders_102008"} == {"orders"}
        return read_snapshot(owner)
