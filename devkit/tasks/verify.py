"""./inv verify."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.report import FORMATS
from devkit.report.text import how_long, to_text
from devkit.tasks.options import HELP, line_reader, request_of
from devkit.verify.inputs import Request, shown_path
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify as judge


@task(
    help={
        **HELP,
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
    request = request_of(migrations, manifests, engine, dsn, cache=cache, since=since if locks else None)
    with console.progress(wanted=format == "text") as progress:
        verdict = judge(request, dict(os.environ), progress)
    if baseline:
        verdict = _with_baseline(verdict, Path(baseline), request, write=write)
    _report(verdict, request, format, verbose=verbose)
    if verdict.exit_code:
        raise Exit(code=verdict.exit_code)


def _check_options(form: str, *, since: str, locks: bool, write: bool, baseline: str) -> None:
    if form not in FORMATS:
        raise DevkitError(f"--format {form} is not known", f"write one of: {', '.join(FORMATS)}")
    if since and not locks:
        raise DevkitError("--since says nothing without --locks", "add: --locks")
    if write and not baseline:
        raise DevkitError("--write says nothing without --baseline", "add: --baseline FILE")


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
            render(verdict, request, verbose=verbose)


def render(verdict: Verdict, request: Request, *, verbose: bool) -> None:
    """Show a verdict as text."""
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
