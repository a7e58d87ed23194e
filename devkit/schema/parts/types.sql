-- Enums, domains and ranges; a composite type's columns are columns.
SELECT CASE y.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || format('%I.%I', n.nspname, y.typname), '', 0,
       CASE y.typtype
       WHEN 'e' THEN 'enum ' || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                                   FROM pg_catalog.pg_enum e WHERE e.enumtypid = y.oid)
       WHEN 'd' THEN concat_ws(' ', pg_catalog.format_type(y.typbasetype, y.typtypmod),
           CASE WHEN y.typcollation <> b.typcollation THEN 'COLLATE ' || y.typcollation::regcollation END,
           CASE WHEN y.typnotnull THEN 'NOT NULL' END,
           -- typdefault is a text that was written with the settings of whoever made the domain
           'DEFAULT ' || coalesce(pg_catalog.pg_get_expr(y.typdefaultbin, 0), y.typdefault))
       WHEN 'r' THEN (SELECT concat_ws(', ', 'range of ' || pg_catalog.format_type(g.rngsubtype, NULL),
               'multirange ' || pg_catalog.format_type(g.rngmultitypid, NULL),
               'collation ' || nullif(g.rngcollation, 0)::regcollation,
               (SELECT 'operators ' || format('%I.%I', s.nspname, o.opcname) FROM pg_catalog.pg_opclass o
                  JOIN pg_catalog.pg_namespace s ON s.oid = o.opcnamespace WHERE o.oid = g.rngsubopc AND NOT o.opcdefault),
               'canonical ' || nullif(g.rngcanonical, 0::regproc), 'difference ' || nullif(g.rngsubdiff, 0::regproc))
          FROM pg_catalog.pg_range g WHERE g.rngtypid = y.oid)
       ELSE concat_ws(', ', 'base type', 'input ' || y.typinput, 'output ' || y.typoutput, 'length ' || y.typlen) END,
       y.oid::bigint
  FROM pg_catalog.pg_type y JOIN namespace n ON n.oid = y.typnamespace
  LEFT JOIN pg_catalog.pg_type b ON b.oid = y.typbasetype
 WHERE y.typtype IN ('e', 'd', 'r', 'b') AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = y.oid)
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_type'::regclass AND m.objid = y.oid)
UNION ALL
SELECT 'domain ' || format('%I.%I', n.nspname, y.typname), 'constraint ' || quote_ident(k.conname), 0,
       pg_catalog.pg_get_constraintdef(k.oid), k.oid::bigint
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type y ON y.oid = k.contypid JOIN namespace n ON n.oid = y.typnamespace
 WHERE k.contype = 'c'
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_type'::regclass AND m.objid = y.oid)
UNION ALL
SELECT r.name, '', 0, 'composite', r.oid::bigint FROM relation r WHERE r.relkind = 'c'
