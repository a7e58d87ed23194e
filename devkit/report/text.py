"""A verdict for people: each finding with its line and a caret, then what was judged and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from devkit.finding import Finding, Place, Severity
from devkit.images.running import MATCHES, Likeness, Running
from devkit.verify.verdict import Verdict
from devkit.words import plural

IDENTITY_DIGITS = 12  # of a stack's identity: enough for people to tell two apart
_WIDEST = 140  # of a source line that is shown; a row list may be a megabyte long
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "cyan"}

LineReader = Callable[[Place], str | None]
Piece = tuple[str, str]  # text and the style that a terminal gives it


def to_text(verdict: Verdict, read_line: LineReader, *, verbose: tuple[str, ...] = ()) -> Iterator[Piece]:
    """The report as pieces with the style of each; the same for the same input but for the `verbose` lines."""
    yield from finding_text(verdict.findings, read_line)
    for line in verbose:
        yield f"{line}\n", "dim"
    yield from _summary(verdict)


def finding_text(findings: Iterable[Finding], read_line: LineReader) -> Iterator[Piece]:
    """Each finding with its line, a caret and the safe form."""
    for finding in findings:
        yield from _finding(finding, read_line)


def how_long(verdict: Verdict) -> str:
    """What differs from run to run, and therefore is no part of the report."""
    seconds = f"{verdict.timings_ms['total'] / 1000:.2f} s"
    return f"{seconds}{', unchanged since the last run (--no-cache replays)' if verdict.cached else ''}"


def _finding(finding: Finding, read_line: LineReader) -> Iterator[Piece]:
    place, style = finding.place, _STYLES[finding.severity]
    code = f" {finding.sqlstate}" if finding.sqlstate else ""
    yield f"{place.file}:{place.line}:{place.column}: ", "bold"
    yield f"{finding.severity}: ", style
    if finding.severity is Severity.INFO:
        yield f"{finding.message}; {finding.help} ", ""
        yield f"[{finding.rule}]\n", "dim"
        return
    yield f"{finding.message} ", ""
    yield f"[{finding.rule}{code}]\n", "dim"
    yield from _excerpt(place, read_line(place), style)
    yield f"  → {finding.help}\n\n", "green"


def _excerpt(place: Place, line: str | None, style: str) -> Iterator[Piece]:
    if not line or not line.strip():
        return
    from rich.cells import cell_len

    column = place.column - 1
    cut = max(0, column - _WIDEST // 2)
    shown = line[cut : cut + _WIDEST]
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    before = "".join("\t" if c == "\t" else " " * cell_len(c) for c in shown[: column - cut])
    marked = max(1, cell_len(shown[column - cut : max(last, column + 1) - cut]))
    gutter = " " * len(str(place.line))
    yield f"  {place.line} | ", "dim"
    yield f"{shown}\n", ""
    yield f"  {gutter} | ", "dim"
    yield f"{before}{'^' * marked}\n", style


def _summary(verdict: Verdict) -> Iterator[Piece]:
    summary, engine = verdict.summary, verdict.engine
    citus = f", citus {engine.citus}" if engine.citus else ", without citus"
    distributed = f"{summary.distributed} distributed, {summary.reference} reference, " if engine.citus else ""
    counts = f"{plural(summary.errors, 'error')}, {plural(summary.warnings, 'warning')}"
    yield ("✘ " if summary.errors else "✔ "), ("bold red" if summary.errors else "bold green")
    yield f"{counts} in {plural(summary.files, 'migration')} and {plural(summary.images, 'image')}\n", "bold"
    yield (
        (
            f"  {summary.replayed} replayed ({plural(summary.statements, 'statement')}): "
            f"{distributed}{plural(summary.plain, 'plain table')}\n"
        ),
        "",
    )
    yield f"  engine {engine.name}: PostgreSQL {engine.postgres}{citus}\n", ""
    yield f"  identity {verdict.identity.digest[:IDENTITY_DIGITS]}\n", ""
    living = verdict.living
    if living is not None:
        yield f"  cluster: {living.answering} of {plural(living.services, 'service')} answer", ""
        yield f", {living.ready} of {plural(living.objects, 'object')} ready", ""
        yield f", {living.applied} of {plural(summary.files, 'migration')} applied\n", ""
        yield from _running(living.running)
    hidden = [(summary.ignored, "ignored with a reason"), (summary.baseline, "in the baseline")]
    if any(number for number, _ in hidden):
        yield "  not shown: " + ", ".join(f"{number} {why}" for number, why in hidden if number) + "\n", ""


def _running(found: Iterable[Running]) -> Iterator[Piece]:
    """How many containers run what is pinned, without those of pods that are on their way out."""
    counted = Counter(each.verdict for each in found if not each.is_leaving)
    if not counted:
        return
    pinned = sum(counted[each] for each in MATCHES)
    yield f"  images: {pinned} of {plural(counted.total(), 'container')} run what is pinned", ""
    ways = [
        (counted[Likeness.BY_CHILD], "by its platform's own digest"),
        (counted[Likeness.BY_CONFIG], "loaded by hand"),
    ]
    said = ", ".join(f"{number} {how}" for number, how in ways if number)
    yield f"{f' ({said})' if said else ''}\n", ""
