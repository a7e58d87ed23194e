"""The settings under which Citus looks away: what opens each, and what it lets in."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Escape:
    """A setting: the value that opens it, what it lets in, and the rules that name what came in."""

    opens: bool
    lets_in: str
    rules: tuple[str, ...]


# trigger.c:687, table.c:3187 and index.c:1223, utility_hook.c; all of them PGC_USERSET
ESCAPES = {
    "citus.enable_unsafe_triggers": Escape(
        True, "triggers on distributed tables, which see the rows of one shard", ("no-triggers",)
    ),
    "citus.allow_unsafe_constraints": Escape(
        True, "keys without the distribution column, which are unique on one shard only", ("tenant-in-primary-key",)
    ),
    "citus.enable_ddl_propagation": Escape(
        False, "changes that the shards never hear of", ("no-triggers", "tenant-in-primary-key")
    ),
}


def escapes(setting: str, value: str) -> bool:
    """Whether `value` of a boolean setting, in any spelling that PostgreSQL takes (bool.c), opens the escape."""
    text = value.strip().lower()
    true = text in {"on", "1"} or (text != "" and ("true".startswith(text) or "yes".startswith(text)))
    false = text in {"of", "off", "0"} or (text != "" and ("false".startswith(text) or "no".startswith(text)))
    return true if ESCAPES[setting].opens else false
