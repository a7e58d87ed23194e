-- Schemas.
SELECT 'schema ' || quote_ident(n.nspname) AS object, '' AS part, 0::bigint AS number, {schema_kind} AS text,
       n.oid::bigint AS oid
  FROM namespace n
