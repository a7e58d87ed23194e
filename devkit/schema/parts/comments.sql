-- Comments on whatever is this database's own.
SELECT 'comment on ' || i.type || ' ' || i.identity, '', 0, d.description, d.objoid::bigint
  FROM pg_catalog.pg_description d
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
 WHERE (d.objoid >= 16384 OR (d.classoid = 'pg_catalog.pg_namespace'::regclass AND i.identity = 'public'
                              AND d.description <> 'standard public schema'))
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = d.classoid AND m.objid = d.objoid)
   AND coalesce(i.schema, 'public') !~ '^pg_'
   AND coalesce(i.schema, 'public') NOT IN
       ('citus', 'citus_internal', 'columnar', 'columnar_internal', 'information_schema', 'devkit_ledger')
   AND d.classoid <> 'pg_catalog.pg_extension'::regclass
