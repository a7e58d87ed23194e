"""./inv verify."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.progress import Progress
from devkit.report import FORMATS
from devkit.report.text import how_long, to_text
from devkit.tasks.options import CONTEXT_HELP, HELP, line_reader, refuse, request_of
from devkit.verify.inputs import Request, shown_path
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify as judge


@task(
    help={
        **HELP,
        "engine": "embedded (default), dsn, or cluster: the files, and the stack in the cluster beside them",
        "context": f"with --engine cluster: {CONTEXT_HELP}",
        "format": "text (default), json, github (annotations) or sarif",
        "explain": "explain RULE and do nothing else; all lists them",
        "baseline": "FILE with findings that are known: they are not reported",
        "locks": "also lint the migrations new on this branch for the locks they take (squawk)",
        "since": "REF that the branch left, for --locks (default: the main branch)",
        "write": "write the baseline, or make it smaller",
        "report": "write what the stack is to FILE, for ./inv compare; nothing private is in it",
        "cache": "--no-cache: replay although nothing has changed since the last run",
    }
)
def verify(
    call: Context,
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
    context: str = "",
    report: str = "",
) -> None:
    """Replay the migrations and judge them, with the manifests, by the rules of Citus and ours.

    Exit 1: a finding of severity error.
    """
    del call
    _check_options(format, since=since, locks=locks, write=write, baseline=baseline)
    if explain:
        refuse(report, "--report", "--explain")
        _explain(explain, format)
        return
    if engine == "cluster":
        refuse(baseline, "--baseline", "--engine cluster")  # what is not as it should be there is no known mistake
    request = asked(migrations, manifests, engine, dsn, context, cache=cache, since=since if locks else None)
    verdict = judged(request, engine, context, shows=format == "text")
    if baseline:
        verdict = _with_baseline(verdict, Path(baseline), request, write=write)
    if report:
        _write_report(Path(report), verdict, request)
    _report(verdict, request, format, verbose=verbose)
    if verdict.exit_code:
        raise Exit(code=verdict.exit_code)


def asked(
    migrations: str, manifests: str, engine: str, dsn: str, context: str, *, cache: bool, since: str | None = None
) -> Request:
    """What the options name, of those that say who judges what; DevkitError when two of them disagree."""
    on_cluster = engine == "cluster"
    if on_cluster:
        refuse(dsn, "--dsn", "--engine cluster")
    else:
        refuse(context, "--context", "another engine than cluster")
    return request_of(migrations, manifests, "" if on_cluster else engine, dsn, cache=cache, since=since)


def judged(request: Request, engine: str, context: str, *, shows: bool) -> Verdict:
    """The verdict about `request`, of a cluster where that is the `engine`; with progress where it `shows` any."""
    with console.progress(wanted=shows) as progress:
        if engine == "cluster":
            return _living(request, context, progress)
        return judge(request, dict(os.environ), progress)


def _living(request: Request, context: str, progress: Progress) -> Verdict:
    from devkit.cluster.proof import prove
    from devkit.stack.living import verify_stack

    proven = prove(request.project.settings, dict(os.environ), context)
    return verify_stack(request, proven, dict(os.environ), progress)


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


def _write_report(file: Path, verdict: Verdict, request: Request) -> None:
    from devkit.compare.files import write_report
    from devkit.compare.report import make_report

    write_report(file, make_report(verdict, request, os.environ))


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
    lines = _notes(verdict) if verbose else ()
    console.show(to_text(verdict, line_reader(request.project), verbose=tuple(lines)))
    console.say(f"  {how_long(verdict)}")


def _notes(verdict: Verdict) -> Iterator[str]:
    from devkit.rules.rules import RULES

    yield "phases: " + ", ".join(f"{name} {took} ms" for name, took in verdict.timings_ms.items())
    yield "policy rules: " + ", ".join(rule.id for rule in RULES)
    if verdict.engine.name == "embedded":
        from devkit.postgres.cache import find_cache

        yield f"cache: {find_cache(os.environ).folder} (delete it at any time; DEVKIT_CACHE names another)"
        citus = "citus answers by the rules of Citus 13.0, " if verdict.engine.citus else ""
        yield f"stand-ins: {citus}uuid-ossp is SQL over gen_random_uuid()"
    else:
        yield "the migrations ran as a role without superuser rights, in a scratch database that is dropped again"
