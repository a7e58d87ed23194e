"""The stand-in `citus` extension, and SQL in place of uuid-ossp's C: files for share/extension.

One SQL file a topic; the rules are theirs. Python only carries facts (before.py).
"""

from __future__ import annotations

from pathlib import Path

# Settings that everybody may store for a role or a database (PGC_USERSET, shared_library_init.c). Without the library
# they are placeholders, which only those may store who were granted them (guc.c: valid_custom_variable_name).
USER_SETTINGS = tuple(
    f"citus.{name}"
    for name in (
        "allow_unsafe_constraints", "create_object_propagation", "enable_ddl_propagation",
        "enable_local_reference_table_foreign_keys", "enable_metadata_sync", "enable_schema_based_sharding",
        "enable_unsafe_triggers", "enforce_foreign_key_restrictions", "multi_shard_modify_mode", "shard_count",
        "shard_replication_factor", "use_citus_managed_tables",
    )
)  # fmt: skip

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
    "dependencies",
    "distribute",
    "local_tables",
    "nodes",
    "partitions",
    "time_partitions",
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
