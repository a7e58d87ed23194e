-- Owners other than the database's, and what was granted or taken back beyond what every object begins with.
-- The owner of an object is called "owner": roles that run migrations have other names elsewhere.
SELECT g.object, '', 0, g.text, g.oid
  FROM (
    SELECT o.classid, o.oid::bigint AS oid, o.sub, o.owner, o.acl, o.kind, i.type || ' ' || i.identity AS name
      FROM (
        SELECT 'pg_catalog.pg_class'::regclass AS classid, r.oid, 0 AS sub, CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END AS kind,
               c.relowner AS owner, c.relacl AS acl
          FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid WHERE r.relkind <> 'c'
        UNION ALL
        SELECT 'pg_catalog.pg_class'::regclass, r.oid, a.attnum, 'c', c.relowner, a.attacl
          FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid
          JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
        UNION ALL
        SELECT 'pg_catalog.pg_namespace'::regclass, n.oid, 0, 'n', n.nspowner, s.nspacl
          FROM namespace n JOIN pg_catalog.pg_namespace s ON s.oid = n.oid
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, 'f', p.proowner, p.proacl
          FROM pg_catalog.pg_proc p JOIN namespace n ON n.oid = p.pronamespace
        UNION ALL
        SELECT 'pg_catalog.pg_type'::regclass, y.oid, 0, 'T', y.typowner, y.typacl
          FROM pg_catalog.pg_type y JOIN namespace n ON n.oid = y.typnamespace
          LEFT JOIN pg_catalog.pg_class c ON c.oid = y.typrelid
         WHERE (y.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
        UNION ALL
        SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, f.oid, 0, 'F', f.fdwowner, f.fdwacl
          FROM pg_catalog.pg_foreign_data_wrapper f
        UNION ALL
        SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, 'S', s.srvowner, s.srvacl FROM pg_catalog.pg_foreign_server s
        UNION ALL  -- what has an owner, and nothing to grant
        SELECT u.classid, u.oid, 0, 'r', u.owner, NULL
          FROM (
            SELECT 'pg_catalog.pg_operator'::regclass AS classid, oid, oprowner AS owner, oprnamespace AS space FROM pg_catalog.pg_operator
            UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, oid, opfowner, opfnamespace FROM pg_catalog.pg_opfamily
            UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, oid, opcowner, opcnamespace FROM pg_catalog.pg_opclass
            UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, oid, collowner, collnamespace FROM pg_catalog.pg_collation
            UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, oid, conowner, connamespace FROM pg_catalog.pg_conversion
            UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, oid, cfgowner, cfgnamespace FROM pg_catalog.pg_ts_config
            UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, oid, dictowner, dictnamespace FROM pg_catalog.pg_ts_dict
            UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::regclass, oid, stxowner, stxnamespace FROM pg_catalog.pg_statistic_ext
                       WHERE stxrelid IN (SELECT r.oid FROM relation r)
            UNION ALL SELECT 'pg_catalog.pg_publication'::regclass, oid, pubowner, NULL FROM publication
            UNION ALL SELECT 'pg_catalog.pg_event_trigger'::regclass, oid, evtowner, NULL FROM pg_catalog.pg_event_trigger
          ) u
         WHERE u.space IS NULL OR u.space IN (SELECT n.oid FROM namespace n)
      ) o
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, o.sub) i
     WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = o.classid AND m.objid = o.oid)
  ) w
 CROSS JOIN LATERAL (
    SELECT 'owner of ' || w.name AS object, quote_ident(pg_catalog.pg_get_userbyid(w.owner)) AS text, w.oid
     WHERE w.sub = 0 AND pg_catalog.pg_get_userbyid(w.owner) NOT IN (current_user, 'pg_database_owner')
       AND w.owner <> (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = current_database())
    UNION ALL
    SELECT format('grant on %s to %s', w.name, x.grantee), coalesce(x.has, 'nothing'), w.oid
      FROM (
        SELECT CASE WHEN e.grantee = 0 THEN 'public' WHEN e.grantee = w.owner THEN 'owner'
                    ELSE quote_ident(pg_catalog.pg_get_userbyid(e.grantee)) END AS grantee,
               string_agg(e.word, ', ' ORDER BY e.word COLLATE "C") FILTER (WHERE NOT e.usual) AS has,
               string_agg(e.word, ', ' ORDER BY e.word COLLATE "C") FILTER (WHERE e.usual) AS begins
          FROM (
            SELECT a.grantee, a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> w.owner THEN ' with grant option' ELSE '' END AS word,
                   false AS usual FROM pg_catalog.aclexplode(w.acl) a
            UNION ALL
            SELECT a.grantee, a.privilege_type, true
              FROM pg_catalog.aclexplode(pg_catalog.acldefault(w.kind::"char", w.owner)) a
          ) e GROUP BY 1
      ) x
     WHERE w.acl IS NOT NULL AND x.has IS DISTINCT FROM x.begins
 ) g
UNION ALL
SELECT format('default grant of %s%s on %s to %s',
           CASE WHEN d.defaclrole IN (SELECT b.datdba FROM pg_catalog.pg_database b WHERE b.datname = current_database())
                  OR pg_catalog.pg_get_userbyid(d.defaclrole) = current_user THEN 'owner'
                ELSE quote_ident(pg_catalog.pg_get_userbyid(d.defaclrole)) END,
           ' in schema ' || (SELECT quote_ident(n.nspname) FROM pg_catalog.pg_namespace n WHERE n.oid = d.defaclnamespace),
           CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                WHEN 'T' THEN 'types' ELSE 'schemas' END,
           CASE WHEN a.grantee = 0 THEN 'public' WHEN a.grantee = d.defaclrole THEN 'owner'
                WHEN a.grantee IS NULL THEN 'nobody'  -- everything was taken back, from the owner as well
                ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END), '', 0,
       coalesce(string_agg(a.privilege_type || CASE WHEN a.is_grantable AND a.grantee <> d.defaclrole THEN ' with grant option'
           ELSE '' END, ', ' ORDER BY a.privilege_type COLLATE "C"), ''), d.oid::bigint
  FROM pg_catalog.pg_default_acl d LEFT JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a ON true
 GROUP BY d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, a.grantee
