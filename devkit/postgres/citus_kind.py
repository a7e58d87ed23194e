"""The kinds of Citus tables, as metadata_cache.c:555 (IsCitusTableTypeInternal) tells them apart."""

from __future__ import annotations

# Of a row p of pg_dist_partition, by its partmethod, repmodel and colocationid
KIND = """CASE WHEN p.partmethod IN ('h', 'r', 'a') THEN 'distributed' WHEN p.repmodel = 't' THEN 'reference'
            WHEN p.colocationid = 0 THEN 'local' ELSE 'single_shard' END"""
