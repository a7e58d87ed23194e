"""The stack's database as it can be migrated: Citus there, and every worker registered."""

from __future__ import annotations

import contextlib
import dataclasses
import shlex
from collections.abc import Iterator

from devkit.cluster.proof import Proven
from devkit.config import Settings
from devkit.postgres.condition import Condition
from devkit.postgres.usable import Commands, wait_usable
from devkit.postgres.workers import Node, register_workers
from devkit.progress import Progress
from devkit.stack.database import PORT, stack_database


@dataclasses.dataclass(frozen=True, slots=True)
class Usable:
    """The connection string of a database that can be migrated, and what it says of itself."""

    dsn: str
    condition: Condition


@contextlib.contextmanager
def usable_database(proven: Proven, seconds: float, progress: Progress) -> Iterator[Usable]:
    """The stack's database, once it can be migrated; good while the context lasts.

    With citus-workers, those that the coordinator does not know yet are registered. NotUsableError after `seconds`,
    or when waiting cannot mend it; DevkitError when there is no database, or Citus refuses a worker.
    """
    settings = proven.settings
    with stack_database(proven) as (dsn, _):

        def wait() -> Condition:
            commands = _commands(proven)
            return wait_usable(dsn, citus=settings.citus, seconds=seconds, progress=progress, commands=commands)

        condition = wait()
        if settings.citus_workers and register_workers(dsn, *nodes(settings)):
            condition = wait()  # on every node
        yield Usable(dsn, condition)


def nodes(settings: Settings) -> tuple[Node, tuple[Node, ...]]:
    """The coordinator and the workers, by the names that the namespace's DNS gives them.

    A pod of a StatefulSet is POD.SERVICE (StatefulSet spec.serviceName); the workers' Service has their set's name.
    """
    name = settings.citus_worker_set
    workers = (Node(f"{name}-{number}.{name}", PORT) for number in range(settings.citus_workers))
    return Node(settings.database_service, PORT), tuple(workers)


def _commands(proven: Proven) -> Commands:
    settings = proven.settings
    service = f"service/{settings.database_service}"
    psql = f"psql -U {shlex.quote(settings.owner)} -d {shlex.quote(settings.database)}"
    return Commands(f"{proven.kubectl} logs {service}", f"{proven.kubectl} exec {service} -- {psql}")
