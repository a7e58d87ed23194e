-- Extensions but the one that every database has; publications and event triggers.
SELECT 'extension ' || quote_ident(e.extname), '', 0,
       format('%s in %I', split_part(e.extversion, '-', 1), n.nspname), e.oid::bigint
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname NOT IN ('plpgsql', 'citus_columnar')  -- which comes with citus 13.0 by itself
UNION ALL
SELECT 'publication ' || quote_ident(p.pubname), '', 0,
       concat_ws(', ', CASE WHEN p.puballtables THEN 'all tables' END, CASE WHEN p.pubinsert THEN 'insert' END,
           CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
           CASE WHEN p.pubtruncate THEN 'truncate' END, CASE WHEN p.pubviaroot THEN 'via root' END,
           (SELECT string_agg(concat_ws(' ', t.prrelid::regclass,
                   (SELECT '(' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                      FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.prrelid AND a.attnum = ANY (t.prattrs)), pg_catalog.pg_get_expr(t.prqual, t.prrelid)), ', '
                   ORDER BY t.prrelid::regclass::text COLLATE "C")
              FROM pg_catalog.pg_publication_rel t WHERE t.prpubid = p.oid),
           (SELECT 'schemas ' || string_agg(quote_ident(s.nspname), ', ' ORDER BY s.nspname COLLATE "C")
              FROM pg_catalog.pg_publication_namespace q JOIN pg_catalog.pg_namespace s ON s.oid = q.pnnspid
             WHERE q.pnpubid = p.oid)),
       p.oid::bigint
  FROM publication p
UNION ALL
SELECT 'event trigger ' || quote_ident(t.evtname), '', 0,
       concat_ws(', ', t.evtevent, 'function ' || t.evtfoid::regprocedure, 'tags ' || t.evttags::text, 'enabled ' || t.evtenabled::text),
       t.oid::bigint
  FROM pg_catalog.pg_event_trigger t
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_event_trigger'::regclass AND m.objid = t.oid)
