-- Indexes, those behind constraints included.
SELECT r.name, 'index ' || quote_ident(x.relname), 0,
       concat_ws(', ', pg_catalog.pg_get_indexdef(i.indexrelid),
           CASE WHEN NOT i.indisvalid THEN 'INVALID' END,
           CASE WHEN i.indisclustered THEN 'clustered on' END,
           CASE WHEN i.indisreplident THEN 'replica identity' END,
           (SELECT 'attached to ' || h.inhparent::regclass FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid),
           (SELECT 'tablespace ' || quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = x.reltablespace),
           (SELECT 'statistics ' || string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = i.indexrelid AND coalesce(a.attstattarget, -1) <> -1)),
       i.indexrelid::bigint
  FROM relation r JOIN pg_catalog.pg_index i ON i.indrelid = r.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
