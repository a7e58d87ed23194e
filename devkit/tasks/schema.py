"""./inv schema."""

from __future__ import annotations

import os
from pathlib import Path

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.migrations.folder import lock_file
from devkit.schema.snapshot import Snapshot
from devkit.tasks.history import check_format
from devkit.tasks.options import HELP, line_reader, refuse, request_of
from devkit.verify.inputs import Request, gather, ordered, shown_path
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify


@task(
    help={
        "migrations": HELP["migrations"],
        "engine": HELP["engine"],
        "dsn": HELP["dsn"],
        "lock": "FILE that holds the schema for review (default: schema.lock beside the migrations)",
        "write": "write the lock anew",
        "diff": "compare with a FILE, or with the database of a URL; exit 1 when they differ",
        "diagram": "print a Mermaid diagram of colocation groups, reference tables and foreign keys",
        "format": "text (default) or json",
    }
)
def schema(
    call: Context,
    migrations: str = "",
    engine: str = "",
    dsn: str = "",
    lock: str = "",
    write: bool = False,
    diff: str = "",
    diagram: bool = False,
    format: str = "text",  # noqa: A002 - the option's name
) -> None:
    """Print the schema that the migrations make, with what Citus does to it; write it down, or compare it.

    Exit 1: not all of the migrations run, or --diff found a difference.
    """
    del call
    check_format(format)
    _check(lock, write=write, diff=diff, diagram=diagram, form=format)
    request = request_of(migrations, "", engine, dsn, cache=True)
    with console.progress(wanted=format == "text") as progress:
        verdict = verify(request, dict(os.environ), progress)
    if verdict.schema is None:
        _refused(verdict, request)
        raise Exit(code=1)
    if write:
        file = Path(lock) if lock else lock_file(request.migrations)
        _write(verdict.schema, file, shown_path(file, request.project.root))
    elif diff:
        _compare(verdict.schema, diff, request, format)
    elif diagram:
        from devkit.schema.diagram import to_mermaid

        console.write(to_mermaid(verdict.schema).encode())
    elif format == "json":
        from devkit.report.schema import schema_json

        console.write(schema_json(verdict.schema))
    else:
        from devkit.schema.text import to_text

        console.write(to_text(verdict.schema).encode())


def _check(lock: str, *, write: bool, diff: str, diagram: bool, form: str) -> None:
    if [write, bool(diff), diagram].count(True) > 1:
        raise DevkitError("--write, --diff and --diagram exclude each other", "leave two of them out")
    if lock and not write:
        raise DevkitError("--lock says nothing without --write", f"compare with it: --diff {lock}")
    if form == "json":
        refuse(write, "--format json", "--write")
        refuse(diagram, "--format json", "--diagram")


def _refused(verdict: Verdict, request: Request) -> None:
    from devkit.report.text import to_text

    console.show(to_text(verdict, line_reader(request.project)))
    console.say("no schema: not all of the migrations run")


def _write(schema: Snapshot, file: Path, shown: str) -> None:
    from devkit.files import write_atomically
    from devkit.schema.snapshot import differences
    from devkit.schema.text import to_text
    from devkit.words import plural

    old = _written(file, shown)
    try:
        write_atomically(file, to_text(schema).encode())
    except OSError as error:
        raise DevkitError(f"{shown} cannot be written: {error.strerror}", "name another: --lock FILE") from error
    if old is None:
        console.say(f"{shown}: {plural(len(schema), 'object')} written")
        return
    changed = differences(schema, old)
    console.say(f"{shown}: {plural(len(changed), 'object')} of {len(schema)} changed")
    for each in changed:
        sign = "+" if each.found is None else "-" if each.expected is None else "~"
        console.say(f"  {sign} {each.object}")


def _written(file: Path, shown: str) -> Snapshot | None:
    """The schema in `file`; None when there is none, or a damaged one. DevkitError when it holds something else."""
    from devkit.schema.text import from_text, is_lock

    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DevkitError(f"{shown} cannot be read: {error}", "name another: --lock FILE") from error
    if not is_lock(text):
        raise DevkitError(f"{shown} is no schema.lock: nothing was written", "name another: --lock FILE; or remove it")
    try:
        return from_text(text, shown)
    except DevkitError:
        return None


def _compare(schema: Snapshot, target: str, request: Request, form: str) -> None:
    from devkit.report.schema import difference_text, schema_json
    from devkit.schema.snapshot import differences
    from devkit.verify.made_at import Spoken
    from devkit.verify.reading import read_scripts

    found, shown = _named(target, request)
    spoken = Spoken(read_scripts(ordered(gather(request), request)).runnable)
    differing = differences(schema, found, spoken.place)
    if form == "json":
        console.write(schema_json(schema, shown, differing))
    else:
        console.show(difference_text(differing, shown))
    if differing:
        raise Exit(code=1)


def _named(target: str, request: Request) -> tuple[Snapshot, str]:
    """The schema of the file or of the database that is named, and what it is called without a password."""
    from devkit.postgres.database import opened
    from devkit.postgres.dsn import check_dsn
    from devkit.progress import silent
    from devkit.schema.reading import read_snapshot
    from devkit.schema.text import from_text

    if "://" in target or ("=" in target and not Path(target).exists()):
        check_dsn(target, from_command_line=True)
        with opened(target, "schema", silent) as database:
            return read_snapshot(database.connection), database.shown
    shown = shown_path(Path(target), request.project.root)
    try:
        return from_text(Path(target).read_text("utf-8"), shown), shown
    except (OSError, UnicodeDecodeError) as error:
        raise DevkitError(
            f"{target} cannot be read: {error}", "name a file that ./inv schema --write made, or a database by its URL"
        ) from error
