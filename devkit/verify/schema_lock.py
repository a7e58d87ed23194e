"""The schema that the migrations make, beside the one that is written down for review."""

from __future__ import annotations

from devkit.errors import DevkitError
from devkit.finding import Finding, Place, Severity
from devkit.schema.snapshot import LeftAt, Snapshot, differences
from devkit.schema.text import from_text
from devkit.words import plural

_NAMED = 3
_WRITE = "./inv schema --write, and review what it changes"


def lock_finding(lock: bytes, shown: str, schema: Snapshot, left_at: LeftAt) -> Finding | None:
    """What `lock`, the bytes of the file `shown`, does not have as the migrations make it: one finding for all."""
    try:
        written = from_text(lock.decode("utf-8", "replace"), shown)
    except DevkitError as error:
        return Finding("schema-lock", Severity.ERROR, error.problem, error.cure, Place(shown))
    differing = differences(schema, written, left_at)
    if not differing:
        return None
    first = next((each for each in differing if each.place), differing[0])
    names = [first.object, *(each.object for each in differing if each is not first)]
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    what = f"{shown} has {plural(len(differing), 'object')} otherwise than the migrations make: "
    return Finding(
        "schema-lock",
        Severity.ERROR,
        f"{what}{', '.join(names[:_NAMED])}{more}",
        f"if that is what you mean: {_WRITE}; ./inv schema --diff {shown} shows each",
        first.place or Place(shown),
        object=first.object,
    )
