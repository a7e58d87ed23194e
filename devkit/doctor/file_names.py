"""Names of files that macOS and Linux do not see alike: capitals, and letters of two characters."""

from __future__ import annotations

import shlex
import string
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from devkit.doctor.git import setting, tracked
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, warning

_PLAIN = frozenset(f"{string.ascii_letters}{string.digits}._-/+@:,=")  # what no shell reads as its own


def _run_case(host: Host) -> Said:
    names = tracked(host)
    if isinstance(names, Said):
        return names
    blind = host.doors.exists(str(host.root / "PYPROJECT.TOML"))
    twins = next(_twins(names), None)
    if twins:
        said = f"{twins[0]} and {twins[1]} are one file on macOS"
        return problem(said, f"git mv {shlex.quote(twins[1])} {shlex.quote(_other(twins[1]))}")
    ignores = setting(host, "core.ignorecase")
    if not isinstance(ignores, Said) and blind != (ignores == "true"):
        told = "takes capitals for small letters" if blind else "tells capitals from small letters"
        right = "true" if blind else "false"
        return warning(f"the file system {told}, and git thinks otherwise", f"git config core.ignorecase {right}")
    return ok(f"{'capitals do not count' if blind else 'capitals count'}, and no two names differ by them alone")


def _run_unicode(host: Host) -> Said:
    names = tracked(host)
    if isinstance(names, Said):
        return names
    for name in names:
        composed = unicodedata.normalize("NFC", name)
        if composed != name:
            escaped = name.encode("unicode_escape").decode()
            cure = f"git mv {_quoted(name)} {_quoted(composed)}"
            return problem(f"{composed} is written with combining characters ({escaped})", cure)
    if host.is_mac and setting(host, "core.precomposeunicode") == "false":
        said = "git is told to take names as macOS gives them, in pieces"
        return warning(said, "git config core.precomposeunicode true")
    return ok("every name is written alike on every system")


def _twins(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names, of folders too, that differ only in capitals."""
    seen: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name)
        for each in (*(str(parent) for parent in path.parents if str(parent) != "."), name):
            other = seen.setdefault(unicodedata.normalize("NFC", each).casefold(), each)
            if other != each:
                yield other, each


def _other(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-2{path.suffix}"))


def _quoted(name: str) -> str:
    """For a shell, whose terminal would show both spellings alike: bash and zsh read $'…'."""
    if name.isascii():
        return shlex.quote(name)
    raw = "".join(chr(byte) if chr(byte) in _PLAIN else f"\\x{byte:02x}" for byte in name.encode())
    return f"$'{raw}'"


CASE = Check(
    "file-names-case",
    Group.REPOSITORY,
    "capitals in names of files",
    "two names that differ by them alone are two files on Linux and one on macOS, where one of them is lost",
    _run_case,
)
UNICODE = Check(
    "file-names-unicode",
    Group.REPOSITORY,
    "accents in names of files",
    "a letter with an accent has two spellings; macOS finds a file by either, Linux only by its own",
    _run_unicode,
)
