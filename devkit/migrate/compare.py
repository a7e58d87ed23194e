"""The live schema beside the one that a replay of the same files makes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from devkit.migrate.gate import Judgement
from devkit.migrate.look import Look
from devkit.migrate.outcome import Outcome
from devkit.postgres.database import Database
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import Snapshot, differences

_GRANTS = ("grant on ", "default grant of ")
_MEANWHILE = "the schema was not compared: somebody else migrated meanwhile; ./inv migrate again compares it"


def compare(
    database: Database, outcome: Outcome, judgement: Judgement | None, look_again: Callable[[], Look]
) -> Outcome:
    """`outcome` with what differs, or why nobody can say.

    Others may migrate meanwhile, from a newer checkout: a difference counts only while the history is the one compared.
    """
    why = _why_not(outcome, judgement)
    if why is not None or judgement is None or judgement.schema is None:
        return dataclasses.replace(outcome, not_compared=why)
    found = differences(judgement.schema, _comparable(read_snapshot(database.connection), judgement.schema))
    if not found:
        return outcome
    now = look_again()
    if now.entries == outcome.entries:
        return dataclasses.replace(outcome, differences=found)
    return now.outcome(ran=outcome.ran, done=outcome.done, not_compared=_MEANWHILE)


def _comparable(live: Snapshot, made: Snapshot) -> Snapshot:
    """Without what a server's administrator grants beyond the migrations: to other people's roles, at any time."""
    granted = {each.object for each in made}
    return tuple(each for each in live if not each.object.startswith(_GRANTS) or each.object in granted)


def _why_not(outcome: Outcome, judgement: Judgement | None) -> str | None:
    if judgement is None:
        return "the schema was not compared: nobody has replayed these files (--no-verify)"
    if judgement.schema is None:
        return "the schema was not compared: the replay of these files did not come to its end"
    ours, theirs = (version.partition(".")[0] for version in (judgement.postgres, outcome.server.postgres))
    if ours != theirs:
        return f"the schema was not compared: this server is PostgreSQL {theirs}, the replay's is {ours}"
    return None
