-- Views and materialized views; whether a materialized one is filled is data.
SELECT r.name, '', 0,
       concat_ws(', ', CASE WHEN c.reloptions IS NOT NULL THEN
               'with ' || array_to_string(ARRAY(SELECT o FROM unnest(c.reloptions) o ORDER BY o COLLATE "C"), ', ') END,
           (SELECT 'access method ' || quote_ident(m.amname) FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'),
           (SELECT 'tablespace ' || quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
           'as' || chr(10) || pg_catalog.pg_get_viewdef(r.oid)),
       r.oid::bigint
  FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid
 WHERE r.relkind IN ('v', 'm')
