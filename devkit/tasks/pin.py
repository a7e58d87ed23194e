"""./inv pin."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.finding import Finding, Severity
from devkit.progress import Progress
from devkit.tasks.options import HELP, line_reader, refuse, request_of
from devkit.words import plural

if TYPE_CHECKING:
    from devkit.images.name import Name
    from devkit.images.resolved import Resolved
    from devkit.pin.plan import Resolve
    from devkit.pin.tree import Tree


@task(
    optional=["update"],
    help={
        "check": "hold the manifests to the lock, offline; change nothing",
        "online": "with --check: also ask the registries which tags have moved",
        "update": "look all images up anew, or only IMAGE",
        "undo": "take the digests that pin wrote away again, and the lock",
        "lock": "FILE of the lock (default: images.lock beside the manifests folder)",
        "yes": "do not ask",
        "manifests": HELP["manifests"],
    },
)
def pin(
    call: Context,
    check: bool = False,
    online: bool = False,
    update: str | bool = "",
    undo: bool = False,
    lock: str = "",
    yes: bool = False,
    manifests: str = "",
) -> None:
    """Write the digest of every image into the manifests, and what it was into infra/images.lock.

    Exit 1: an image cannot be pinned, and nothing was written; with --check, manifests and lock do not agree.
    """
    del call
    from devkit.images.lock import lock_path
    from devkit.pin.tree import finish_killed, read_tree

    _check_options(check=check, online=online, update=bool(update), undo=undo, yes=yes)
    request = request_of("", manifests, "", "", cache=True)
    file = (Path(lock) if lock else lock_path(request.manifests)).absolute()
    if request.manifests.is_dir():
        for finished in finish_killed(request, file):
            console.say(f"{finished}: written, as a run that was killed had begun")
    tree = read_tree(request, file)
    console.write(_skipped(tree).encode())
    if check:
        _check(tree, online=online)
    elif undo:
        _undo(tree, yes=yes)
    else:
        wanted = None if not update else "" if update is True else str(update)
        _pin(tree, wanted, yes=yes)


def _check_options(*, check: bool, online: bool, update: bool, undo: bool, yes: bool) -> None:
    if [check, update, undo].count(True) > 1:
        raise DevkitError("--check, --update and --undo exclude each other", "leave two of them out")
    if online and not check:
        raise DevkitError("--online says nothing without --check", "add: --check")
    if check:
        refuse(yes, "--yes", "--check")


def _check(tree: Tree, *, online: bool) -> None:
    from devkit.pin.check import check, moved

    found = check(tree)
    if online:
        with console.progress(wanted=True) as progress:
            found += tuple(moved(tree, _resolver(progress)))
    _show(found, tree)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    console.say(f"{plural(len(tree.pins.uses), 'image')}, {plural(errors, 'error')}")
    _end(found)


def _pin(tree: Tree, update: str | None, *, yes: bool) -> None:
    from devkit.pin.plan import plan_pins
    from devkit.report.pin import plan_text

    with console.progress(wanted=True) as progress:
        plan = plan_pins(tree, update, _resolver(progress))
    left = (*tree.unreadable, *plan.left)
    _show((*left, *plan.hindered), tree)
    if plan.hindered:
        console.say("nothing was written")
        raise Exit(code=1)
    if plan.contents:
        _write(tree, plan.contents, plan_text(plan.images, _files(tree, plan.contents)), yes=yes)
    else:
        console.say(f"{plural(len(plan.images), 'image')} pinned already; nothing to write")
    _end(left)


def _undo(tree: Tree, *, yes: bool) -> None:
    from devkit.pin.undo import plan_undo
    from devkit.report.pin import files_text

    contents = plan_undo(tree)
    if not contents:
        console.say(f"there is no {tree.pins.lock_shown}: nothing to take back")
        return
    _write(tree, contents, f"takes away what pin wrote in {files_text(_files(tree, contents))}", yes=yes)


def _write(tree: Tree, contents: Mapping[Path, bytes | None], plan: str, *, yes: bool) -> None:
    from devkit.pin.write import write

    console.confirm(plan, yes=yes)
    write(tree, contents)
    console.say(f"{plural(len(contents), 'file')} written; look at them with: git diff")


def _resolver(progress: Progress) -> Resolve:
    def resolve(names: Iterable[Name], known: Mapping[str, Resolved]) -> Mapping[Name, Resolved]:
        from devkit.registry.resolve import resolve as ask

        rates: list[str] = []

        def told(text: str) -> None:
            if "pulls left" in text:  # good to know afterwards, too
                rates.append(text)
            progress(text)

        answers = ask(names, known, dict(os.environ), told)
        for rate in rates:
            console.say(rate)
        return answers

    return resolve


def _files(tree: Tree, contents: Mapping[Path, bytes | None]) -> tuple[str, ...]:
    from devkit.verify.inputs import shown_path

    return tuple(shown_path(path, tree.request.project.root) for path in contents)


def _skipped(tree: Tree) -> str:
    from devkit.report.pin import skipped_text

    return skipped_text(tree.skipped)


def _show(findings: tuple[Finding, ...], tree: Tree) -> None:
    from devkit.report.text import finding_text

    console.show(finding_text(findings, line_reader(tree.request.project)))


def _end(findings: tuple[Finding, ...]) -> None:
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Exit(code=1)
