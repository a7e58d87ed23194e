-- Operators, casts, collations, and how texts are searched: what a role without powers may make, too.
SELECT 'operator ' || o.oid::regoperator, '', 0,
       concat_ws(', ', 'returns ' || pg_catalog.format_type(o.oprresult, NULL), 'function ' || o.oprcode,
           'commutator ' || nullif(o.oprcom, 0)::regoperator, 'negator ' || nullif(o.oprnegate, 0)::regoperator,
           'restrict ' || nullif(o.oprrest, 0::regproc), 'join ' || nullif(o.oprjoin, 0::regproc),
           CASE WHEN o.oprcanhash THEN 'hashes' END, CASE WHEN o.oprcanmerge THEN 'merges' END),
       o.oid::bigint
  FROM pg_catalog.pg_operator o JOIN namespace n ON n.oid = o.oprnamespace
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_operator'::regclass AND m.objid = o.oid)
UNION ALL
SELECT format('cast from %s to %s', pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL)), '', 0,
       concat_ws(', ', 'method ' || c.castmethod::text, 'context ' || c.castcontext::text, 'function ' || nullif(c.castfunc, 0)::regprocedure),
       c.oid::bigint
  FROM pg_catalog.pg_cast c
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_cast'::regclass AND m.objid = c.oid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = c.oid
                     AND d.deptype = 'i')
UNION ALL
SELECT 'collation ' || format('%I.%I', n.nspname, c.collname), '', 0,
       concat_ws(', ', 'provider ' || c.collprovider::text, 'encoding ' || c.collencoding, c.collcollate, c.collctype, c.colllocale,
           'rules ' || c.collicurules, CASE WHEN NOT c.collisdeterministic THEN 'nondeterministic' END),
       c.oid::bigint
  FROM pg_catalog.pg_collation c JOIN namespace n ON n.oid = c.collnamespace
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_collation'::regclass AND m.objid = c.oid)
UNION ALL
SELECT 'conversion ' || format('%I.%I', n.nspname, c.conname), '', 0,
       concat_ws(', ', c.conforencoding, c.contoencoding, c.conproc, CASE WHEN c.condefault THEN 'default' END), c.oid::bigint
  FROM pg_catalog.pg_conversion c JOIN namespace n ON n.oid = c.connamespace
UNION ALL
SELECT 'text search configuration ' || format('%I.%I', n.nspname, c.cfgname), '', 0,
       concat_ws(', ', 'parser ' || c.cfgparser, (SELECT string_agg(m.maptokentype || ': ' || m.mapdict::regdictionary, ', '
           ORDER BY m.maptokentype, m.mapseqno) FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid)),
       c.oid::bigint
  FROM pg_catalog.pg_ts_config c JOIN namespace n ON n.oid = c.cfgnamespace
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_ts_config'::regclass AND m.objid = c.oid)
UNION ALL
SELECT 'text search dictionary ' || format('%I.%I', n.nspname, c.dictname), '', 0,
       concat_ws(', ', (SELECT format('template %I.%I', s.nspname, t.tmplname) FROM pg_catalog.pg_ts_template t
           JOIN pg_catalog.pg_namespace s ON s.oid = t.tmplnamespace WHERE t.oid = c.dicttemplate), c.dictinitoption),
       c.oid::bigint
  FROM pg_catalog.pg_ts_dict c JOIN namespace n ON n.oid = c.dictnamespace
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_ts_dict'::regclass AND m.objid = c.oid)
