-- Colocation: which shards lie together. Groups are told by shard count, replication factor, type and collation.

CREATE FUNCTION citus_internal.replication_factor() RETURNS integer
LANGUAGE sql STABLE AS $$ SELECT citus_internal.setting('shard_replication_factor', '1')::integer $$;

-- IsColocateWithDefault, IsColocateWithNone
CREATE FUNCTION citus_internal.names_a_table(colocate_with text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT lower(colocate_with) NOT IN ('default', 'none') $$;

-- GetCitusTableCacheEntry, for a table that somebody named: its row, or the error that Citus gives
CREATE FUNCTION citus_internal.citus_table(name text) RETURNS pg_catalog.pg_dist_partition
LANGUAGE plpgsql STABLE AS $$
DECLARE
    relation regclass := name::regclass;
    found pg_catalog.pg_dist_partition;
BEGIN
    SELECT p.* INTO found FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation;
    IF found.logicalrelid IS NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('relation %s is not distributed', citus_internal.name_of(relation)));
    END IF;
    RETURN found;
END $$;

-- DecideCitusTableParams (create_distributed_table.c:1570), DecideDistTableReplicationModel (:1843)
CREATE FUNCTION citus_internal.replication_model(kind text, colocate_with text) RETURNS "char"
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF kind = 'reference' THEN
        RETURN 't';
    ELSIF kind = 'single_shard' THEN
        RETURN 's';
    ELSIF citus_internal.names_a_table(colocate_with) THEN
        RETURN (citus_internal.citus_table(colocate_with)).repmodel;
    ELSIF kind = 'hash' AND citus_internal.replication_factor() = 1 THEN
        RETURN 's';
    END IF;
    RETURN 'c';
END $$;

-- ColocationIdForNewTable (create_distributed_table.c:1949). Among several groups that fit, 'default' takes the one
-- with the smallest id, also one that was made for colocate_with => 'none' (ColocationId, colocation_utils.c:521).
CREATE FUNCTION citus_internal.colocation_for(
    relation oid, kind text, replication "char", key pg_catalog.pg_attribute, shards integer, colocate_with text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    type oid := coalesce(key.atttypid, 0);
    coll oid := coalesce((SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = key.atttypid), 0);
    found integer;
BEGIN
    IF kind IN ('append', 'range') THEN
        IF lower(colocate_with) <> 'default' THEN
            PERFORM citus_internal.refuse('0A000',
                'cannot distribute relation',
                detail => 'Currently, colocate_with option is not supported for append / range distributed tables.');
        END IF;
        RETURN 0;
    ELSIF kind = 'reference' THEN  -- CreateReferenceTableColocationId
        SELECT min(c.colocationid) INTO found FROM pg_catalog.pg_dist_colocation c WHERE c.replicationfactor = -1;
        RETURN coalesce(found, citus_internal.new_colocation(1, -1, 0, 0));
    ELSIF citus_internal.names_a_table(colocate_with) THEN
        RETURN citus_internal.colocation_with(relation, replication, type, citus_internal.citus_table(colocate_with));
    ELSIF lower(colocate_with) = 'default' THEN
        SELECT min(c.colocationid) INTO found FROM pg_catalog.pg_dist_colocation c
         WHERE c.distributioncolumntype = type AND c.shardcount = shards AND c.distributioncolumncollation = coll
           AND c.replicationfactor = citus_internal.replication_factor()
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_schema s WHERE s.colocationid = c.colocationid);
    END IF;
    RETURN coalesce(found, citus_internal.new_colocation(shards, citus_internal.replication_factor(), type, coll));
END $$;

-- EnsureTableCanBeColocatedWith (utils/colocation_utils.c:1444): the group of the table named in colocate_with
CREATE FUNCTION citus_internal.colocation_with(
    relation oid, replication "char", type oid, source pg_catalog.pg_dist_partition
) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    source_name text := citus_internal.name_of(source.logicalrelid);
    source_type oid := coalesce(substring(source.partkey FROM ':vartype (\d+)')::oid, 0);
    source_schema oid := citus_internal.schema_of(source.logicalrelid);
BEGIN
    IF citus_internal.kind(source.logicalrelid) IN ('append', 'range', 'local') THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot distribute relation',
            detail => 'Currently, colocate_with option is not supported with append / range distributed tables and '
                'local tables added to metadata.');
    ELSIF source.repmodel <> replication THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate tables %s and %s', source_name, name),
            detail => format('Replication models don''t match for %s and %s.', source_name, name));
    ELSIF source_type <> type THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate tables %s and %s', source_name, name),
            detail => format('Distribution column types don''t match for %s and %s.', source_name, name));
    ELSIF citus_internal.is_tenant_schema(source_schema) AND source_schema <> citus_internal.schema_of(relation) THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate tables %s and %s', source_name, name),
            detail => 'Cannot colocate tables with distributed schema tables by using colocate_with option.',
            hint => format('Consider using "CREATE TABLE" statement to create this table as a single-shard distributed '
                'table in the same schema to automatically colocate it with %s.%s',
                (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = source_schema), source_name));
    END IF;
    RETURN source.colocationid;
END $$;

CREATE FUNCTION citus_internal.is_tenant_schema(schema oid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT EXISTS (SELECT FROM pg_catalog.pg_dist_schema s WHERE s.schemaid = schema::regnamespace)); END $$;

-- EnsureHashOrSingleShardDistributedTable (metadata_utility.c)
CREATE FUNCTION citus_internal.ensure_hash_or_single_shard(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IN ('hash', 'single_shard') IS NOT TRUE THEN
        PERFORM citus_internal.refuse('XX000',
            format('relation %s should be a hash or single shard distributed table', citus_internal.name_of(relation)));
    END IF;
END $$;

-- update_distributed_table_colocation (utils/colocation_utils.c:113), BreakColocation (:171), MarkTablesColocated (:263)
CREATE FUNCTION pg_catalog.update_distributed_table_colocation(table_name regclass, colocate_with text) RETURNS void
LANGUAGE plpgsql STRICT AS $$
DECLARE
    present pg_catalog.pg_dist_partition;
    source pg_catalog.pg_dist_partition;
    own pg_catalog.pg_dist_colocation;
    colocation integer;
BEGIN
    PERFORM citus_internal.ensure_table_owner(table_name);
    PERFORM citus_internal.ensure_no_tenant_table(table_name, 'update_distributed_table_colocation');
    SELECT p.* INTO present FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = table_name;
    SELECT c.* INTO own FROM pg_catalog.pg_dist_colocation c WHERE c.colocationid = present.colocationid;
    IF lower(colocate_with) = 'none' THEN
        PERFORM citus_internal.ensure_hash_or_single_shard(table_name);
        colocation := citus_internal.new_colocation(
            own.shardcount, own.replicationfactor, own.distributioncolumntype, own.distributioncolumncollation);
    ELSE
        PERFORM citus_internal.ensure_no_tenant_table(colocate_with::regclass, 'colocate_with');
        PERFORM citus_internal.ensure_table_owner(colocate_with::regclass);
        SELECT p.* INTO source FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = colocate_with::regclass;
        PERFORM citus_internal.check_colocatable(table_name, colocate_with::regclass, present, source, own.shardcount);
        colocation := source.colocationid;
    END IF;
    PERFORM citus_internal.write_table(
        table_name, present.partmethod, present.partkey, colocation, present.repmodel, present.autoconverted);
END $$;

-- The checks of MarkTablesColocated and ErrorIfShardPlacementsNotColocated (colocation_utils.c:263, 323), as far as one
-- node can tell
CREATE FUNCTION citus_internal.check_colocatable(
    relation regclass, other regclass, present pg_catalog.pg_dist_partition, source pg_catalog.pg_dist_partition, shards integer
) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    type_of text := ':vartype (\d+)';
    reason text;
BEGIN
    IF 'local' IN (citus_internal.kind(relation), citus_internal.kind(other)) THEN
        PERFORM citus_internal.refuse('XX000', 'local tables cannot be colocated with other tables');
    END IF;
    PERFORM citus_internal.ensure_hash_or_single_shard(other);
    PERFORM citus_internal.ensure_hash_or_single_shard(relation);
    reason := CASE
        WHEN source.repmodel <> present.repmodel THEN 'Replication models'
        WHEN substring(source.partkey FROM type_of) IS DISTINCT FROM substring(present.partkey FROM type_of)
            THEN 'Distribution column types'
        WHEN shards <> (SELECT c.shardcount FROM pg_catalog.pg_dist_colocation c WHERE c.colocationid = source.colocationid)
            THEN 'Shard counts' END;
    IF reason IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot colocate tables %s and %s', citus_internal.name_of(other), citus_internal.name_of(relation)),
            detail => format('%s don''t match for %s and %s.', reason, citus_internal.name_of(other),
                citus_internal.name_of(relation)));
    END IF;
END $$;
