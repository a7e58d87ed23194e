"""Ignores: a comment with a reason where the finding is, or an entry in pyproject.toml for a file that must not change.

`-- devkit: ignore RULE -- reason` above a statement covers the statement; inside of one, or in a manifest (with #), it
covers the next line; at the end of a line, that line.
"""

from __future__ import annotations

import bisect
import dataclasses
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from devkit.config import Project
from devkit.finding import Finding, Place, Severity
from devkit.images.folder import Manifest
from devkit.migrations.source import Source
from devkit.migrations.statements import Statement
from devkit.postgres.record import Script
from devkit.rules.rules import EVERY_RULE

_MARK = re.compile(r"devkit:\s*ignore\b")
_SQL = re.compile(r"--[ \t]*(devkit:[ \t]*ignore\b([^\n]*))")
_YAML = re.compile(r"#[ \t]*(devkit:[ \t]*ignore\b([^\n]*))")
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*tool\.devkit\.ignore[ \t]*\]\]", re.MULTILINE)
_IGNORABLE = {rule.id: rule.ignorable for rule in EVERY_RULE}


@dataclasses.dataclass(frozen=True, slots=True)
class Ignore:
    """What one ignore covers: a rule in lines `first` to `last` of a file, or in all of it, perhaps of one object."""

    rule: str
    reason: str
    place: Place
    file: str
    first: int = 1
    last: int | None = None
    object: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether `finding` is what this ignore is about."""
        return (
            finding.rule == self.rule
            and finding.place.file == self.file
            and self.first <= finding.place.line
            and (self.last is None or finding.place.line <= self.last)
            and self.object in {None, finding.object}
        )


def read_ignores(scripts: Iterable[Script], manifests: Iterable[Manifest], project: Project) -> tuple[Ignore, ...]:
    """Every ignore of the migrations, the manifests and the settings, malformed ones too."""
    found: list[Ignore] = []
    for script in scripts:
        if _MARK.search(script.migration.source.text):
            found += _in_migration(script.migration.source, script.statements)
    for manifest in manifests:
        text = manifest.text()
        if isinstance(text, str) and _MARK.search(text):
            found += _in_manifest(Source(manifest.shown, text))
    return (*found, *_in_settings(project))


def malformed(ignores: Iterable[Ignore]) -> Iterator[Finding]:
    """A finding for each ignore without a reason, or of a rule that nobody knows or that cannot be ignored."""
    for ignore in ignores:
        wrong = _wrong(ignore)
        if wrong:
            yield Finding("ignore-malformed", Severity.ERROR, *wrong, ignore.place, object=ignore.rule or None)


def unused(ignores: Iterable[Ignore], findings: Sequence[Finding]) -> Iterator[Finding]:
    """A finding for each well-formed ignore that covers none of `findings`."""
    for ignore in ignores:
        if _wrong(ignore) is None and not any(ignore.covers(finding) for finding in findings):
            yield Finding(
                "ignore-unused",
                Severity.WARNING,
                f"there is no finding of {ignore.rule} here to ignore: it would hide the next one",
                "delete this ignore",
                ignore.place,
                object=ignore.rule,
            )


def suppressed(finding: Finding, ignores: Iterable[Ignore]) -> bool:
    """Whether a well-formed ignore covers `finding`, and may hide it."""
    return not finding.stops and any(ignore.covers(finding) and _wrong(ignore) is None for ignore in ignores)


def _wrong(ignore: Ignore) -> tuple[str, str] | None:
    form = "write: devkit: ignore RULE -- why it is right here"
    if not ignore.rule:
        return "this ignore names no rule, and hides nothing", form
    if ignore.rule not in _IGNORABLE:
        near = difflib.get_close_matches(ignore.rule, _IGNORABLE, n=1)
        cure = f"did you mean {near[0]}?" if near else "./inv verify --explain all lists the rules"
        return f"there is no rule {ignore.rule}: this ignore hides nothing", cure
    if not _IGNORABLE[ignore.rule]:
        return f"{ignore.rule} cannot be ignored: what it finds does not run, or cannot be read", "mend it instead"
    if not ignore.reason:
        return f"this ignore of {ignore.rule} gives no reason, and hides nothing", form
    return None


def _in_migration(source: Source, statements: Sequence[Statement]) -> Iterator[Ignore]:
    starts = [statement.start for statement in statements]
    for comment in _SQL.finditer(source.text):
        line = source.line_of(comment.start())
        index = bisect.bisect_right(starts, comment.start())
        before = statements[index - 1] if index else None
        if not _alone(source, comment):
            first, last = line, line
        elif before is not None and comment.start() < before.end:
            first = last = _next_line(source, line, "--")
        elif index < len(statements):
            first, last = source.line_of(statements[index].start), source.line_of(statements[index].end - 1)
        else:
            first = last = line
        yield from _parse(comment, source, first, last)


def _in_manifest(source: Source) -> Iterator[Ignore]:
    for comment in _YAML.finditer(source.text):
        line = source.line_of(comment.start())
        covered = _next_line(source, line, "#") if _alone(source, comment) else line
        yield from _parse(comment, source, covered, covered)


def _parse(comment: re.Match[str], source: Source, first: int, last: int) -> Iterator[Ignore]:
    """One ignore for each rule that a comment names; one without a rule when it names none."""
    names, _, reason = comment[2].partition("--")
    place = source.place(comment.start(1), comment.end(1))
    for rule in re.findall(r"[^\s,]+", names) or [""]:
        yield Ignore(rule, reason.strip(), place, source.file, first, last)


def _alone(source: Source, comment: re.Match[str]) -> bool:
    """Whether nothing but the comment stands on its line."""
    return source.text[source.text.rfind("\n", 0, comment.start()) + 1 : comment.start()].strip() == ""


def _next_line(source: Source, line: int, comment: str) -> int:
    """The next line that is neither blank nor only a comment."""
    lines = source.text.split("\n")
    for number in range(line, len(lines)):
        text = lines[number].strip()
        if text and not text.startswith(comment):
            return number + 1
    return line


def _in_settings(project: Project) -> Iterator[Ignore]:
    text = Source("pyproject.toml", project.source.decode("utf-8", "replace"))
    headers = [text.place(match.start(), match.end()) for match in _ENTRY.finditer(text.text)]
    for number, entry in enumerate(project.settings.ignore):
        place = headers[number] if number < len(headers) else Place("pyproject.toml")
        yield Ignore(entry.rule, entry.reason.strip(), place, entry.file, object=entry.object)
