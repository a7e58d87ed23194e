"""Before anything is applied: what on this server would let unsafe things through, or stop half-way."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.errors import DevkitError
from devkit.postgres.condition import Condition
from devkit.postgres.database import Database
from devkit.rules.escapes import ESCAPES, escapes

# A setting, the value a replay has, and what another one does.
_AS_REPLAYED = {
    "session_replication_role": ("origin", "silences triggers and foreign keys"),
    "standard_conforming_strings": ("on", "gives backslashes in texts another meaning"),
    "check_function_bodies": ("on", "takes functions unread, mistakes and all"),
    "citus.enable_metadata_sync": ("on", "keeps new tables from the workers"),
    "citus.enforce_foreign_key_restrictions": ("on", "lets one transaction do what Citus cannot undo"),
}
SETTINGS = (*ESCAPES, *_AS_REPLAYED)


def check(database: Database, condition: Condition, *, lacks_citus: bool) -> None:
    """DevkitError when the server is in no condition to be migrated.

    `lacks_citus`: the files need the extension, and none of them creates it.
    """
    found = [*_settings(condition), *_citus(condition, lacks_citus=lacks_citus), *_replica(condition)]
    if not found:
        unreachable = database.unreachable_workers(condition)
        found += [_worker(name) for name in unreachable]
    if not found:
        lack = database.lacks_room()
        found += [(lack, "free some there first: a migration that fills the disk stops the server")] if lack else []
    if found:
        problems = [problem for problem, _ in found]
        cures = list(dict.fromkeys(cure for _, cure in found))
        raise DevkitError(f"nothing was applied to {database.shown}: {'; '.join(problems)}", "\n  ".join(cures))


def _settings(condition: Condition) -> Iterator[tuple[str, str]]:
    for name, value in condition.settings:
        if name in ESCAPES:
            wrong, effect = escapes(name, value), f"lets in {ESCAPES[name].lets_in}"
        else:
            right, effect = _AS_REPLAYED[name]
            wrong = value != right
        if wrong:
            yield (
                f"{name} is {value} for every session: it {effect}",
                f'take it back: ALTER ROLE "{condition.user}" RESET {name}; '
                f'ALTER DATABASE "{condition.database}" RESET {name}; or in postgresql.conf',
            )


def _citus(condition: Condition, *, lacks_citus: bool) -> Iterator[tuple[str, str]]:
    library, extension = condition.library, condition.extension
    if extension is None:
        if library is not None and lacks_citus:
            yield (
                "the server has Citus loaded, and this database lacks the extension: its first start was cut short",
                "make it: CREATE EXTENSION citus;",
            )
    elif library is None:
        if not condition.is_standin:
            yield (
                f"the extension citus {extension} is here, and its library is not loaded: nothing would be refused",
                "put citus first in shared_preload_libraries of postgresql.conf, and start the server again",
            )
    elif library != extension:
        yield (
            f"the extension citus is {extension}, the library is {library}",
            "bring them together on every node: ALTER EXTENSION citus UPDATE;",
        )


def _replica(condition: Condition) -> Iterator[tuple[str, str]]:
    if condition.is_replica:
        yield "this server is a replica, which only reads", "name the primary instead"
    elif condition.is_read_only:
        yield (
            "transactions only read here: default_transaction_read_only is on",
            f'take it back: ALTER DATABASE "{condition.database}" RESET default_transaction_read_only;',
        )


def _worker(name: str) -> tuple[str, str]:
    return (
        f"the worker {name} cannot be reached, or does not have the metadata",
        "look: SELECT * FROM citus_check_cluster_node_health(); start it, or: SELECT citus_activate_node(…);",
    )
