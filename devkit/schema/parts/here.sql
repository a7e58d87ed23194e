-- What counts as this database's own: not PostgreSQL's, not an extension's, not devkit's ledger nor the history of a
-- runner that was there before, no shard, and nothing that Citus has listed to be taken away by itself.
WITH member AS MATERIALIZED (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.deptype = 'e'
), namespace AS MATERIALIZED (
    SELECT n.oid, n.nspname, n.nspowner FROM pg_catalog.pg_namespace n
     WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN
           ('citus', 'citus_internal', 'columnar', 'columnar_internal', 'information_schema', 'devkit_ledger')
       AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_namespace'::regclass AND m.objid = n.oid)
), relation AS MATERIALIZED (
    SELECT c.oid, c.relkind,
           CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'type'
                          WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'table' END
           || format(' %I.%I', n.nspname, c.relname) AS name
      FROM pg_catalog.pg_class c JOIN namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c', 'S') AND c.relpersistence <> 't'
       AND c.relname NOT IN ('flyway_schema_history', 'schema_migrations')
       AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_class'::regclass AND m.objid = c.oid)
       AND NOT {is_shard} AND NOT {is_leftover}
), publication AS MATERIALIZED (
    SELECT p.* FROM pg_catalog.pg_publication p WHERE NOT {is_left_publication}
)
