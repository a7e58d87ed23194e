"""Names for new migrations: the next number, the words of the title, the text to begin with."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from devkit.errors import DevkitError
from devkit.migrations.fileset import TIMESTAMP_DIGITS

_LONGEST = 60  # of the words in a file's name
_TEMPLATE = Path(__file__).with_name("template.sql")
_STAMPS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def next_version(versions: Iterable[int], now: datetime.datetime) -> int:
    """One more than the highest of `versions`, or the time `now` where they are times already."""
    highest = max(versions, default=0)
    stamp = _STAMPS.get(len(str(highest)))
    if len(str(highest)) >= TIMESTAMP_DIGITS and stamp:
        return max(highest + 1, int(now.strftime(stamp)))
    return highest + 1


def file_name(version: int, title: str) -> str:
    """V<version>__<words>.sql; DevkitError when nothing of `title` can stand in a name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:_LONGEST].strip("_")
    if not words:
        raise DevkitError(
            f"no file can be named after {title!r}: it has no letter of a to z and no digit",
            "say in a few words what changes, for example: ./inv new 'bets get a channel'",
        )
    return f"V{version}__{words}.sql"


def template(title: str, tenant_column: str) -> str:
    """What a new migration begins with: comments, and no statement yet."""
    one_line = " ".join(title.split())
    return _TEMPLATE.read_text("utf-8").format(title=one_line, tenant=tenant_column)
