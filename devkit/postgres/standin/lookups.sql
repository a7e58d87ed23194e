-- Small questions that every topic asks of the metadata.

-- A setting of Citus. Without the real library they are placeholders: unset means the real server's default.
CREATE FUNCTION citus_internal.setting(name text, fallback text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('citus.' || name, true), ''), fallback)
$$;

CREATE FUNCTION citus_internal.is_on(name text, fallback boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.setting(name, fallback::text)::boolean
$$;

-- distributed, append, reference, local or single_shard; NULL for a table that Citus does not know
-- (metadata_cache.c:555, CitusTableType).
CREATE FUNCTION citus_internal.kind(relation oid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p.partmethod IN ('h', 'r') THEN 'distributed'
                WHEN p.partmethod = 'a' THEN 'append'
                WHEN p.repmodel = 't' THEN 'reference'
                WHEN p.colocationid = 0 THEN 'local'
                ELSE 'single_shard' END
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass
$$;

CREATE FUNCTION citus_internal.name_of(relation oid) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.oid = relation $$;

-- utils/node tree of a Var: what column_to_column_name reads back. Types and positions are the real ones.
CREATE FUNCTION citus_internal.partkey(relation oid, attnum smallint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format('{VAR :varno 1 :varattno %s :vartype %s :vartypmod %s :varcollid %s :varnullingrels (b) '
                  ':varlevelsup 0 :varnosyn 1 :varattnosyn %s :location -1}',
                  a.attnum, a.atttypid, a.atttypmod, a.attcollation, a.attnum)
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attnum = partkey.attnum
$$;

-- The distribution column's number; NULL for a table without one.
CREATE FUNCTION citus_internal.distribution_attnum(relation oid) RETURNS smallint
LANGUAGE sql STABLE AS $$
    SELECT substring(p.partkey FROM ':varattno (\d+)')::smallint
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass
$$;

-- utils/distribution_column.c: column_to_column_name
CREATE FUNCTION pg_catalog.column_to_column_name(table_name regclass, column_var_text text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
    SELECT a.attname::text FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = table_name AND a.attnum = substring(column_var_text FROM ':varattno (\d+)')::smallint
$$;
