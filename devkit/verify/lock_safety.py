"""squawk's opinion on the locks that new migrations take, without what we know better.

squawk (squawk-cli on PyPI) judges one file at a time. We tell it whether the file runs in a transaction, and leave out
what it says of tables that are new on the branch: nobody waits for a table that nobody has yet.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from pglast import ast

from devkit.errors import DevkitError
from devkit.finding import Finding, Severity
from devkit.locks import SQUAWK
from devkit.migrations.clauses import clauses
from devkit.migrations.statements import Statement
from devkit.migrations.transaction import in_one_transaction
from devkit.postgres.record import Script
from devkit.process import run

_RULES = frozenset(
    {
        "adding-field-with-default", "adding-foreign-key-constraint", "adding-not-nullable-field",
        "adding-required-field", "adding-serial-primary-key-field", "changing-column-type",
        "constraint-missing-not-valid", "disallowed-unique-constraint", "require-concurrent-index-creation",
        "require-concurrent-index-deletion", "require-concurrent-partition-detach", "require-concurrent-reindex",
    }
)  # fmt: skip  # those about locks; the others are about taste, or judged here with more knowledge
_CONCURRENTLY = (
    "give it a file of its own with CONCURRENTLY, which waits for nobody: such a file runs without a transaction"
)
_CURES = {
    "adding-field-with-default": "add the column without the default, then set it, and fill the rows in a later file",
    "adding-foreign-key-constraint": "add it NOT VALID, and VALIDATE CONSTRAINT in the next file",
    "adding-not-nullable-field": "add CHECK (… IS NOT NULL) NOT VALID, validate it in the next file, then SET NOT NULL",
    "adding-required-field": "add the column with a constant DEFAULT, or without NOT NULL",
    "adding-serial-primary-key-field": "add the column, fill it, build the index CONCURRENTLY, then ADD … USING INDEX",
    "changing-column-type": "add a column of the new type, fill it in steps, and let the application change over",
    "constraint-missing-not-valid": "add it NOT VALID, and VALIDATE CONSTRAINT in the next file",
    "disallowed-unique-constraint": "build the index CONCURRENTLY in a file before, then ADD CONSTRAINT … USING INDEX",
}


class Said(msgspec.Struct, frozen=True):
    """One finding of squawk's JSON reporter. Lines and columns count from 0, columns in bytes of UTF-8."""

    line: int
    column: int
    message: str
    rule_name: str


def new_files(root: Path, folder: Path, since: str) -> frozenset[str]:
    """The names in `folder` that are not in the commit where this branch left `since`, uncommitted ones too.

    Raises DevkitError when there is no git repository, or no such branch.
    """
    left = _git(root, "rev-parse", "--verify", "--end-of-options", f"{since or _main_branch(root)}^{{commit}}")
    base = _git(root, "merge-base", "HEAD", left.strip()).strip()
    here = ("--", str(folder.resolve()))  # git runs in the root, the user need not
    listed = _git(root, "diff", "--name-only", "--no-renames", "--diff-filter=A", "-z", base, *here)
    listed += _git(root, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", *here)
    return frozenset(name.rpartition("/")[2] for name in listed.split("\0"))


def lock_findings(scripts: Iterable[Script], new: frozenset[str], folder: Path) -> tuple[Finding, ...]:
    """A finding for each statement of a new file that makes others wait; DevkitError when squawk is not there."""
    fresh = [script for script in scripts if script.migration.name in new]
    made = {
        clause.table
        for script in fresh
        for statement in script.statements
        for clause in clauses(statement)
        if clause.kind == "table"
    }
    program = _squawk()
    return tuple(
        finding for script in fresh for finding in _of_file(script, _ask(program, script, folder), made)
    )  # fmt: skip


def _of_file(script: Script, said: Sequence[Said], made: set[str]) -> Iterator[Finding]:
    seen: set[Statement] = set()
    source = script.migration.source
    for each in sorted(said, key=lambda one: (one.line, one.column, one.rule_name)):
        if each.rule_name not in _RULES:
            continue
        offset = source.offset_in_bytes(each.line + 1, each.column)
        statement = next((one for one in script.statements if one.start <= offset < one.end), None)
        if statement is None or statement in seen or _tables(statement) & made:
            continue
        seen.add(statement)  # the rest is about the same lock
        yield Finding(
            "lock-safety",
            Severity.WARNING,
            each.message.rstrip(".").replace("`", ""),
            _CURES.get(each.rule_name, _CONCURRENTLY),
            statement.place(offset - statement.start),
            object=each.rule_name,
        )


def _tables(statement: Statement) -> set[str]:
    """The table that a statement changes; for an index that goes, nobody can tell."""
    node = statement.node
    if isinstance(node, ast.AlterTableStmt | ast.IndexStmt | ast.RenameStmt) and node.relation is not None:
        return {node.relation.relname}
    return set()


def _ask(program: str, script: Script, folder: Path) -> list[Said]:
    options = ["--reporter", "json", "--pg-version", "17"]
    if in_one_transaction(script.migration.source, script.statements):
        options.append("--assume-in-transaction")
    done = run([program, *options, "--", folder / script.migration.name])
    lines = done.output.splitlines()
    try:
        return msgspec.json.decode(next((line for line in lines if line.startswith("[")), ""), type=list[Said])
    except msgspec.DecodeError as error:
        said = lines[0] if lines else f"exit {done.code}"
        raise DevkitError(
            f"squawk gave no report on {script.migration.source.file}: {said}",
            f"run it by hand: {program} {folder / script.migration.name}",
        ) from error


def _squawk() -> str:
    beside = Path(sys.executable).parent / "squawk"
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if found is None:
        raise DevkitError(
            "--locks needs squawk, which is not installed here",
            f"install it with: {sys.executable} -m pip install --require-hashes -r {SQUAWK}",
        )
    return found


def _main_branch(root: Path) -> str:
    for name in ("origin/HEAD", "origin/main", "origin/master", "main", "master"):
        if run(["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"], cwd=root).code == 0:
            return name
    raise DevkitError(
        f"nobody can tell which migrations are new: {root} has no branch main or master",
        "name the branch that this one left, for example: --locks --since develop",
    )


def _git(root: Path, *words: str) -> str:
    try:
        done = run(["git", *words], cwd=root)
    except FileNotFoundError as error:
        raise DevkitError("--locks needs git, which is not installed here", "install git") from error
    if done.code != 0:
        said = (done.output.strip().splitlines() or ["no reason given"])[0]
        raise DevkitError(
            f"git {words[0]} in {root} failed: {said}", "name a commit or branch that is here: --locks --since REF"
        )
    return done.output
