-- create_distributed_table and create_reference_table: the checks in the order of Citus, then one row of metadata.
-- No row of data moves: on one node a query answers the same.

-- create_distributed_table (commands/create_distributed_table.c:219)
CREATE FUNCTION pg_catalog.create_distributed_table(
    table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    method "char" := CASE WHEN distribution_column IS NULL THEN 'n' ELSE left(distribution_type::text, 1) END;
    shards integer := coalesce(shard_count, citus_internal.setting('shard_count', '32')::integer);
    key pg_catalog.pg_attribute;
    colocation integer;
BEGIN
    IF table_name IS NULL OR distribution_type IS NULL OR colocate_with IS NULL THEN
        RETURN;
    END IF;
    PERFORM citus_internal.check_arguments(distribution_column, distribution_type, colocate_with, shard_count);
    PERFORM citus_internal.begin_distribution(table_name);
    IF distribution_column IS NOT NULL THEN
        key := citus_internal.find_column(table_name, distribution_column);
    END IF;
    IF method IN ('h', 'n') AND colocate_with NOT IN ('default', 'none') THEN
        colocation := citus_internal.colocation_with(table_name, key, colocate_with);
    END IF;
    PERFORM citus_internal.check_distributable(table_name, key, method);
    IF method = 'h' AND colocation IS NULL THEN
        colocation := citus_internal.default_colocation(key, colocate_with, shards);
    ELSIF method = 'n' AND colocation IS NULL THEN
        colocation := citus_internal.new_colocation(1, 1, 0, 0);
    END IF;
    PERFORM citus_internal.record(table_name, method, key.attnum, coalesce(colocation, 0), 's');
END $$;

-- create_distributed_table_concurrently (create_distributed_table.c:373): only ever outside a transaction block
CREATE FUNCTION pg_catalog.create_distributed_table_concurrently(
    table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- an implicit transaction began with the statement itself
    IF transaction_timestamp() <> statement_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = '25001',
            MESSAGE = 'create_distributed_table_concurrently cannot run inside a transaction block';
    END IF;
    PERFORM create_distributed_table(table_name, distribution_column, distribution_type, colocate_with, shard_count);
END $$;

-- create_reference_table (create_distributed_table.c:487)
CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    colocation integer;
    nothing pg_catalog.pg_attribute;
BEGIN
    IF table_name IS NULL THEN
        RETURN;
    END IF;
    PERFORM citus_internal.begin_distribution(table_name);
    PERFORM citus_internal.check_distributable(table_name, nothing, 'n');
    SELECT p.colocationid INTO colocation FROM pg_catalog.pg_dist_partition p WHERE p.repmodel = 't' LIMIT 1;
    colocation := coalesce(colocation, citus_internal.new_colocation(1, -1, 0, 0));
    PERFORM citus_internal.record(table_name, 'n', NULL, colocation, 't');
END $$;

-- create_distributed_table.c:227-297
CREATE FUNCTION citus_internal.check_arguments(
    distribution_column text, distribution_type citus.distribution_type, colocate_with text, shard_count integer
) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF shard_count IS NOT NULL AND colocate_with NOT IN ('default', 'none') THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = 'Cannot use colocate_with with a table and shard_count at the same time';
    END IF;
    IF distribution_column IS NULL THEN
        IF shard_count IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'shard_count can''t be specified when the distribution '
                'column is null because in that case it''s automatically set to 1';
        ELSIF distribution_type <> 'hash' THEN
            RAISE EXCEPTION USING ERRCODE = 'XX000',
                MESSAGE = 'distribution_type can''t be specified when the distribution column is null ';
        END IF;
    ELSIF shard_count NOT BETWEEN 1 AND 64000 THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format(
            '%s is outside the valid range for parameter "shard_count" (1 .. 64000)', shard_count);
    END IF;
    IF distribution_type IN ('append', 'range') AND distribution_column IS NOT NULL AND colocate_with NOT IN ('default', 'none') THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot distribute relation',
            DETAIL = 'Currently, colocate_with option is only supported for hash distributed tables.';
    END IF;
END $$;

-- From the owner to "already distributed", common to all kinds of Citus tables
CREATE FUNCTION citus_internal.begin_distribution(relation regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM citus_internal.ensure_owner(relation);
    PERFORM citus_internal.check_kind(relation);
    PERFORM citus_internal.ensure_in_metadata();
    PERFORM citus_internal.ensure_not_distributed(relation);
END $$;

CREATE FUNCTION citus_internal.ensure_in_metadata() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node) THEN
        PERFORM citus_internal.enter_coordinator('localhost', current_setting('port')::integer);
    END IF;
END $$;

-- EnsureRelationCanBeDistributed (create_distributed_table.c:2078)
CREATE FUNCTION citus_internal.check_distributable(relation regclass, key pg_catalog.pg_attribute, method "char") RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    filled boolean;
BEGIN
    IF method IN ('a', 'r') THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', relation) INTO filled;
        IF filled THEN  -- EnsureLocalTableEmpty, create_distributed_table.c:2320
            RAISE EXCEPTION USING ERRCODE = '42P16',
                MESSAGE = format('cannot distribute relation "%s"', citus_internal.name_of(relation)),
                DETAIL = format('Relation "%s" contains data.', citus_internal.name_of(relation)),
                HINT = 'Empty your table before distributing it.';
        END IF;
    END IF;
    PERFORM citus_internal.ensure_no_triggers(relation);
    PERFORM citus_internal.check_not_catalog(relation);
    IF key.attnum IS NOT NULL THEN
        PERFORM citus_internal.check_column(relation, key, method);
    END IF;
    PERFORM citus_internal.check_partitioning(relation, method);
    PERFORM citus_internal.check_constraints(relation, method, key.attnum);
    PERFORM citus_internal.check_policies(relation);
END $$;

-- Metadata of the table and, as CreateCitusTable does, of its partitions
CREATE FUNCTION citus_internal.record(
    relation regclass, method "char", attnum smallint, colocation integer, replication "char"
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part regclass;
BEGIN
    PERFORM citus_internal.write_table(relation, method, citus_internal.partkey(relation, attnum), colocation, replication, false);
    FOR part IN SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = relation AND c.relispartition ORDER BY i.inhrelid
    LOOP
        PERFORM citus_internal.join_parent(part, relation);
    END LOOP;
END $$;

-- A partition of a distributed table becomes one itself, with its parent's column and group.
CREATE FUNCTION citus_internal.join_parent(part regclass, parent regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    of_parent pg_catalog.pg_dist_partition;
    key pg_catalog.pg_attribute;
BEGIN
    SELECT p.* INTO of_parent FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = parent;
    IF of_parent.logicalrelid IS NULL OR citus_internal.kind(part) IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT a.* INTO key FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = part AND a.attname = column_to_column_name(parent, of_parent.partkey);
    -- the partition's own numbering may differ from its parent's, but its metadata comes first: it is checked as one
    PERFORM citus_internal.write_table(part, of_parent.partmethod, citus_internal.partkey(part, key.attnum),
        of_parent.colocationid, of_parent.repmodel, false);
    PERFORM citus_internal.check_distributable(part, key, of_parent.partmethod);
    PERFORM citus_internal.record(part, of_parent.partmethod, key.attnum, of_parent.colocationid, of_parent.repmodel);
END $$;
