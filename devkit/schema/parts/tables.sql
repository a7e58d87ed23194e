-- Tables: how they are stored, what they inherit or are a partition of, their Citus kind.
SELECT r.name, '', 0,
       concat_ws(', ',
           CASE WHEN r.relkind = 'p' THEN 'partitioned by ' || pg_catalog.pg_get_partkeydef(r.oid) END,
           CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
           k.kind,
           (SELECT 'of ' || c.reloftype::regtype WHERE c.reloftype <> 0),
           (SELECT CASE WHEN c.relispartition THEN 'partition of ' ELSE 'inherits ' END
                   || string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)
              FROM pg_catalog.pg_inherits h WHERE h.inhrelid = r.oid),
           pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           (SELECT 'access method ' || quote_ident(m.amname) FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
           (SELECT 'tablespace ' || quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
           CASE WHEN c.reloptions IS NOT NULL THEN
               'with ' || array_to_string(ARRAY(SELECT o FROM unnest(c.reloptions) o ORDER BY o COLLATE "C"), ', ') END,
           (SELECT 'toast with ' || array_to_string(ARRAY(SELECT o FROM unnest(t.reloptions) o ORDER BY o COLLATE "C"), ', ')
              FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL),
           CASE c.relreplident WHEN 'f' THEN 'replica identity full' WHEN 'n' THEN 'replica identity nothing' END,
           CASE WHEN c.relrowsecurity THEN 'row level security' END,
           CASE WHEN c.relforcerowsecurity THEN 'row level security forced' END,
           (SELECT 'server ' || quote_ident(s.srvname) || ' options ' || coalesce(f.ftoptions::text, '{}')
              FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
             WHERE f.ftrelid = r.oid)),
       r.oid::bigint
  FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid {citus_kind}
 WHERE r.relkind IN ('r', 'p', 'f')
