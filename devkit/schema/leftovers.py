"""What Citus made to move or split shards, and takes away by itself within seconds or minutes (shard_cleaner.c).

Its shards are tables that no longer count as shards; all of it is listed in pg_dist_cleanup, which the stand-in lacks.
"""

from __future__ import annotations

HAS_LIST = "to_regclass('pg_catalog.pg_dist_cleanup') IS NOT NULL"

_LISTED = "EXISTS (SELECT FROM pg_catalog.pg_dist_cleanup x WHERE x.object_type = {type} AND {name} = {own})"
# Conditions on a row c of pg_class, and p of pg_publication.
IS_TABLE = _LISTED.format(type=1, name="pg_catalog.to_regclass(x.object_name)", own="c.oid")
IS_PUBLICATION = _LISTED.format(type=4, name="x.object_name", own="p.pubname")
