"""A server's condition, read in one or two questions: what a migration would meet there."""

from __future__ import annotations

import dataclasses

import psycopg

from devkit.postgres.standin.telling import IS_THERE

PROBE_MEGABYTES = 16

# The stand-in's library is SQL, so its version is told by no setting.
_CONDITION = f"""
SELECT current_setting('server_version'), current_database()::text, current_user::text,
       pg_catalog.pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
       substring(current_setting('citus.version', true) FROM '^[0-9]+[.][0-9]+'),
       (SELECT split_part(e.extversion, '-', 1) FROM pg_catalog.pg_extension e WHERE e.extname = 'citus'),
       {IS_THERE},
       array(SELECT n || '=' || current_setting(n, true) FROM unnest(%s::text[]) n
              WHERE current_setting(n, true) IS NOT NULL)"""  # noqa: S608 - what is put in is a constant of ours

_NODES = """
SELECT nodename || ':' || nodeport, isactive AND metadatasynced FROM pg_catalog.pg_dist_node
 WHERE groupid <> 0 AND noderole = 'primary' ORDER BY 1"""

# Of a node that is away nobody knows whom it reaches (NULL): that says nothing of the others.
_HEALTH = """
SELECT DISTINCT to_nodename || ':' || to_nodeport FROM pg_catalog.citus_check_cluster_node_health()
 WHERE result IS FALSE OR (result IS NULL AND (from_nodename, from_nodeport) = (to_nodename, to_nodeport)) ORDER BY 1"""

_WORKER_VERSIONS = """
SELECT nodename || ':' || nodeport, CASE WHEN success THEN coalesce(nullif(result, ''), 'none') ELSE result END
  FROM pg_catalog.run_command_on_workers(
    $$SELECT split_part(extversion, '-', 1) FROM pg_catalog.pg_extension WHERE extname = 'citus'$$) ORDER BY 1"""

# A temporary table is written to the database's own disk, and needs no right but TEMP.
_WRITE = """BEGIN; SET LOCAL client_min_messages = error;
CREATE TEMP TABLE devkit_room (filler text STORAGE EXTERNAL) ON COMMIT DROP;
INSERT INTO devkit_room SELECT repeat('devkit  ', 1024) FROM generate_series(1, {rows});
ROLLBACK"""


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """What a server says of itself. `library` and `extension` are Citus's as 13.0; `settings` those that were asked."""

    version: str
    database: str
    user: str
    is_replica: bool
    is_read_only: bool
    library: str | None
    extension: str | None
    is_standin: bool
    settings: tuple[tuple[str, str], ...]


def read_condition(connection: psycopg.Connection, settings: tuple[str, ...]) -> Condition:
    """Ask `connection`'s server; `settings` are names it may know."""
    ((version, *rest, found),) = connection.execute(_CONDITION, (list(settings),)).fetchall()
    database, user, is_replica, is_read_only, library, extension, is_standin = rest
    return Condition(
        version.split(" ", 1)[0], database, user, is_replica, is_read_only, library, extension, is_standin,
        tuple((text.partition("=")[0], text.partition("=")[2]) for text in found),
    )  # fmt: skip


def worker_count(connection: psycopg.Connection) -> int:
    """How many workers the coordinator knows."""
    return len(connection.execute(_NODES).fetchall())


def unreachable_workers(connection: psycopg.Connection) -> tuple[str, ...]:
    """The workers that are switched off, lack the metadata, or cannot be reached from somewhere in the cluster."""
    nodes = connection.execute(_NODES).fetchall()
    if not nodes:
        return ()
    bad = {name for name, is_ready in nodes if not is_ready}
    row = connection.execute("SELECT to_regproc('pg_catalog.citus_check_cluster_node_health') IS NOT NULL").fetchone()
    if row and row[0]:
        bad.update(name for (name,) in connection.execute(_HEALTH).fetchall())
    return tuple(sorted(bad))


def worker_versions(connection: psycopg.Connection) -> tuple[tuple[str, str], ...]:
    """The version of the citus extension on each worker, as 13.0 ("none" where it is missing)."""
    row = connection.execute("SELECT to_regproc('pg_catalog.run_command_on_workers') IS NOT NULL").fetchone()
    if not (row and row[0]):
        return ()
    return tuple((str(node), str(version)) for node, version in connection.execute(_WORKER_VERSIONS).fetchall())


def has_room(connection: psycopg.Connection) -> bool:
    """Whether PROBE_MEGABYTES more fit on the server's disk: tried, since no catalog tells."""
    rows = PROBE_MEGABYTES * 128  # of 8 KiB each
    try:
        connection.execute(_WRITE.format(rows=rows).encode())
    except (psycopg.errors.DiskFull, psycopg.errors.InsufficientPrivilege) as error:
        connection.execute("ROLLBACK")
        return not isinstance(error, psycopg.errors.DiskFull)  # without the right to try, nobody can say
    return True


def citus_version(connection: psycopg.Connection) -> str | None:
    """The major.minor of the citus extension that the server offers, as 13.0; None when it offers none."""
    row = connection.execute(
        "SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'citus'"
    ).fetchone()
    return str(row[0]).partition("-")[0] if row else None
