-- What people ask of Citus.
CREATE FUNCTION pg_catalog.citus_version() RETURNS text
LANGUAGE sql STABLE AS $$ SELECT 'Citus 13.0.3 stand-in on ' || version() $$;

CREATE FUNCTION pg_catalog.citus_is_coordinator() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT true $$;

-- The columns of the real view (sql/udfs/citus_tables); sizes are those of the table itself.
CREATE VIEW citus.citus_tables AS
SELECT p.logicalrelid AS table_name,
       CASE WHEN citus_internal.kind(p.logicalrelid) IN ('distributed', 'append') THEN 'distributed'
            WHEN citus_internal.kind(p.logicalrelid) = 'single_shard' THEN 'distributed'
            ELSE citus_internal.kind(p.logicalrelid) END AS citus_table_type,
       coalesce(column_to_column_name(p.logicalrelid, p.partkey), '<none>') AS distribution_column,
       p.colocationid AS colocation_id,
       pg_size_pretty(pg_total_relation_size(p.logicalrelid)) AS table_size,
       coalesce(g.shardcount, 1)::bigint AS shard_count,
       pg_get_userbyid(c.relowner) AS table_owner,
       a.amname AS access_method
  FROM pg_catalog.pg_dist_partition p
  JOIN pg_catalog.pg_class c ON c.oid = p.logicalrelid
  LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
  LEFT JOIN pg_catalog.pg_dist_colocation g ON g.colocationid = p.colocationid
 ORDER BY p.logicalrelid::text;
ALTER VIEW citus.citus_tables SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.citus_tables TO public;
