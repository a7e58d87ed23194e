-- Functions, procedures and aggregates.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || p.oid::regprocedure, '', 0,
       CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid)
            ELSE concat_ws(', ', 'returns ' || pg_catalog.format_type(p.prorettype, NULL), 'parallel ' || p.proparallel::text,
                'kind ' || g.aggkind::text, g.aggnumdirectargs || ' direct',
                'state ' || pg_catalog.format_type(g.aggtranstype, NULL), 'space ' || g.aggtransspace,
                'function ' || g.aggtransfn, 'final ' || g.aggfinalfn || ' ' || g.aggfinalextra || ' ' || g.aggfinalmodify::text,
                'combine ' || g.aggcombinefn, 'serial ' || g.aggserialfn, 'deserial ' || g.aggdeserialfn,
                'moving ' || g.aggmtransfn || ' ' || g.aggminvtransfn || ' ' || g.aggmfinalfn || ' ' || g.aggmfinalextra
                    || ' ' || g.aggmfinalmodify::text || ' ' || g.aggmtransspace,
                'moving state ' || pg_catalog.format_type(nullif(g.aggmtranstype, 0), NULL),
                'sort operator ' || nullif(g.aggsortop, 0)::regoperator,
                'initial ' || g.agginitval, 'moving initial ' || g.aggminitval) END,
       p.oid::bigint
  FROM pg_catalog.pg_proc p JOIN namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_proc'::regclass AND m.objid = p.oid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass  -- a range type's
                     AND d.objid = p.oid AND d.deptype = 'i' AND d.refclassid = 'pg_catalog.pg_type'::regclass)
