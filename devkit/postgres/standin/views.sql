-- What people ask of Citus.
CREATE FUNCTION pg_catalog.citus_version() RETURNS text
LANGUAGE sql STABLE AS $$ SELECT 'Citus 13.0.3 (stand-in) on ' || version() $$;

CREATE FUNCTION pg_catalog.citus_is_coordinator() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT citus_internal.has_coordinator() $$;

-- The columns of the real view (sql/udfs/citus_tables); a table's size is its own, its shards are counted by its group.
-- It lies in schema public, if there is one, as on the real server.
DO $do$
DECLARE
    home text := CASE WHEN to_regnamespace('public') IS NULL THEN 'citus' ELSE 'public' END;
BEGIN
    EXECUTE format($view$
        CREATE VIEW %I.citus_tables AS
        SELECT p.logicalrelid AS table_name,
               CASE WHEN p.colocationid IN (SELECT s.colocationid FROM pg_catalog.pg_dist_schema s) THEN 'schema'
                    WHEN p.partkey IS NOT NULL THEN 'distributed'
                    WHEN p.repmodel = 't' THEN 'reference'
                    WHEN p.colocationid = 0 THEN 'local'
                    ELSE 'distributed' END AS citus_table_type,
               coalesce(pg_catalog.column_to_column_name(p.logicalrelid, p.partkey), '<none>') AS distribution_column,
               p.colocationid AS colocation_id,
               pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(p.logicalrelid)) AS table_size,
               coalesce(g.shardcount, CASE WHEN p.partkey IS NULL THEN 1 ELSE 0 END)::bigint AS shard_count,
               pg_catalog.pg_get_userbyid(c.relowner) AS table_owner,
               a.amname AS access_method
          FROM pg_catalog.pg_dist_partition p
          JOIN pg_catalog.pg_class c ON c.oid = p.logicalrelid
          LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
          LEFT JOIN pg_catalog.pg_dist_colocation g ON g.colocationid = p.colocationid
         ORDER BY p.logicalrelid::text
    $view$, home);
    IF home = 'citus' THEN
        ALTER VIEW citus.citus_tables SET SCHEMA pg_catalog;
        GRANT SELECT ON pg_catalog.citus_tables TO public;
    ELSE
        GRANT SELECT ON public.citus_tables TO public;
    END IF;
END $do$;
