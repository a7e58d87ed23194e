"""Fresh databases to ask in, with only the extension: on an embedded server, or on one that a DSN names."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from collections.abc import Callable, Iterator, Sequence

import psycopg
from pglast import ast, parse_sql
from pglast.parser import ParseError
from psycopg import sql

from devkit.postgres.cache import Cache
from devkit.postgres.condition import citus_version
from devkit.postgres.drop import drop_database
from devkit.postgres.dsn import connection, refused, shown
from devkit.postgres.embedded import server
from devkit.postgres.install import ADMIN
from devkit.progress import Progress

_TEMPLATE = "with_citus"
# What a hung statement would otherwise cost, and the settings under which the verdicts of Citus 13.0.3 were recorded:
# answers compare only where "default" means the same number of shards. Every session begins with them.
_BEGIN = "-c statement_timeout=60s -c lock_timeout=30s -c citus.shard_count=4 -c citus.shard_replication_factor=1"


Fresh = Callable[[Sequence[str]], contextlib.AbstractContextManager[psycopg.Connection]]


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """A server that makes a fresh database for the statements of a case, and drops it and their roles afterwards."""

    name: str
    postgres: str
    citus: str | None
    fresh: Fresh


@contextlib.contextmanager
def embedded_engine(cache: Cache, progress: Progress) -> Iterator[Engine]:
    """An embedded server of its own; asked as a superuser, as the recorded one was."""
    with server(cache, progress) as running, running.admin() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        with running.admin(_TEMPLATE) as template:
            template.execute("CREATE EXTENSION citus")
        # the files are copied: quicker than by way of the log where nothing is synced (fsync off)
        make = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(_TEMPLATE))
        yield _engine("embedded", admin, make, running.dsn(ADMIN, "postgres"))


@contextlib.contextmanager
def dsn_engine(dsn: str) -> Iterator[Engine]:
    """The server that `dsn` names, as the role that it names, which may make databases and the extension.

    DevkitError when it cannot be reached, or refuses.
    """
    try:
        admin = connection(dsn)
    except psycopg.Error as error:
        raise refused(f"cannot connect to {shown(dsn)}", error) from None
    with admin:
        yield _engine("dsn", admin, sql.SQL(""), dsn)


def _engine(name: str, admin: psycopg.Connection, make: sql.Composable, dsn: str) -> Engine:
    @contextlib.contextmanager
    def fresh(statements: Sequence[str]) -> Iterator[psycopg.Connection]:
        database = f"devkit_case_{secrets.token_hex(4)}"
        roles = _roles_made(statements) - _roles(admin)
        try:
            admin.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(database), make))
            target = psycopg.conninfo.make_conninfo(dsn, dbname=database, options=_BEGIN)
            with connection(target) as inside:
                inside.execute("CREATE EXTENSION IF NOT EXISTS citus")
                yield inside
        except psycopg.Error as error:
            raise refused("cannot ask in a fresh database", error) from None
        finally:
            with contextlib.suppress(psycopg.OperationalError):  # the server is gone
                drop_database(admin, dsn, database)
                for role in sorted(roles & _roles(admin)):
                    admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    version = admin.info.parameter_status("server_version") or "unknown"
    citus = citus_version(admin)
    return Engine(name, version.split(" ")[0], f"{citus} (stand-in)" if name == "embedded" else citus, fresh)


def _roles(admin: psycopg.Connection) -> frozenset[str]:
    return frozenset(name for (name,) in admin.execute("SELECT rolname FROM pg_catalog.pg_roles").fetchall())


def _roles_made(statements: Sequence[str]) -> frozenset[str]:
    """The roles that a case makes: they are the server's, and would be there for the next case."""
    made: set[str] = set()
    for statement in statements:
        with contextlib.suppress(ParseError):
            made |= {raw.stmt.role for raw in parse_sql(statement) if isinstance(raw.stmt, ast.CreateRoleStmt)}
    return frozenset(made)
