-- Sequences, with the column that owns them; where they stand is data.
SELECT r.name, '', 0,
       concat_ws(', ', pg_catalog.format_type(s.seqtypid, NULL),
           CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
           'start ' || s.seqstart, 'increment ' || s.seqincrement, 'minimum ' || s.seqmin, 'maximum ' || s.seqmax,
           'cache ' || s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END,
           (SELECT CASE d.deptype WHEN 'i' THEN 'identity of ' ELSE 'owned by ' END
                   || d.refobjid::regclass || '.' || quote_ident(a.attname)
              FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid AND d.objsubid = 0
               AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid <> 0 AND d.deptype IN ('a', 'i'))),
       r.oid::bigint
  FROM relation r JOIN pg_catalog.pg_sequence s ON s.seqrelid = r.oid JOIN pg_catalog.pg_class c ON c.oid = r.oid
