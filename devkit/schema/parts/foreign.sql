-- Foreign data wrappers, their servers, and who has an account there; how one logs in may be a secret.
SELECT 'foreign data wrapper ' || quote_ident(f.fdwname), '', 0,
       concat_ws(', ', 'handler ' || nullif(f.fdwhandler, 0)::regprocedure, 'validator ' || nullif(f.fdwvalidator, 0)::regprocedure,
           'options ' || f.fdwoptions::text), f.oid::bigint
  FROM pg_catalog.pg_foreign_data_wrapper f
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND m.objid = f.oid)
UNION ALL
SELECT 'server ' || quote_ident(s.srvname), '', 0,
       concat_ws(', ', 'wrapper ' || quote_ident(f.fdwname), 'type ' || s.srvtype, 'version ' || s.srvversion,
           'options ' || s.srvoptions::text), s.oid::bigint
  FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper f ON f.oid = s.srvfdw
 WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_foreign_server'::regclass AND m.objid = s.oid)
UNION ALL
SELECT format('user mapping for %s on server %I', CASE WHEN u.umuser = 0 THEN 'public' ELSE quote_ident(u.usename) END, u.srvname),
       '', 0, '', u.umid::bigint
  FROM pg_catalog.pg_user_mappings u
