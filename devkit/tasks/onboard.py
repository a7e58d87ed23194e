"""./inv onboard."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from invoke import Context, Exit, task

from devkit import console
from devkit.progress import silent
from devkit.tasks.history import check_format
from devkit.tasks.options import HELP, line_reader, request_of, seconds_of
from devkit.tasks.stack import agreement
from devkit.verify.inputs import Request

if TYPE_CHECKING:
    from devkit.onboard.ground import Ground
    from devkit.onboard.outcome import Onboarded


@task(
    help={
        "context": "the kubeconfig's context; kind-NAME is made where it is not there (default: the current one, "
        "or the cluster of kind.yaml beside the manifests)",
        "migrations": HELP["migrations"],
        "manifests": HELP["manifests"],
        "timeout": "SECONDS to wait until every service can be used (default: [tool.devkit] ready-timeout-seconds)",
        "despite": "ID[,ID]: go on although these checks of ./inv doctor find a problem",
        "report": "write what the stack is to FILE, for ./inv compare; nothing private is in it",
        "yes": "do not ask; a cluster that is there and was never agreed to also needs --context",
        "format": "text (default) or json",
    }
)
def onboard(
    call: Context,
    context: str = "",
    migrations: str = "",
    manifests: str = "",
    timeout: str = "",
    despite: str = "",
    report: str = "",
    yes: bool = False,
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """From a clone to a running, verified stack: machine, cluster, services, migrations; does only what is missing.

    Exit 1: it ended before all was met, or something is not as it should be; what and why is shown.
    """
    del call
    check_format(format)
    from devkit.doctor.checks import chosen
    from devkit.onboard.ground import Ground, Order

    request = request_of(migrations, manifests, "", "", cache=True)
    seconds = seconds_of(timeout, request.project.settings.ready_timeout_seconds)
    ids = frozenset(check.id for check in chosen(despite, "--despite")) if despite else frozenset[str]()
    is_text = format == "text"
    ground = Ground(
        Order(request, context, seconds, ids),
        dict(os.environ),
        agreement(context, yes=yes),
        console.say if is_text else silent,
        lambda: console.board(wanted=is_text),
    )
    done = _onboarded(ground, is_text=is_text, yes=yes)
    if report:
        _write_report(Path(report), done, request)
    _show(done, request, format)
    if done.exit_code:
        raise Exit(code=done.exit_code)


def _onboarded(ground: Ground, *, is_text: bool, yes: bool) -> Onboarded:
    from devkit.onboard.onboard import carry_out, is_change, is_wrong, make_plan, refused
    from devkit.report.onboard import plan_text

    with console.progress(wanted=is_text) as progress:
        progress("looking at this machine and what is there")
        plan = make_plan(ground)
    if is_wrong(plan):
        return refused(ground, plan)
    if is_change(plan):
        console.confirm(plan_text(plan), yes=yes)
    return carry_out(ground, plan)


def _write_report(file: Path, done: Onboarded, request: Request) -> None:
    from devkit.compare.files import write_report
    from devkit.compare.report import make_report

    if done.verdict is not None:
        write_report(file, make_report(done.verdict, request, os.environ))


def _show(done: Onboarded, request: Request, form: str) -> None:
    from devkit.report.onboard import onboard_json, onboard_text

    if form == "json":
        console.write(onboard_json(done))
    else:
        console.show(onboard_text(done, line_reader(request.project)))
