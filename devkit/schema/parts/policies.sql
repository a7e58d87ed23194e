-- Policies of row level security.
SELECT r.name, 'policy ' || quote_ident(p.polname), 0,
       concat_ws(', ', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
           CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
           'to ' || array_to_string(ARRAY(
               SELECT w.role FROM unnest(p.polroles) o
                CROSS JOIN LATERAL (SELECT CASE WHEN o = 0 THEN 'public' ELSE quote_ident(pg_catalog.pg_get_userbyid(o)) END AS role) w
                ORDER BY w.role COLLATE "C"), ', '),
           'using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid),
           'with check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)),
       p.oid::bigint
  FROM relation r JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
