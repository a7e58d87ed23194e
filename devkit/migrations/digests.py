"""Digests of a migration: of the whole file, of each line, of its first statements, and Flyway's checksum.

The algorithm's name is stored with every value, so that a later devkit can still read it.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable

from devkit.files import digest

ALGORITHM = "sha256-lf"  # SHA-256 over UTF-8 with LF line ends, without a byte order mark
_LINE_BYTES = 4  # of a line's SHA-256: enough to name the line that changed, too little to tell what it said
_JAVA_LINE = re.compile(r"\r\n|\r|\n")


def file_digest(text: str) -> str:
    """SHA-256 in hex of a file's text; line ends do not count."""
    return hashlib.sha256(_with_lf(text).encode()).hexdigest()


def line_digests(text: str) -> bytes:
    """Four bytes for each line of `text`."""
    lines = _with_lf(text).split("\n")
    return b"".join(hashlib.sha256(line.encode()).digest()[:_LINE_BYTES] for line in lines)


def first_changed_line(before: bytes, text: str) -> int:
    """The first line of `text`, counted from 1, that is not as `before` (line_digests of the old text) has it."""
    now = line_digests(text)
    for at in range(0, len(now), _LINE_BYTES):
        if now[at : at + _LINE_BYTES] != before[at : at + _LINE_BYTES]:
            return at // _LINE_BYTES + 1
    return max(1, len(now) // _LINE_BYTES)  # lines at its end are gone


def statements_digest(texts: Iterable[str]) -> str:
    """One SHA-256 in hex over statements in order: what was applied of a file must not change under the rest."""
    return digest(_with_lf(text).encode() for text in texts)


def flyway_crc32(text: str) -> int:
    """Flyway's checksum: CRC32 over the lines without their ends, as a signed 32-bit number.

    Lines are those of java.io.BufferedReader.readLine; the text has no byte order mark any more.
    """
    lines = _JAVA_LINE.split(text)
    if lines[-1] == "":
        lines.pop()
    checksum = 0
    for line in lines:
        checksum = zlib.crc32(line.encode(), checksum)
    return checksum - 2**32 if checksum >= 2**31 else checksum


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text
