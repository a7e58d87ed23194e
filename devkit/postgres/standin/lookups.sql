-- Small questions that every topic asks of the metadata. Those on the way of every statement are PL/pgSQL, which plans
-- a query once a session, where an SQL function plans it again for each caller.

-- ereport(ERROR). What Citus refuses is said twice: first as INFO, which no client_min_messages hides, so that the runner
-- hears of a refusal even where a block catches the error. SCHEMA marks it as ours. RAISE takes no NULL.
CREATE FUNCTION citus_internal.refuse(state text, message text, detail text DEFAULT NULL, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE INFO USING ERRCODE = state, MESSAGE = message, DETAIL = coalesce(detail, ''), HINT = coalesce(hint, ''),
        SCHEMA = 'citus_internal';
    IF detail IS NOT NULL AND hint IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail, HINT = hint;
    ELSIF detail IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail;
    ELSIF hint IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, HINT = hint;
    END IF;
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message;
END $$;

-- A setting of Citus. Without the real library they are placeholders: unset means the real server's default.
CREATE FUNCTION citus_internal.setting(name text, fallback text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('citus.' || name, true), ''), fallback)
$$;

CREATE FUNCTION citus_internal.is_on(name text, fallback boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.setting(name, fallback::text)::boolean
$$;

-- hash, range, append, single_shard, reference or local; NULL for a table that Citus does not know
-- (metadata_cache.c:555, IsCitusTableTypeInternal).
CREATE FUNCTION citus_internal.kind_of(method "char", replication "char", colocation integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE method WHEN 'h' THEN 'hash' WHEN 'r' THEN 'range' WHEN 'a' THEN 'append'
                ELSE CASE WHEN replication = 't' THEN 'reference' WHEN colocation = 0 THEN 'local' ELSE 'single_shard' END
           END
$$;

CREATE FUNCTION citus_internal.kind(relation oid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT citus_internal.kind_of(p.partmethod, p.repmodel, p.colocationid)
            FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass);
END $$;

-- metadata_cache.c: DISTRIBUTED_TABLE, whatever its shards are cut by
CREATE FUNCTION citus_internal.is_distributed(kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT kind IN ('hash', 'range', 'append', 'single_shard') $$;

-- get_rel_name
CREATE FUNCTION citus_internal.name_of(relation oid) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.oid = relation); END $$;

-- generate_qualified_relation_name
CREATE FUNCTION citus_internal.qualified_name(relation oid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation);
END $$;

CREATE FUNCTION citus_internal.schema_of(relation oid) RETURNS oid
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT c.relnamespace FROM pg_catalog.pg_class c WHERE c.oid = relation); END $$;

-- get_rel_relkind
CREATE FUNCTION citus_internal.relkind(relation oid) RETURNS "char"
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = relation); END $$;

-- PartitionParentOid; NULL for a table that is no partition
CREATE FUNCTION citus_internal.partition_parent(relation oid) RETURNS oid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT i.inhparent FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
        WHERE c.oid = relation AND c.relispartition);
END $$;

-- PartitionList
CREATE FUNCTION citus_internal.partitions(relation oid) RETURNS SETOF oid
LANGUAGE sql STABLE AS $$
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
     WHERE i.inhparent = relation AND c.relkind = 'p' ORDER BY i.inhrelid
$$;

-- A node tree of a Var as Citus keeps it: positions and types are the real ones.
CREATE FUNCTION citus_internal.partkey(relation oid, attnum smallint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format('{VAR :varno 1 :varattno %s :vartype %s :vartypmod %s :varcollid %s :varnullingrels (b) '
                  ':varlevelsup 0 :varnosyn 1 :varattnosyn %s :location -1}',
                  a.attnum, a.atttypid, a.atttypmod, a.attcollation, a.attnum)
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attnum = partkey.attnum
$$;

-- The distribution column's number; NULL for a table without one.
CREATE FUNCTION citus_internal.distribution_attnum(relation oid) RETURNS smallint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT substring(p.partkey FROM ':varattno (\d+)')::smallint
            FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass);
END $$;

-- utils/distribution_column.c: column_to_column_name
CREATE FUNCTION pg_catalog.column_to_column_name(table_name regclass, column_var_text text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
    SELECT a.attname::text FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = table_name AND a.attnum = substring(column_var_text FROM ':varattno (\d+)')::smallint
$$;

-- TableEmpty (create_distributed_table.c:2483)
CREATE FUNCTION citus_internal.table_empty(relation oid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    filled boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', citus_internal.qualified_name(relation)) INTO filled;
    RETURN NOT filled;
END $$;

-- CoordinatorAddedAsWorkerNode
CREATE FUNCTION citus_internal.has_coordinator() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.groupid = 0)); END $$;
