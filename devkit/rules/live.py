"""What a living stack is judged by: found by ./inv verify --engine cluster, never in files alone.

An example is a line a fact: `service NAME: why it does not answer`, `workload NAME: what it lacks`,
`image NAME: what runs, not what the manifest names`, `pending: FILE`, `schema OBJECT: how it is, not as replayed`,
`replay: why the stack's own server gives no database`, `seed FILE: what the server says`.
"""

from __future__ import annotations

from devkit.finding import Finding, Place, Severity
from devkit.rules.rule import Rule, Subject


def service_silent(name: str, why: str, place: Place, cure: str) -> Finding:
    """A service that does not answer, and why not."""
    message = f"service {name} does not answer: {why}"
    return Finding("service-silent", Severity.ERROR, message, cure, place, object=name)


def workload_not_ready(name: str, state: str, why: str, place: Place, cure: str) -> Finding:
    """A workload, or another object, that is not as its manifest wants it."""
    message = f"{name} is {state}: {why}"
    return Finding("workload-not-ready", Severity.ERROR, message, cure, place, object=name)


def image_differs(name: str, running: str, wanted: str, place: Place) -> Finding:
    """A container that runs another image than its manifest names."""
    message = f"{name} runs {running}, and its manifest names {wanted}: others test what nobody else has"
    cure = f"./inv up has Tilt apply the manifest again; or write {running} there, if that is what is meant"
    return Finding("image-differs", Severity.ERROR, message, cure, place, object=name)


def not_applied(file: str, place: Place) -> Finding:
    """A migration that the database does not have yet."""
    message = f"the database in the cluster does not have {file} yet"
    return Finding("not-applied", Severity.WARNING, message, "./inv migrate --engine cluster", place, object=file)


def replayed_elsewhere(why: str, cure: str, place: Place) -> Finding:
    """The migrations could not be replayed on the stack's own server, and why not."""
    message = f"the migrations were replayed on the embedded server, not on the stack's own: {why}"
    return Finding("replayed-elsewhere", Severity.WARNING, message, cure, place)


def schema_differs(name: str, expected: str | None, found: str | None, place: Place) -> Finding:
    """An object of the living database that the migrations make otherwise, or not at all."""
    if found is None:
        what, cure = f"is not in the database; the migrations make {expected or 'it'}", "somebody dropped it"
    elif expected is None:
        what, cure = (
            f"is in the database{found and f' as {found}'}, and no migration makes it",
            "somebody made it by hand",
        )
    else:
        what, cure = f"is {found} in the database, and {expected} by the migrations", "somebody changed it by hand"
    return Finding(
        "schema-differs",
        Severity.ERROR,
        f"{name} {what}",
        f"{cure}: write a migration (./inv new NAME), or make the database anew (./inv reset)",
        place,
        object=name,
    )


_RULES = (
    (
        "service-silent",
        "Every service answers.",
        "A pod may be ready and serve nobody; what fails then looks like a mistake in the application.",
        "service redis: LOADING Redis is loading the dataset in memory",
        "service redis answers",
    ),
    (
        "workload-not-ready",
        "Every object of the manifests is there, and ready.",
        "What is missing on one laptop and there on another makes tests pass on one of them.",
        "workload StatefulSet/redis: 0 of 1 pods are ready",
        "workload StatefulSet/redis is ready",
    ),
    (
        "image-differs",
        "What runs is what the manifest names.",
        "An image that was set by hand is on this machine alone, and is gone after the next reset.",
        "image grafana: grafana/grafana:10.4.2, not grafana/grafana:10.4.3",
        "image grafana runs as the manifest names it",
    ),
    (
        "not-applied",
        "The database has every migration.",
        "The application meets tables that are not there yet.",
        "pending: V2__b.sql",
        "nothing is pending",
    ),
    (
        "replayed-elsewhere",
        "The migrations are replayed on the stack's own server.",
        "The embedded server's Citus is a stand-in; the stack's own is what the application will meet.",
        "replay: permission denied to create database",
        "replay on the stack's own server",
    ),
    (
        "seed-refused",
        "Every seed file runs, also a second time.",
        "Whoever makes the stack anew gets an application with half of its examples.",
        'seed infra/seed/04_b.sql: relation "nowhere" does not exist',
        "seed infra/seed/04_b.sql is there",
    ),
    (
        "schema-differs",
        "The living schema is the one that the migrations make.",
        "A change by hand works here and nowhere else; the next migration may fail on it.",
        "schema table public.bets: nothing, not table, distributed by tenant_id",
        "schema table public.bets is as the migrations make it",
    ),
)
_WARNINGS = frozenset({"not-applied", "replayed-elsewhere"})

LIVE: tuple[Rule, ...] = tuple(
    Rule(
        name,
        Severity.WARNING if name in _WARNINGS else Severity.ERROR,
        Subject.LIVE,
        summary,
        why,
        (bad,),
        (good,),
        ignorable=False,
    )
    for name, summary, why, bad, good in _RULES
)
