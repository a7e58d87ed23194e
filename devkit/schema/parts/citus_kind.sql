-- With Citus: the kind of a table (metadata_cache.c:555). What a foreign key made local to Citus, on clusters whose
-- coordinator has a name, is a plain table elsewhere, and called so.
LEFT JOIN LATERAL (
    SELECT CASE WHEN p.partmethod IN ('h', 'r', 'a')
                THEN format('distributed by %I%s', pg_catalog.column_to_column_name(p.logicalrelid, p.partkey),
                            CASE p.partmethod WHEN 'r' THEN ' (range)' WHEN 'a' THEN ' (append)' END)
                WHEN p.repmodel = 't' THEN 'reference'
                WHEN p.colocationid <> 0 THEN 'single shard'
                WHEN NOT p.autoconverted THEN 'local to Citus' END AS kind
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid
) k ON true
