"""A database that exists for one replay, with an owner who is no superuser: embedded, or on a server named by DSN."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator

import psycopg
from psycopg import sql

from devkit.errors import DevkitError
from devkit.postgres.answering import answering
from devkit.postgres.cache import Cache
from devkit.postgres.drop import drop_database
from devkit.postgres.dsn import connection, refused, shown
from devkit.postgres.embedded import server
from devkit.postgres.install import no_server
from devkit.postgres.standin import USER_SETTINGS
from devkit.progress import Progress

_PREFIX = "devkit_scratch_"
_END_SECONDS, _DROP_SECONDS = 3.0, 90.0  # drop.py tries again for up to a minute
_ROLES_OF_OTHERS = 160_000  # from PostgreSQL 16 on, a creator's roles can be told from other people's


class Scratch:
    """An empty database and its owner's connection (autocommit)."""

    def __init__(self, connect: Callable[[], psycopg.Connection], admin: Callable[[], psycopg.Connection]) -> None:
        self._connect = connect
        self._admin = admin
        self.owner = connect()

    def terminate(self) -> None:
        """End the owner's session from outside, whatever it is doing; its connection is of no use afterwards.

        psycopg.Error when nobody answers.
        """
        with self._admin() as admin, answering(admin, _END_SECONDS):
            admin.execute("SELECT pg_terminate_backend(%s)", (self.owner.info.backend_pid,))

    def reopen(self) -> None:
        """A new session for the owner."""
        self.owner.close()
        self.owner = self._connect()

    def close(self) -> None:
        """End the owner's session."""
        self.owner.close()


@contextlib.contextmanager
def embedded_scratch(cache: Cache, *, database: str, owner: str, progress: Progress) -> Iterator[Scratch]:
    """A scratch database called `database`, owned by the role `owner`, on an embedded server of its own."""
    with server(cache, progress) as running:
        try:
            with running.admin() as admin:
                _hand_over(admin, database, owner)
        except psycopg.Error as error:
            raise DevkitError(
                f"[tool.devkit] owner {owner!r} or database {database!r} cannot be used: {error.diag.message_primary}",
                "choose other names in pyproject.toml",
            ) from error
        try:
            target = running.dsn(owner, database)
            with contextlib.closing(Scratch(lambda: connection(target), running.admin)) as scratch:
                yield scratch
        except psycopg.OperationalError as error:
            log = running.log.read_text("utf-8", "replace")
            raise no_server("it ended during the replay", f"{log}\n{error}", cache.folder) from error


def _hand_over(admin: psycopg.Connection, database: str, owner: str) -> None:
    """Make the owner, and give it the database that initdb made: no copy of a template has to be waited for."""
    # CREATEROLE, since migrations may make roles: they end with this server
    admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(sql.Identifier(owner)))
    if database != "postgres":
        admin.execute(sql.SQL("ALTER DATABASE postgres RENAME TO {}").format(sql.Identifier(database)))
    admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), sql.Identifier(owner)))
    settings = sql.SQL(", ").join(map(sql.Identifier, USER_SETTINGS))
    admin.execute(sql.SQL("GRANT SET ON PARAMETER {} TO PUBLIC").format(settings))


@contextlib.contextmanager
def dsn_scratch(dsn: str, *, extensions: frozenset[str]) -> Iterator[Scratch]:
    """A scratch database on the server that `dsn` names, created here and dropped at the end.

    As a superuser we make an owner role without powers, and install what of `extensions` needs a superuser
    beforehand; as anybody else with CREATEDB the replay runs as ourselves. Roles that the replay made go with it.
    What a killed run left is swept by the next: a run holds an advisory lock on its database's name.
    Raises DevkitError when the server cannot be reached or refuses; its texts never carry a password.
    """
    name = _PREFIX + secrets.token_hex(4)
    try:
        admin = connection(dsn)
    except psycopg.Error as error:
        raise refused(f"cannot connect to {shown(dsn)}", error) from None
    with admin:
        try:
            _sweep(admin, dsn)
            made_before = _roles_made(admin)
            user, password = _make(admin, name)
        except psycopg.Error as error:
            cure = "let this role make databases: ALTER ROLE … CREATEDB, as a superuser; then run it again"
            cure = cure if isinstance(error, psycopg.errors.InsufficientPrivilege) else ""
            raise refused(f"cannot make a scratch database on {shown(dsn)}", error, cure) from None
        try:
            _preinstall(dsn, name, user, extensions)
            target = psycopg.conninfo.make_conninfo(
                dsn, dbname=name, **({"user": user, "password": password} if password else {})
            )
            with contextlib.closing(Scratch(lambda: connection(target), lambda: connection(dsn))) as scratch:
                yield scratch
        except psycopg.OperationalError as error:
            raise refused(f"lost {shown(dsn)} during the replay", error) from None
        finally:
            # the server is gone, or does not answer: the next run sweeps
            with contextlib.suppress(psycopg.OperationalError), answering(admin, _DROP_SECONDS):
                _drop(admin, dsn, name, made_before)


def _lock_key(name: str) -> sql.Composed:
    return sql.SQL("hashtextextended({}, 0)").format(sql.Literal(name))


def _sweep(admin: psycopg.Connection, dsn: str) -> None:
    """Drop the scratch databases whose runs are gone: nobody holds their advisory lock any more."""
    pattern = _PREFIX.replace("_", r"\_") + "%"
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (pattern,)).fetchall():
        free = admin.execute(sql.SQL("SELECT pg_try_advisory_lock({})").format(_lock_key(name))).fetchone()
        if free and free[0]:
            # somebody else's, or held by what only a superuser may end: theirs to sweep
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                _drop(admin, dsn, name, _roles_made(admin))
            admin.execute(sql.SQL("SELECT pg_advisory_unlock({})").format(_lock_key(name)))


def _roles_made(admin: psycopg.Connection) -> frozenset[str]:
    """The roles that this session's user may administer because it made them, and theirs in turn."""
    rows = admin.execute(
        """
        WITH RECURSIVE made(oid) AS (
            SELECT roleid FROM pg_auth_members
             WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user) AND admin_option
            UNION SELECT m.roleid FROM pg_auth_members m JOIN made ON m.member = made.oid WHERE m.admin_option
        ) SELECT rolname FROM made JOIN pg_roles USING (oid) WHERE rolname !~ '^pg_'
        """
    )
    return frozenset(name for (name,) in rows)


def _make(admin: psycopg.Connection, name: str) -> tuple[str | None, str]:
    """Create the database `name`; returns the owner made for it with a password, or (None, '') for ourselves."""
    admin.execute(sql.SQL("SELECT pg_advisory_lock({})").format(_lock_key(name)))
    superuser = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if not (superuser and superuser[0]):
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return None, ""
    password = secrets.token_urlsafe(24)
    # The server gets the verifier, so that no log of its statements holds the password.
    verifier = admin.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    powers = "CREATEROLE" if admin.info.server_version >= _ROLES_OF_OTHERS else "NOCREATEROLE"
    admin.execute(
        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
            sql.Identifier(name), sql.SQL(powers), sql.Literal(verifier)
        )
    )
    admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(name)))
    return name, password


def _preinstall(dsn: str, name: str, user: str | None, extensions: frozenset[str]) -> None:
    if user is None:
        return
    with connection(psycopg.conninfo.make_conninfo(dsn, dbname=name)) as inside:
        rows = inside.execute(
            "SELECT DISTINCT name FROM pg_available_extension_versions"
            " WHERE name = ANY(%s) AND superuser AND NOT trusted",
            (sorted(extensions),),
        ).fetchall()
        for (extension,) in sorted(rows):
            inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _drop(admin: psycopg.Connection, dsn: str, name: str, made_before: frozenset[str]) -> None:
    """Drop the database, then the roles made since, the owner last."""
    drop_database(admin, dsn, name)
    owner = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    if owner:
        admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
        made = _roles_made(admin)
        admin.execute("RESET ROLE")
    else:
        made = _roles_made(admin) - made_before
    for role in [*sorted(made), *([name] if owner else [])]:
        admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
