-- Families and classes of operators, and access methods.
SELECT format('operator family %I.%I using %I', n.nspname, f.opfname, m.amname), '', 0,
       concat_ws(', ', (SELECT string_agg(concat_ws(' ', 'operator', o.amopstrategy, o.amopopr::regoperator,
                                   CASE o.amoppurpose WHEN 'o' THEN 'for order by' END), ', '
                               ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
                          FROM pg_catalog.pg_amop o WHERE o.amopfamily = f.oid),
           (SELECT string_agg(format('function %s (%s, %s) %s', p.amprocnum, pg_catalog.format_type(p.amproclefttype, NULL),
                                  pg_catalog.format_type(p.amprocrighttype, NULL), p.amproc::regprocedure), ', '
                       ORDER BY p.amprocnum, pg_catalog.format_type(p.amproclefttype, NULL) COLLATE "C",
                                pg_catalog.format_type(p.amprocrighttype, NULL) COLLATE "C")
              FROM pg_catalog.pg_amproc p WHERE p.amprocfamily = f.oid)), f.oid::bigint
  FROM pg_catalog.pg_opfamily f JOIN namespace n ON n.oid = f.opfnamespace JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
 WHERE NOT EXISTS (SELECT FROM member e WHERE e.classid = 'pg_catalog.pg_opfamily'::regclass AND e.objid = f.oid)
UNION ALL
SELECT format('operator class %I.%I using %I', n.nspname, c.opcname, m.amname), '', 0,
       concat_ws(', ', 'for ' || pg_catalog.format_type(c.opcintype, NULL), CASE WHEN c.opcdefault THEN 'default' END,
           format('family %I.%I', s.nspname, f.opfname), 'storage ' || pg_catalog.format_type(nullif(c.opckeytype, 0), NULL)),
       c.oid::bigint
  FROM pg_catalog.pg_opclass c JOIN namespace n ON n.oid = c.opcnamespace JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
  JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily JOIN pg_catalog.pg_namespace s ON s.oid = f.opfnamespace
 WHERE NOT EXISTS (SELECT FROM member e WHERE e.classid = 'pg_catalog.pg_opclass'::regclass AND e.objid = c.oid)
UNION ALL
SELECT 'access method ' || quote_ident(m.amname), '', 0, format('type %s, handler %s', m.amtype, m.amhandler), m.oid::bigint
  FROM pg_catalog.pg_am m
 WHERE m.oid >= 16384
   AND NOT EXISTS (SELECT FROM member e WHERE e.classid = 'pg_catalog.pg_am'::regclass AND e.objid = m.oid)
