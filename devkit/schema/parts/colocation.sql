-- Colocation groups, each called by its alphabetically first table, since their ids come from a sequence. A partition is
-- where its parent is.
SELECT 'colocation group of ' || g.first, m.part, 0, m.text, m.oid
  FROM (
    SELECT p.colocationid AS id, min(r.name COLLATE "C") AS first, min(r.oid::bigint) AS oid,
           array_agg(r.name) AS names, array_agg(r.oid::bigint) AS oids
      FROM pg_catalog.pg_dist_partition p JOIN relation r ON r.oid = p.logicalrelid
      JOIN pg_catalog.pg_class c ON c.oid = r.oid AND NOT c.relispartition
     WHERE p.colocationid <> 0 AND p.repmodel <> 't'
     GROUP BY p.colocationid
  ) g
  JOIN pg_catalog.pg_dist_colocation o ON o.colocationid = g.id
 CROSS JOIN LATERAL (
    SELECT '' AS part, concat_ws(', ', o.shardcount || ' shards',
               'by ' || pg_catalog.format_type(nullif(o.distributioncolumntype, 0), NULL),
               'collation ' || nullif(o.distributioncolumncollation, (SELECT y.typcollation FROM pg_catalog.pg_type y
                                                      WHERE y.oid = o.distributioncolumntype))::regcollation) AS text, g.oid
    UNION ALL
    SELECT u.name, '', u.oid FROM unnest(g.names, g.oids) AS u(name, oid)
 ) m
