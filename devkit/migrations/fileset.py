"""The strict file set: which entries are migrations, in which order, and what is wrong with the rest.

Only `V<digits>__<name>.sql` is a migration. Order is the number's, never the locale's. What makes the order
ambiguous or a file unreadable ends the replay before that file; everything else is a finding beside it.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from devkit.finding import Finding, Place, Severity
from devkit.migrations.folder import LARGEST_BYTES, Entry, Trouble
from devkit.migrations.source import Source

MIGRATION = re.compile(r"V([0-9]+)__(\S+)\.sql")
TIMESTAMP_DIGITS = 8  # V20260101__x.sql: a date, where gaps mean nothing
_BLANK = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Migration:
    """A migration that can be read: its number and its text, without a byte order mark."""

    version: int
    name: str
    source: Source


@dataclasses.dataclass(frozen=True, slots=True)
class FileSet:
    """The migrations in order. The replay covers those below `stop_before` (None: all of them)."""

    migrations: tuple[Migration, ...]
    findings: tuple[Finding, ...]
    stop_before: int | None
    strays: int

    @property
    def replayable(self) -> tuple[Migration, ...]:
        """The migrations that come before the first version that is ambiguous or unreadable."""
        if self.stop_before is None:
            return self.migrations
        return tuple(each for each in self.migrations if each.version < self.stop_before)


def order(entries: Iterable[Entry], shown_folder: str) -> FileSet:
    """Sort `entries` of the folder shown as `shown_folder` into migrations and findings."""
    migrations: list[Migration] = []
    findings: list[Finding] = []
    versions: dict[int, list[str]] = {}
    blocked: list[int] = []
    strays = 0
    entries = tuple(entries)
    for entry in entries:
        shown = shown_name(shown_folder, entry.name)
        match = MIGRATION.fullmatch(entry.name)
        if match is None or entry.trouble in (Trouble.FOLDER, Trouble.SPECIAL):
            findings.append(_stray(entry, shown))
            strays += 1
            continue
        version = int(match[1])
        versions.setdefault(version, []).append(entry.name)
        text, found = _text(entry, shown)
        findings += found
        if text is None:
            blocked.append(version)
        else:
            migrations.append(Migration(version, entry.name, Source(shown, text)))
    twins, twin_findings = _twins([entry.name for entry in entries], shown_folder)
    findings += twin_findings
    for version, names in versions.items():
        if len(names) > 1:
            blocked.append(version)
            findings += [_duplicate(version, names, shown_folder)] if not twins.issuperset(names) else []
    findings += _gaps(sorted(versions.items()), shown_folder)
    migrations.sort(key=lambda each: (each.version, each.name))
    return FileSet(tuple(migrations), tuple(findings), min(blocked, default=None), strays)


def shown_name(folder: str, name: str) -> str:
    """A path for people: undecodable bytes and control characters become visible escapes."""
    clean = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in clean)
    return f"{folder}/{clean}" if folder else clean


def _stray(entry: Entry, shown: str) -> Finding:
    reason, cure = _why_stray(entry)
    return Finding("stray-file", Severity.INFO, f"ignored, never applied: {reason}", cure, Place(shown))


def _why_stray(entry: Entry) -> tuple[str, str]:
    name = entry.name
    move = "move it out of the migrations folder, or delete it: git keeps the history"
    if entry.trouble is Trouble.FOLDER:
        return "it is a folder, and migrations lie in one flat folder", move
    if entry.trouble is Trouble.SPECIAL:
        return "it is not a regular file", move
    if re.search(r"\.sql\W?.+", name, re.IGNORECASE):
        return "the name goes on after .sql", move
    if re.fullmatch(r"[Vv][0-9].*\.sql", name, re.IGNORECASE):
        return (
            "the name is not exactly V<digits>__<name>.sql",
            "if it is to be applied, rename it: a capital V, digits, two underscores, a name without blanks, .sql",
        )
    return "the name is not V<digits>__<name>.sql", move


def _text(entry: Entry, shown: str) -> tuple[str | None, list[Finding]]:
    """The text of a migration and what is wrong with its bytes; no text when it cannot be replayed."""
    if entry.data is None:
        return None, [_unreadable(entry, shown)]
    try:
        text = entry.data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = Source(shown, entry.data[: error.start].decode("utf-8") + "?")
        place = before.place(len(before.text) - 1)
        byte = entry.data[error.start]
        return None, [
            _error(
                "not-utf-8",
                f"byte 0x{byte:02x} is not UTF-8, so no two machines need read it alike",
                "save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW",
                place,
            )
        ]
    if "\0" in text:
        place = Source(shown, text).place(text.index("\0"))
        return None, [_error("not-utf-8", "a NUL character, which PostgreSQL cannot hold in text", "delete it", place)]
    return text.removeprefix("\ufeff"), list(_blemishes(text, shown))


def _blemishes(text: str, shown: str) -> Iterator[Finding]:
    if text.startswith("\ufeff"):
        yield _error(
            "byte-order-mark",
            "the file begins with a byte order mark, which psql takes for a syntax error",
            "save it as UTF-8 without a byte order mark",
            Place(shown),
        )
        text = text[1:]
    if "\r" in text:
        yield _error(
            "carriage-return",
            "CR line ends: the same migration has other bytes on another machine",
            'write "* text=auto eol=lf" into .gitattributes, then: git add --renormalize . ; and set your editor to LF',
            Source(shown, text).place(text.index("\r")),
        )
    if _BLANK.fullmatch(text):
        yield _error(
            "empty-file",
            "there is no SQL statement in this migration",
            "write one, or delete the file before anybody applies it",
            Place(shown),
        )


def _unreadable(entry: Entry, shown: str) -> Finding:
    place = Place(shown)
    match entry.trouble:
        case Trouble.OUTSIDE:
            return _error(
                "symlink-outside",
                "a symbolic link that leads out of the folder: others will not have it",
                "copy the file here in place of the link",
                place,
            )
        case Trouble.BROKEN:
            return _error(
                "unreadable-file",
                "a symbolic link to nothing",
                "restore what it points to, or delete it",
                place,
            )
        case Trouble.TOO_LARGE:
            limit, size = LARGEST_BYTES // 2**20, entry.size / 2**20
            return _error(
                "file-too-large",
                f"{size:.1f} MiB in one migration; more than {limit} MiB is data, not a change",
                "move the rows into infra/seed or load them from the application; keep the change here",
                place,
            )
        case _:
            return _error(
                "unreadable-file",
                "this migration cannot be read",
                f"allow it with: chmod u+r '{shown}'",
                place,
            )


def _twins(names: list[str], folder: str) -> tuple[set[str], list[Finding]]:
    """Names that a case-insensitive or normalising file system (macOS) takes for one file."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(unicodedata.normalize("NFC", name).casefold(), []).append(name)
    twins: set[str] = set()
    findings = []
    for group in groups.values():
        if len(group) > 1:
            twins.update(group)
            others = " and ".join(shown_name("", name) for name in group[:-1])
            findings.append(
                _error(
                    "name-collision",
                    f"on macOS this is the same file as {others}: one of them is lost at checkout",
                    "rename one of them",
                    Place(shown_name(folder, group[-1])),
                )
            )
    return twins, findings


def _duplicate(version: int, names: list[str], folder: str) -> Finding:
    first, last = min(names), max(names)
    return _error(
        "duplicate-version",
        f"version {version} is taken by {shown_name('', first)}: the order of the two is anybody's guess",
        "give the newer file the next free number",
        Place(shown_name(folder, last)),
    )


def _gaps(versions: list[tuple[int, list[str]]], folder: str) -> Iterator[Finding]:
    for (before, _), (after, names) in itertools.pairwise(versions):
        missing = f"{before + 1}" if after - before == 2 else f"{before + 1} to {after - 1}"  # noqa: PLR2004 - one missing
        if after - before > 1 and len(str(after)) < TIMESTAMP_DIGITS:
            yield Finding(
                "version-gap",
                Severity.WARNING,
                f"no migration has version {missing}: it may be on a branch, or lost",
                f"add the missing file, or rename this one to V{before + 1}__… before anybody applies it",
                Place(shown_name(folder, min(names))),
            )


def _error(rule: str, message: str, cure: str, place: Place) -> Finding:
    return Finding(rule, Severity.ERROR, message, cure, place)
