-- Rewrite rules but the one that makes a view a view.
SELECT r.name, 'rule ' || quote_ident(w.rulename), 0,
       concat_ws(', ', pg_catalog.pg_get_ruledef(w.oid),
           CASE w.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled replica' WHEN 'A' THEN 'enabled always' END),
       w.oid::bigint
  FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid
 WHERE NOT (w.rulename = '_RETURN' AND r.relkind IN ('v', 'm'))
