"""What a look outside finds, never files alone: ./inv verify --engine cluster, and ./inv pin --check --online.

An example is a line a fact: `service NAME: why it does not answer`, `workload NAME: what it lacks`,
`image NAME: what runs, not what the manifest names`, `pending: FILE`, `schema OBJECT: how it is, not as replayed`,
`replay: why the stack's own server gives no database`, `seed FILE: what the server says`, `running CONTAINER: verdict`
(as devkit/images/running.py names it), `leaving POD: why`, `stray POD: nobody's`, or whose,
`tag IMAGE: its digest upstream, not the locked one`.
"""

from __future__ import annotations

from devkit.finding import Finding, Place, Severity
from devkit.images.running import Likeness, Running
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
    again = "./inv down, then ./inv up applies the manifests again (volumes stay)"
    cure = f"{again}; or write {running} there, if that is what is meant"
    return Finding("image-differs", Severity.ERROR, message, cure, place, object=name)


def running_is_pinned(run: Running, lock: str, kubectl: str, unseen: str, place: Place) -> Finding | None:
    """What there is to say of a container beside the lock; None where it runs what is pinned, pulled by its digest.

    `unseen` says why nobody knows the platform of its node, where that is so.
    """
    if run.verdict in {Likeness.MATCH, Likeness.BY_CHILD}:
        return None
    severity = _WEIGHTS.get(run.verdict, Severity.WARNING if run.image_id else Severity.INFO)
    what, cure = _said(run, lock, kubectl, unseen)
    name = f"{run.pod} {run.kind} {run.container}"
    return Finding("running-is-pinned", severity, f"{name} {what}", cure, place, object=name)


_WEIGHTS = {
    Likeness.DIFFERENT: Severity.ERROR,
    Likeness.OTHER_ARCH: Severity.ERROR,
    Likeness.NOT_PINNED: Severity.ERROR,
    Likeness.EXTRA: Severity.WARNING,
    Likeness.BY_CONFIG: Severity.INFO,
}


def _said(run: Running, lock: str, kubectl: str, unseen: str) -> tuple[str, str]:
    """The rest of the sentence that begins with the container, and the cure."""
    there = run.image_id.rpartition("://")[2]
    anew = f"take that off its node (there: crictl rmi {there}), and have it pulled: {kubectl} delete pod {run.pod}"
    match run.verdict:
        case Likeness.DIFFERENT:
            what = f"runs {run.image_id}, which by {lock} is not {run.image}: what is tested here, nobody else has"
            return what, anew
        case Likeness.OTHER_ARCH:
            what = f"runs what {run.image} is for {run.built_for}, on a node of {run.platform}"
            return f"{what}: it is emulated there, slow, and may crash as it does nowhere else", anew
        case Likeness.NOT_PINNED:
            what = f"which {lock} does not have" if "@" in run.image else "which has no digest"
            what = f"asks for {run.image}, {what}: nobody can say what others run"
            return what, "./inv pin writes the digest into the manifest and the lock; then ./inv up"
        case Likeness.EXTRA:
            return _extra(run, kubectl)
        case _:
            return _to_know(run, unseen)


def _extra(run: Running, kubectl: str) -> tuple[str, str]:
    if run.kind.startswith("ephemeral"):
        what = f"is in no manifest: somebody debugs here (kubectl debug), with {run.image}"
        return what, f"it goes with the pod: {kubectl} delete pod {run.pod}"
    what = f"is in no manifest: this cluster puts {run.image} into the pod, and others do not have it"
    return what, "see what does: kubectl get mutatingwebhookconfigurations; or write it into the manifest"


def _to_know(run: Running, unseen: str) -> tuple[str, str]:
    if run.verdict is Likeness.BY_CONFIG:
        what = "as it was loaded into the node, not pulled: by its config digest the same content"
        return f"runs {run.image} {what}", "nothing to do"
    if not run.image_id:
        return "has no imageID: there is nothing to compare yet", "./inv status shows how far it is"
    what = f"runs {run.image_id}, which is {run.image} for {run.built_for}, and nobody knows its node's platform"
    return f"{what}: {unseen}", "ask for the right to list nodes (kubectl auth can-i list nodes)"


def pod_is_leaving(pod: str, why: str, place: Place) -> Finding:
    """A pod that is on its way out: what it runs is the past."""
    message = f"{pod} {why}, and still there: what it runs was not held against the lock"
    return Finding("running-is-pinned", Severity.INFO, message, "./inv status shows when it is gone", place, object=pod)


def pod_of_nobody(pod: str, unread: str, kubectl: str, place: Place) -> Finding:
    """A pod in our namespace that is there for no manifest; or nobody can say, where its owner `unread` is closed."""
    if unread:
        message = f"{pod} belongs to {unread}, which you may not read: whether a manifest asks for it, nobody knows"
        cure = f"see what you may read: {kubectl} auth can-i --list; ask for what is missing"
        return Finding("running-is-pinned", Severity.WARNING, message, cure, place, object=pod)
    message = f"{pod} is there for no manifest: what it runs is pinned nowhere"
    cure = f"delete it if nobody needs it: {kubectl} delete pod {pod}"
    return Finding("running-is-pinned", Severity.INFO, message, cure, place, object=pod)


def tag_moved(image: str, now: str, place: Place) -> Finding:
    """A tag that names something else upstream than it did when it was pinned."""
    message = f"{image} is {now} upstream now; what is pinned stays what it was"
    cure = f"if the new one is wanted: ./inv pin --update {image}"
    return Finding("tag-moved", Severity.INFO, message, cure, place, object=image)


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
        "running-is-pinned",
        "What a container runs is what its image is by infra/images.lock.",
        "A tag, a mirror or an image loaded by hand may be something else on each machine, and nobody sees it.",
        "running redis: different\nrunning grafana: other-arch\nrunning loki: not-pinned\n"
        "running proxy: extra-container\nrunning redpanda: unknown\nrunning citus: match-by-config\n"
        "leaving grafana-5d9c: is of an older version of Deployment/grafana\nstray psql: nobody's\nstray j-x: Job/j",
        "running redis: match\nrunning grafana: match-by-child",
    ),
    (
        "tag-moved",
        "A tag names the same image upstream as when it was pinned.",
        "It is how one learns of a rebuilt image, with its security fixes; what is pinned does not move.",
        f"tag docker.io/library/redis:8.2.2: sha256:{'b' * 64}, not sha256:{'a' * 64}",
        "tag docker.io/library/redis:8.2.2 is upstream what is locked",
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
_SEVERITIES = {"not-applied": Severity.WARNING, "replayed-elsewhere": Severity.WARNING, "tag-moved": Severity.INFO}

LIVE: tuple[Rule, ...] = tuple(
    Rule(
        name,
        _SEVERITIES.get(name, Severity.ERROR),
        Subject.LIVE,
        summary,
        why,
        (bad,),
        (good,),
        ignorable=False,
    )
    for name, summary, why, bad, good in _RULES
)
