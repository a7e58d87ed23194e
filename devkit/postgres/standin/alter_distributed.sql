-- alter_distributed_table: another column, another shard count, another group.

-- alter_distributed_table (commands/alter_table.c:268), AlterDistributedTable (:553)
CREATE FUNCTION pg_catalog.alter_distributed_table(
    table_name regclass, distribution_column text DEFAULT NULL, shard_count integer DEFAULT NULL,
    colocate_with text DEFAULT NULL, cascade_to_colocated boolean DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kind text := citus_internal.kind(table_name);
    present pg_catalog.pg_dist_partition;
    key pg_catalog.pg_attribute;
    each oid;
    colocation integer;
BEGIN
    IF table_name IS NULL THEN
        RETURN;
    END IF;
    PERFORM citus_internal.ensure_table_owner(table_name);
    IF citus_internal.is_distributed(kind) IS NOT TRUE THEN  -- :563
        PERFORM citus_internal.refuse('XX000', 'cannot alter table because the table is not distributed');
    END IF;
    PERFORM citus_internal.ensure_no_tenant_table(table_name, 'alter_distributed_table');
    PERFORM citus_internal.ensure_no_partition(table_name);
    IF kind <> 'hash' THEN  -- EnsureHashDistributedTable
        PERFORM citus_internal.refuse('XX000',
            format('relation %s should be a hash distributed table', citus_internal.name_of(table_name)));
    END IF;
    SELECT p.* INTO present FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = table_name;
    IF distribution_column IS NOT NULL THEN
        key := citus_internal.find_column(table_name, distribution_column);
    END IF;
    PERFORM citus_internal.check_conversion(present, key, shard_count, colocate_with, cascade_to_colocated);
    PERFORM citus_internal.ensure_convertible(table_name);
    IF cascade_to_colocated IS NOT TRUE THEN
        PERFORM citus_internal.drop_keys_with_distributed(table_name);
    END IF;
    IF NOT citus_internal.is_on('enable_unsafe_triggers', false) AND citus_internal.has_triggers(table_name) THEN
        PERFORM citus_internal.check_trigger_command(table_name);  -- Citus makes the triggers anew
    END IF;
    FOR each IN
        SELECT p.logicalrelid FROM pg_catalog.pg_dist_partition p
         WHERE p.logicalrelid = table_name OR citus_internal.partition_parent(p.logicalrelid) = table_name
            OR cascade_to_colocated AND p.colocationid = present.colocationid
         ORDER BY p.logicalrelid <> table_name, p.logicalrelid
    LOOP
        colocation := citus_internal.redistribute(each, coalesce(distribution_column,
            column_to_column_name(table_name, present.partkey)), shard_count, colocate_with, present, colocation);
    END LOOP;
    FOR each IN SELECT citus_internal.connected_tables(table_name) LOOP
        PERFORM citus_internal.check_foreign_keys(each);
    END LOOP;
END $$;

-- ConvertTable (commands/alter_table.c:757), WarningsForDroppingForeignKeysWithDistributedTables (:2235): keys between
-- distributed tables, to itself among them, do not survive when only one of them is converted
CREATE FUNCTION citus_internal.drop_keys_with_distributed(relation oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT k.conrelid, k.conname FROM citus_internal.foreign_keys_from(relation) k
         WHERE citus_internal.is_distributed(citus_internal.kind(k.confrelid))
        UNION
        SELECT k.conrelid, k.conname FROM citus_internal.foreign_keys_to(relation) k
         WHERE citus_internal.is_distributed(citus_internal.kind(k.conrelid))
    LOOP
        RAISE WARNING 'foreign key % will be dropped', key.conname;
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', citus_internal.qualified_name(key.conrelid), key.conname);
    END LOOP;
END $$;

-- ConvertTable, for one table: forget it and write it again; `joined` is the group of the first of them
CREATE FUNCTION citus_internal.redistribute(
    relation regclass, distribution_column text, shard_count integer, colocate_with text,
    present pg_catalog.pg_dist_partition, joined integer
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    own text := coalesce(column_to_column_name(relation,
        (SELECT p.partkey FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation)), distribution_column);
    key pg_catalog.pg_attribute := citus_internal.find_column(relation,
        CASE WHEN relation = present.logicalrelid OR citus_internal.partition_parent(relation) = present.logicalrelid
             THEN distribution_column ELSE own END);
    shards integer := coalesce(shard_count,
        (SELECT c.shardcount FROM pg_catalog.pg_dist_colocation c WHERE c.colocationid = present.colocationid));
    same_type boolean := key.atttypid = substring(present.partkey FROM ':vartype (\d+)')::oid;
    colocation integer := joined;
BEGIN
    PERFORM citus_internal.check_column(relation, key, 'h');
    PERFORM citus_internal.check_constraints(relation, 'h', key.attnum);
    IF colocation IS NULL THEN
        IF colocate_with IS NULL AND shard_count IS NULL AND same_type THEN
            colocation := present.colocationid;
        ELSE
            colocation := citus_internal.colocation_for(
                relation, 'hash', present.repmodel, key, shards, coalesce(colocate_with, 'default'));
        END IF;
    END IF;
    PERFORM citus_internal.write_table(
        relation, 'h', citus_internal.partkey(relation, key.attnum), colocation, present.repmodel, false);
    RETURN colocation;
END $$;

-- CheckAlterDistributedTableConversionParameters (commands/alter_table.c:1957)
CREATE FUNCTION citus_internal.check_conversion(
    present pg_catalog.pg_dist_partition, key pg_catalog.pg_attribute, shard_count integer, colocate_with text, to_colocated boolean
) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    relation regclass := present.logicalrelid;
    own_shards integer := (SELECT c.shardcount FROM pg_catalog.pg_dist_colocation c WHERE c.colocationid = present.colocationid);
    same_column boolean := key.attnum = citus_internal.distribution_attnum(present.logicalrelid);
    same_count boolean := shard_count = own_shards;
    target regclass := CASE WHEN citus_internal.names_a_table(colocate_with) THEN colocate_with::regclass END;
    same_group boolean := coalesce((SELECT p.colocationid = present.colocationid
                                      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = target), false);
    target_shards integer := (SELECT c.shardcount FROM pg_catalog.pg_dist_partition p
                                JOIN pg_catalog.pg_dist_colocation c USING (colocationid) WHERE p.logicalrelid = target);
    target_type oid := (SELECT substring(p.partkey FROM ':vartype (\d+)')::oid
                          FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = target);
    message text;
    detail text;
    hint text;
BEGIN
    IF key.attnum IS NULL AND shard_count IS NULL AND colocate_with IS NULL AND to_colocated IS NOT TRUE THEN
        message := 'you have to specify at least one of the distribution_column, shard_count or colocate_with parameters';
    ELSIF target IS NOT NULL AND citus_internal.is_distributed(citus_internal.kind(target)) IS NOT TRUE THEN
        message := format('cannot colocate with %s because it is not a distributed table', colocate_with);
    ELSIF citus_internal.kind(target) = 'single_shard' THEN
        message := format('cannot colocate with %s because it is a single shard distributed table', colocate_with);
    ELSIF shard_count = 0 THEN
        message := 'shard_count cannot be 0';
        hint := 'if you no longer want this to be a distributed table you can try undistribute_table() function';
    ELSIF to_colocated AND key.attnum IS NOT NULL THEN
        message := 'distribution_column cannot be cascaded to colocated tables';
    ELSIF to_colocated AND shard_count IS NULL AND colocate_with IS NULL THEN
        message := 'shard_count or colocate_with is necessary for cascading to colocated tables';
    ELSIF (key.attnum IS NULL OR same_column) AND (shard_count IS NULL OR same_count)
          AND (colocate_with IS NULL OR same_group) THEN
        message := 'this call doesn''t change any properties of the table';
        hint := 'check citus_tables view to see current properties of the table';
    ELSIF to_colocated AND colocate_with = 'none' THEN
        message := 'colocate_with := ''none'' cannot be cascaded to colocated tables';
    ELSIF shard_count IS NOT NULL AND NOT same_count AND to_colocated IS NULL
          AND (SELECT count(*) > 1 FROM pg_catalog.pg_dist_partition p WHERE p.colocationid = present.colocationid
                  AND citus_internal.partition_parent(p.logicalrelid) IS NULL) THEN
        message := 'cascade_to_colocated parameter is necessary';
        detail := 'this table is colocated with some other tables';
        hint := 'cascade_to_colocated := false will break the current colocation, cascade_to_colocated := true will change '
                'the shard count of colocated tables too.';
    ELSIF target IS NOT NULL AND shard_count <> target_shards THEN
        message := 'shard_count cannot be different than the shard count of the table in colocate_with';
        hint := 'if no shard_count is specified shard count will be same with colocate_with table''s';
    ELSIF target IS NOT NULL AND key.attnum IS NOT NULL AND key.atttypid <> target_type THEN
        message := format('cannot colocate with %s and change distribution column to %s because data type of column %s is '
            'different then the distribution column of the %s', colocate_with, key.attname, key.attname, colocate_with);
    ELSIF target IS NOT NULL AND key.attnum IS NULL AND target_type <> substring(present.partkey FROM ':vartype (\d+)')::oid THEN
        message := format('cannot colocate with %s because data type of its distribution column is different than %s',
            colocate_with, citus_internal.name_of(relation));
    ELSE
        RETURN;
    END IF;
    PERFORM citus_internal.refuse('XX000', message, detail, hint);
END $$;
