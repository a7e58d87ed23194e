"""psql on the stack's database, through our own port-forward."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from devkit.cluster.proof import Proven, prove
from devkit.config import Settings
from devkit.errors import DevkitError
from devkit.process import foreground
from devkit.stack.database import stack_server

_COULD_NOT_CONNECT = 2  # psql's code, and also that of a session whose connection broke
_TASTES = frozenset({"PGOPTIONS", "PGTZ", "PGCLIENTENCODING", "PGDATESTYLE"})  # what says nothing of the server


def psql(settings: Settings, environ: Mapping[str, str], context: str, words: Sequence[str]) -> int:
    """Run psql with `words` as its arguments, on our own terminal; its exit code.

    DevkitError when the cluster may not be looked at, there is no psql here, no Secret with the password or no pod,
    or the forward comes to nothing.
    """
    proven = prove(settings, environ, context)
    program = shutil.which("psql", path=environ.get("PATH", ""))
    if program is None:
        raise DevkitError("psql is not on PATH", _install(proven))
    with stack_server(proven) as (password, forward):
        env = environment(settings, environ, password, forward.port)
        try:
            code = foreground([program, *words], cwd=Path.cwd(), env=env)
        except OSError as error:
            raise DevkitError(f"{program} cannot be started: {error.strerror}", _install(proven)) from error
        if code == _COULD_NOT_CONNECT and forward.problem:
            raise DevkitError(forward.problem, "./inv status shows what is up")
    return code


def environment(settings: Settings, environ: Mapping[str, str], password: str, port: int) -> dict[str, str]:
    """`environ` for a psql that is meant for the server behind `port` of this machine, and for no other.

    The password goes here: every process list shows arguments.
    """
    others = {name: value for name, value in environ.items() if not name.startswith("PG") or name in _TASTES}
    return {
        **others,
        "PGHOST": "127.0.0.1",
        "PGPORT": str(port),
        "PGUSER": settings.owner,
        "PGDATABASE": settings.database,
        "PGPASSWORD": password,
        "PGSSLMODE": "disable",  # the forward's TLS leads there; "prefer" would cost a connection more
    }


def _install(proven: Proven) -> str:
    settings = proven.settings
    there = f"psql -U {shlex.quote(settings.owner)} -d {shlex.quote(settings.database)}"
    return (
        "install it (macOS: brew install libpq && brew link --force libpq; Debian: apt install postgresql-client), "
        f"or take the one in the pod: {proven.kubectl} exec -it service/{settings.database_service} -- {there}"
    )
