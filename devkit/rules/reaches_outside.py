"""reaches-outside: a migration changes its own database, and nothing around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pglast import ast

from devkit.finding import Finding, Place, Severity
from devkit.migrations.code import code
from devkit.migrations.nested import Inner, commands
from devkit.migrations.statements import Statement
from devkit.rules.rule import Judged, Rule, Subject

Tree = Any  # a node of pglast, which ships no types

_FILES = "the server's files: they differ on every machine, and a developer's role may not touch them"
_CLUSTER = "the whole server, not this database"
_CONNECTS = "another connection: its work is not part of this transaction, and stays when the migration fails"
_SESSION = "other sessions: a migration has nobody to talk to, and runs while nobody listens"
_WAITS = "the clock: everybody who needs the same tables waits with it"
_POWERS = "another role's powers: who owns what then depends on who runs the migration"

_CHECKS = "every foreign key and trigger of the database: this session does not check them"

_CONNECTING = frozenset({"dblink", "postgres_fdw", "file_fdw", "plpython3u", "plperlu", "pltclu", "adminpack", "http"})
# Functions by their names, and what each reaches for
_FUNCTIONS = (
    (re.compile(r"pg_(read_(binary_)?file|stat_file|ls_\w+|file_\w+|current_logfile)|lo_(import|export)"), _FILES),
    (re.compile(r"dblink\w*|postgres_fdw_\w+"), _CONNECTS),
    (re.compile(r"pg_(terminate|cancel)_backend|pg_notify"), _SESSION),
    (re.compile(r"pg_(reload_conf|rotate_logfile|promote|switch_wal|create_restore_point|backup_\w+)"), _CLUSTER),
    (re.compile(r"pg_sleep\w*"), _WAITS),
)
_SECOND_WORDS = frozenset(
    {"ROLE", "USER", "GROUP", "DATABASE", "SYSTEM", "TABLESPACE", "EXTENSION", "SUBSCRIPTION", "SESSION", "LOCAL",
     "SESSION_REPLICATION_ROLE"}
)  # fmt: skip
_CALL = re.compile(r"\b(pg_\w+|lo_(?:import|export)|dblink\w*|postgres_fdw_\w+)\s*\(", re.IGNORECASE)


def check(judged: Judged) -> Iterator[Finding]:
    """Commands by their parse tree, calls of functions by their names, wherever they are nested."""
    for statement in judged.statements:
        for inner in commands(statement):
            found = _reach(inner, statement)
            if found:
                reached, severity = found
                yield _finding(reached, severity, _words(inner), statement.place(inner.start))
        yield from _calls(statement)


def _reach(inner: Inner, statement: Statement) -> tuple[str, Severity] | None:
    """What a command reaches for, and how bad that is."""
    node = inner.node
    if isinstance(node, ast.VariableSetStmt):
        return _SETTINGS.get((node.name or "").lower()) if node.args else None
    if isinstance(node, ast.CreateRoleStmt) and _is_guarded(inner, statement):
        return None
    command = _COMMANDS.get(type(node))
    return command[:2] if command and command[2](node) else None


def _always(node: Tree) -> bool:
    del node
    return True


def _is_guarded(inner: Inner, statement: Statement) -> bool:
    """Whether a role is made only where there is none: in a block that asks first, or expects the error."""
    asks = re.search(r"pg_roles|pg_authid|pg_user\b|duplicate_object|\b42710\b", statement.text, re.IGNORECASE)
    return inner.start > 0 and asks is not None


def _calls(statement: Statement) -> Iterator[Finding]:
    if not _CALL.search(statement.text):
        return
    for call in _CALL.finditer(code(statement)):
        name = call[1].lower()
        for pattern, reached in _FUNCTIONS:
            if pattern.fullmatch(name):
                severity = Severity.WARNING if reached in {_WAITS, _SESSION} else Severity.ERROR
                yield _finding(reached, severity, name, statement.place(call.start(1), call.end(1)))


def _words(inner: Inner) -> str:
    """The command's name: its first word, and the second where that is one of SQL."""
    first, second = [*re.findall(r"\w+", inner.text), "", ""][:2]
    return f"{first} {second}".upper() if second.upper() in _SECOND_WORDS else first.upper()


def _finding(reached: str, severity: Severity, what: str, place: Place) -> Finding:
    return Finding(RULE.id, severity, f"{what} reaches for {reached}", _CURES[reached], place, object=what)


_SETTINGS = {
    "role": (_POWERS, Severity.WARNING),
    "session_authorization": (_POWERS, Severity.WARNING),
    "session_replication_role": (_CHECKS, Severity.ERROR),
}
_COMMANDS: dict[type[ast.Node], tuple[str, Severity, Callable[[Tree], bool]]] = {
    ast.CopyStmt: (_FILES, Severity.ERROR, lambda node: node.is_program or node.filename is not None),
    ast.LoadStmt: (_FILES, Severity.ERROR, _always),
    ast.AlterSystemStmt: (_CLUSTER, Severity.ERROR, _always),
    ast.CreatedbStmt: (_CLUSTER, Severity.ERROR, _always),
    ast.DropdbStmt: (_CLUSTER, Severity.ERROR, _always),
    ast.CreateTableSpaceStmt: (_CLUSTER, Severity.ERROR, _always),
    ast.DropTableSpaceStmt: (_CLUSTER, Severity.ERROR, _always),
    ast.CreateRoleStmt: (_CLUSTER, Severity.WARNING, _always),
    ast.DropRoleStmt: (_CLUSTER, Severity.WARNING, lambda node: not node.missing_ok),
    ast.CreateSubscriptionStmt: (_CONNECTS, Severity.ERROR, _always),
    ast.DropSubscriptionStmt: (_CONNECTS, Severity.ERROR, _always),
    ast.CreateExtensionStmt: (_CONNECTS, Severity.ERROR, lambda node: node.extname in _CONNECTING),
    ast.ListenStmt: (_SESSION, Severity.WARNING, _always),
    ast.UnlistenStmt: (_SESSION, Severity.WARNING, _always),
    ast.NotifyStmt: (_SESSION, Severity.WARNING, _always),
}
_CURES = {
    _FILES: "write the rows as INSERT, or load them from infra/seed; files belong to the image",
    _CLUSTER: "put it where the server is set up (infra/k8s); a role: in a DO block that asks pg_roles first",
    _CONNECTS: "do the work in this database; data from elsewhere belongs into infra/seed",
    _SESSION: "leave it out: the application listens, notifies and ends sessions, not a migration",
    _WAITS: "leave it out; what must wait for something belongs into the application or the deployment",
    _POWERS: "leave it out, and give the objects to their owner: ALTER … OWNER TO",
    _CHECKS: "leave it out, and load the rows in the order of their foreign keys",
}  # fmt: skip

RULE = Rule(
    id="reaches-outside",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="A migration changes its own database, and nothing around it.",
    why="What lies outside is not in the transaction, not the same on two machines, and not judged here.",
    bad=(
        "LISTEN changes;",
        "NOTIFY changes, 'schema';",
        "SELECT pg_sleep(0.01);",
        "CREATE ROLE reporting NOLOGIN;",
        "CREATE ROLE other NOLOGIN;\nGRANT other TO current_user;\nSET ROLE other;",
        "DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''id'''; EXCEPTION WHEN OTHERS THEN NULL; END $$;",
        "DO $$ BEGIN PERFORM pg_read_file('/etc/passwd'); EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER SYSTEM SET work_mem = '1GB'; END $$;",
    ),
    good=(
        """
        DO $$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reporting') THEN CREATE ROLE reporting; END IF;
        END $$;
        GRANT USAGE ON SCHEMA public TO reporting;
        DROP ROLE IF EXISTS old_reporting;
        """,
        "CREATE TABLE notes (line text); -- not pg_sleep(1)\nINSERT INTO notes VALUES ('pg_read_file(''x'')');",
        "SELECT pg_size_pretty(pg_database_size(current_database()));",
    ),
    check=check,
)
