"""A server that a person named by a connection string: checked, connected to, shown without its password."""

from __future__ import annotations

import re

import psycopg

from devkit.errors import DevkitError

_CONNECT_SECONDS = 10


def shown(dsn: str) -> str:
    """A server's name for people: host, port and user, never a password."""
    known = psycopg.conninfo.conninfo_to_dict(dsn)
    return f"{known.get('user', '')}@{known.get('host', 'local socket')}:{known.get('port', 5432)}".lstrip("@")


def check_dsn(dsn: str, *, from_command_line: bool) -> None:
    """DevkitError when `dsn` is no connection string, or carries a password where process lists show it."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise DevkitError(
            "the DSN is not a PostgreSQL connection string", "write it as postgresql://user@host:5432/database"
        ) from None
    if from_command_line and ("password" in parts or re.search(r"password\s*=", dsn)):
        raise DevkitError(
            "--dsn carries a password, which every process list on this machine shows",
            "leave it out, and put the whole DSN into DEVKIT_DSN, or the password into ~/.pgpass (PGPASSFILE)",
        )


def local_dsn(user: str, database: str, password: str, port: int) -> str:
    """The connection string of a server behind a port of this machine, which a port-forward's TLS leads to."""
    return psycopg.conninfo.make_conninfo(
        host="127.0.0.1", port=port, user=user, dbname=database, password=password,
        sslmode="disable",  # "prefer" would cost one connection more, each time
    )  # fmt: skip


def connection(dsn: str, name: str = "devkit") -> psycopg.Connection:
    """A connection in autocommit that other sessions see as `name`; psycopg.Error when there is none to be had."""
    return psycopg.connect(
        dsn, autocommit=True, prepare_threshold=None, connect_timeout=_CONNECT_SECONDS, application_name=name
    )


def refused(what: str, error: psycopg.Error, cure: str = "") -> DevkitError:
    """A server's refusal as a DevkitError: its own words, without a password that may stand in them."""
    return DevkitError(
        f"{what}: {said(error)}",
        cure or "check that the server runs and this role may CREATE DATABASE; "
        "DEVKIT_DSN or PGPASSFILE carries the password",
    )  # fmt: skip


def said(error: psycopg.Error) -> str:
    """The first line of what the server, or the way there, said."""
    first = (error.diag.message_primary or str(error)).strip().partition("\n")[0]
    return redacted(first) or "no reason given"


def redacted(text: str) -> str:
    """`text` with *** where a connection string in it has a password."""
    return re.sub(r"(://[^:/@\s]*:)[^@\s]*@|(password\s*=\s*)\S+", r"\1\2***", text)
