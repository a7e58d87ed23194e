"""The stack's database, reached through our own port-forward."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from devkit.cluster.forward import Forward, Service, find_pod, forwarded
from devkit.cluster.proof import Proven
from devkit.postgres.dsn import local_dsn
from devkit.stack.secret import secret_value

PORT = 5432


@contextlib.contextmanager
def stack_database(proven: Proven) -> Iterator[tuple[str, Forward]]:
    """A connection string for the migrations' owner, good while the context lasts, and the forward it goes through.

    DevkitError when there is no Secret with the password, or no pod.
    """
    settings = proven.settings
    with stack_server(proven) as (password, forward):
        yield local_dsn(settings.owner, settings.database, password, forward.port), forward


@contextlib.contextmanager
def stack_server(proven: Proven) -> Iterator[tuple[str, Forward]]:
    """The password of the migrations' owner, and the forward to the server, good while the context lasts.

    DevkitError when there is no Secret with the password, or no pod.
    """
    settings = proven.settings
    password = secret_value(proven, settings.database_secret, "[tool.devkit] database-secret")
    service = Service(proven.namespace, settings.database_service, PORT)
    find_pod(proven.api, service)  # without one, nobody need wait for a connection
    with forwarded(proven.api, service) as forward:
        yield password, forward
