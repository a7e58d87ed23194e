"""The verbs: a task reads its options, calls one function, renders, exits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from invoke import Collection, Context, Exit, task

from devkit import console
from devkit.config import ENGINES, Project, find_root, load_project
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.report import FORMATS
from devkit.report.text import LineReader, how_long, to_text
from devkit.verify.inputs import Request, shown_path
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify as judge

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent

_HELP = {
    "migrations": "folder with V<n>__<name>.sql (default: [tool.devkit] migrations)",
    "manifests": "folder with Kubernetes manifests (default: [tool.devkit] manifests)",
    "engine": "embedded (default) or dsn: who replays the migrations",
    "dsn": "server for --engine dsn, without a password; or DEVKIT_DSN, with PGPASSFILE",
    "verbose": "also show phases, the cache and what stands in for what",
}


@task(
    help={
        **_HELP,
        "format": "text (default), json, github (annotations) or sarif",
        "explain": "explain RULE and do nothing else; all lists them",
        "baseline": "FILE with findings that are known: they are not reported",
        "locks": "also lint the migrations new on this branch for the locks they take (squawk)",
        "since": "REF that the branch left, for --locks (default: the main branch)",
        "write": "write the baseline, or make it smaller",
        "cache": "--no-cache: replay although nothing has changed since the last run",
    }
)
def verify(
    context: Context,
    migrations: str = "",
    manifests: str = "",
    engine: str = "",
    dsn: str = "",
    format: str = "text",  # noqa: A002 - the option's name
    cache: bool = True,  # Invoke makes --no-cache of it
    verbose: bool = False,
    explain: str = "",
    baseline: str = "",
    write: bool = False,
    locks: bool = False,
    since: str = "",
) -> None:
    """Replay the migrations and judge them, with the manifests, by the rules of Citus and ours."""
    del context
    _check_options(format, since=since, locks=locks, write=write, baseline=baseline)
    if explain:
        _explain(explain, format)
        return
    request = _request(migrations, manifests, engine, dsn, cache=cache, since=since if locks else None)
    with console.progress(wanted=format == "text") as progress:
        verdict = judge(request, dict(os.environ), progress)
    if baseline:
        verdict = _with_baseline(verdict, Path(baseline), request, write=write)
    _report(verdict, request, format, verbose=verbose)
    if verdict.exit_code:
        raise Exit(code=verdict.exit_code)


@task(help=_HELP)
def watch(
    context: Context,
    migrations: str = "",
    manifests: str = "",
    engine: str = "",
    dsn: str = "",
    verbose: bool = False,
) -> None:
    """Verify again after every save in migrations, manifests or pyproject.toml, until Ctrl-C."""
    del context
    from devkit.watch.loop import watch as follow

    def once() -> None:
        try:
            request = _request(migrations, manifests, engine, dsn, cache=True)
            with console.progress(wanted=True) as progress:
                verdict = judge(request, dict(os.environ), progress)
            _render(verdict, request, verbose=verbose)
        except DevkitError as error:
            console.exit_code(error)

    first = _request(migrations, manifests, engine, dsn, cache=True)
    follow(first.project.root, (first.migrations, first.manifests), once, console.say)


namespace = Collection(verify, watch)


def _check_options(form: str, *, since: str, locks: bool, write: bool, baseline: str) -> None:
    if form not in FORMATS:
        raise DevkitError(f"--format {form} is not known", f"write one of: {', '.join(FORMATS)}")
    if since and not locks:
        raise DevkitError("--since says nothing without --locks", "add: --locks")
    if write and not baseline:
        raise DevkitError("--write says nothing without --baseline", "add: --baseline FILE")


def _request(
    migrations: str, manifests: str, engine: str, dsn: str, *, cache: bool, since: str | None = None
) -> Request:
    project = load_project(find_root(_PACKAGE_ROOT, Path.cwd()))
    settings = project.settings
    return Request(
        project,
        Path(migrations) if migrations else project.root / settings.migrations,
        Path(manifests) if manifests else project.root / settings.manifests,
        _dsn(engine, dsn),
        cache,
        since,
    )


def _dsn(engine: str, dsn: str) -> str | None:
    """The server to replay on, or None for the embedded one; DevkitError when the two options disagree."""
    chosen = engine or ("dsn" if dsn else "embedded")
    if chosen not in ENGINES:
        raise DevkitError(f"--engine {chosen} is not known", f"write one of: {', '.join(ENGINES)}")
    if chosen == "embedded":
        if dsn:
            raise DevkitError("--engine embedded and --dsn exclude each other", "leave one of them out")
        return None
    from devkit.postgres.dsn import check_dsn

    found = dsn or os.environ.get("DEVKIT_DSN", "")
    if not found:
        raise DevkitError(
            "--engine dsn names no server", "add --dsn postgresql://user@host:5432/database, or set DEVKIT_DSN"
        )
    check_dsn(found, from_command_line=bool(dsn))
    return found


def _explain(rule: str, form: str) -> None:
    from devkit.report.explain import explain

    if form != "text":
        raise DevkitError(f"--explain has no {form}", "leave --format out; docs/reference/rules.md has all rules")
    console.write(explain(rule).encode("utf-8"))


def _with_baseline(verdict: Verdict, file: Path, request: Request, *, write: bool) -> Verdict:
    from devkit.verify import baseline

    if write:
        known = baseline.write(file, verdict)
        console.say(f"{file} holds {sum(each.count for each in known.findings)} findings")
    return baseline.apply(baseline.read(file), verdict, shown_path(file, request.project.root))


def _report(verdict: Verdict, request: Request, form: str, *, verbose: bool) -> None:
    match form:
        case "json":
            from devkit.report.contract import to_json

            console.write(to_json("verify", verdict, verbose=verbose))
        case "github":
            from devkit.report.github import to_github

            console.write(to_github(verdict))
        case "sarif":
            from devkit.report.sarif import to_sarif

            console.write(to_sarif(verdict))
        case _:
            _render(verdict, request, verbose=verbose)


def _render(verdict: Verdict, request: Request, *, verbose: bool) -> None:
    lines = _notes(verdict, request) if verbose else ()
    console.show(to_text(verdict, line_reader(request.project), verbose=tuple(lines)))
    console.say(f"  {how_long(verdict)}")


def _notes(verdict: Verdict, request: Request) -> Iterator[str]:
    from devkit.rules.rules import RULES

    yield "phases: " + ", ".join(f"{name} {took} ms" for name, took in verdict.timings_ms.items())
    yield "policy rules: " + ", ".join(rule.id for rule in RULES)
    if request.dsn is None:
        from devkit.postgres.cache import find_cache

        yield f"cache: {find_cache(os.environ).folder} (delete it at any time; DEVKIT_CACHE names another)"
        yield "stand-ins: citus answers by the rules of Citus 13.0, uuid-ossp is SQL over gen_random_uuid()"
    else:
        yield "the migrations ran as a role without superuser rights, in a scratch database that is dropped again"


def line_reader(project: Project) -> LineReader:
    """Reads the line that a finding points at from the file as it is now."""

    def read(place: Place) -> str | None:
        try:
            text = (project.root / place.file).read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            return None
        lines = text.split("\n")
        return lines[place.line - 1].rstrip("\r") if place.line <= len(lines) else None

    return read
