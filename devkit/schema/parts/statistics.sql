-- Extended statistics; a shard has its own.
SELECT 'statistics ' || format('%I.%I', n.nspname, s.stxname), '', 0,
       concat_ws(', ', pg_catalog.pg_get_statisticsobjdef(s.oid),
           CASE WHEN coalesce(s.stxstattarget, -1) <> -1 THEN 'target ' || s.stxstattarget END),
       s.oid::bigint
  FROM pg_catalog.pg_statistic_ext s JOIN namespace n ON n.oid = s.stxnamespace
  JOIN relation r ON r.oid = s.stxrelid
