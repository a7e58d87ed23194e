"""The stand-in `citus` extension, and SQL in place of uuid-ossp's C: files for share/extension.

One SQL file a topic; the rules are theirs. Python only carries facts (before.py).
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent

# In the order in which they build on each other.
_TOPICS = (
    "catalog",
    "lookups",
    "metadata",
    "columns",
    "sequences",
    "uniqueness",
    "foreign_keys",
    "triggers",
    "kinds",
    "colocation",
    "transactions",
    "distribute",
    "local_tables",
    "partitions",
    "schemas",
    "undistribute",
    "alter_distributed",
    "functions",
    "views",
    "alter_table",
    "statements",
    "writes",
    "before",
    "nested",
    "events",
)


def extension_files() -> dict[str, bytes]:
    """File name in share/extension to content: the control file and the scripts, assembled from their topics."""
    topics = ((_FOLDER / f"{topic}.sql").read_bytes() for topic in _TOPICS)
    return {
        "citus.control": (_FOLDER / "citus.control").read_bytes(),
        "citus--13.0-1.sql": b"\n".join(topics),
        "uuid-ossp--1.1.sql": (_FOLDER / "uuid-ossp.sql").read_bytes(),
    }
