-- Triggers that somebody made; a partition's clone only when it is switched otherwise than its parent's.
SELECT r.name, 'trigger ' || quote_ident(t.tgname), 0,
       concat_ws(', ', pg_catalog.pg_get_triggerdef(t.oid),
           CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled replica' WHEN 'A' THEN 'enabled always' END),
       t.oid::bigint
  FROM relation r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid
  LEFT JOIN pg_catalog.pg_trigger parent ON parent.oid = t.tgparentid
 WHERE NOT t.tgisinternal AND (parent.oid IS NULL OR parent.tgenabled <> t.tgenabled)
