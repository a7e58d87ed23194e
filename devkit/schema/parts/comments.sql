-- Comments on whatever is this database's own, and on the schema public (2200, while it is the one of initdb).
SELECT 'comment on ' || i.type || ' ' || i.identity, '', 0, d.description, d.objoid::bigint
  FROM (
    -- a fence: pg_identify_object is not asked of the 5,000 comments on what is PostgreSQL's own
    SELECT d.* FROM pg_catalog.pg_description d
     WHERE (d.objoid >= 16384 OR d.objoid = 2200 AND d.classoid = 'pg_catalog.pg_namespace'::regclass
                                 AND d.description <> 'standard public schema')
       AND NOT EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid)
       AND d.classoid <> 'pg_catalog.pg_extension'::regclass
    OFFSET 0
  ) d
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
 WHERE coalesce(i.schema, 'public') !~ '^pg_'
   AND coalesce(i.schema, 'public') NOT IN
       ('citus', 'citus_internal', 'columnar', 'columnar_internal', 'information_schema', 'devkit_ledger')
