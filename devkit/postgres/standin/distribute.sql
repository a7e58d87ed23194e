-- create_distributed_table, create_reference_table: the checks in the order of Citus, then one row of metadata.
-- No row of data moves: on one node a query answers the same.

-- create_distributed_table (commands/create_distributed_table.c:219)
CREATE FUNCTION pg_catalog.create_distributed_table(
    table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    shards integer := coalesce(shard_count, citus_internal.setting('shard_count', '32')::integer);
BEGIN
    IF table_name IS NULL OR colocate_with IS NULL THEN
        RETURN;
    ELSIF distribution_column IS NULL THEN
        IF shard_count IS NOT NULL THEN  -- :280
            PERFORM citus_internal.refuse('XX000',
                'shard_count can''t be specified when the distribution '
                    'column is null because in that case it''s automatically set to 1');
        ELSIF distribution_type <> 'hash' THEN  -- :297
            PERFORM citus_internal.refuse('XX000',
                'distribution_type can''t be specified when the distribution column is null ');
        END IF;
        PERFORM citus_internal.create_single_shard_table(table_name, colocate_with, NULL);
        RETURN;
    ELSIF distribution_type IS NULL THEN
        RETURN;
    END IF;
    IF shard_count IS NOT NULL AND citus_internal.names_a_table(colocate_with) THEN  -- :248
        PERFORM citus_internal.refuse('XX000',
            'Cannot use colocate_with with a table and shard_count at the same time');
    ELSIF shards NOT BETWEEN 1 AND 64000 THEN  -- :268
        PERFORM citus_internal.refuse('XX000',
            format('%s is outside the valid range for parameter "shard_count" (1 .. 64000)', shards));
    END IF;
    PERFORM citus_internal.create_citus_table(
        table_name, distribution_type::text, distribution_column, shards, colocate_with, NULL);
END $$;

-- create_distributed_table_concurrently (create_distributed_table.c:308, 373)
CREATE FUNCTION pg_catalog.create_distributed_table_concurrently(
    table_name regclass, distribution_column text, distribution_type citus.distribution_type DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF table_name IS NULL OR distribution_type IS NULL OR colocate_with IS NULL THEN
        RETURN;
    ELSIF distribution_column IS NULL THEN  -- :329
        PERFORM citus_internal.refuse('XX000',
            'cannot use create_distributed_table_concurrently to create a '
                'distributed table with a null shard key, consider using create_distributed_table()');
    ELSIF shard_count IS NOT NULL AND citus_internal.names_a_table(colocate_with) THEN
        PERFORM citus_internal.refuse('XX000',
            'Cannot use colocate_with with a table and shard_count at the same time');
    ELSIF citus_internal.in_transaction_block() THEN  -- PreventInTransactionBlock, :392
        PERFORM citus_internal.refuse('25001',
            'create_distributed_table_concurrently cannot run inside a transaction block');
    ELSIF distribution_type <> 'hash' THEN  -- :406
        PERFORM citus_internal.refuse('22023',
            'only hash-distributed tables can be distributed without blocking writes');
    ELSIF citus_internal.replication_factor() > 1 THEN  -- :413
        PERFORM citus_internal.refuse('XX000',
            'cannot distribute a table concurrently when citus.shard_replication_factor > 1');
    END IF;
    PERFORM citus_internal.ensure_can_be_created(table_name);
    PERFORM citus_internal.find_column(table_name, distribution_column);
    IF citus_internal.kind(table_name) <> 'local' THEN
        PERFORM citus_internal.ensure_not_distributed(table_name);
    END IF;
    PERFORM citus_internal.check_keys_for_concurrently(table_name);
    IF citus_internal.names_a_table(colocate_with) AND citus_internal.replication_model('hash', colocate_with) <> 's' THEN  -- :451
        PERFORM citus_internal.refuse('XX000',
            'cannot create distributed table concurrently because Citus allows concurrent table distribution only when '
                'citus.shard_replication_factor = 1',
            hint => format('table %s is requested to be colocated with %s which has citus.shard_replication_factor > 1',
                citus_internal.name_of(table_name), colocate_with));
    END IF;
    PERFORM create_distributed_table(table_name, distribution_column, distribution_type, colocate_with, shard_count);
END $$;

-- EnsureForeignKeysForDistributedTableConcurrently (create_distributed_table.c), EnsureNoFKeyFromTableType and
-- EnsureNoFKeyToTableType (foreign_constraint.c:127, 157)
CREATE FUNCTION citus_internal.check_keys_for_concurrently(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    key pg_catalog.pg_constraint;
BEGIN
    SELECT * INTO key FROM citus_internal.foreign_keys_to(relation) k WHERE k.conrelid <> relation LIMIT 1;
    IF key.oid IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000',
            format('relation %s is referenced by a foreign key from %s',
                citus_internal.name_of(relation), citus_internal.name_of(key.conrelid)),
            detail => format('foreign keys from a %s to a distributed table are not supported.',
                citus_internal.type_name(key.conrelid)));
    END IF;
    SELECT * INTO key FROM citus_internal.foreign_keys_from(relation) k
     WHERE k.confrelid <> relation AND citus_internal.kind(k.confrelid) IS NULL LIMIT 1;
    IF key.oid IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000',
            format('relation %s is referenced by a foreign key from %s',
                citus_internal.name_of(key.confrelid), citus_internal.name_of(relation)),
            detail => format('foreign keys from a distributed table to a %s are not supported.',
                citus_internal.type_name(key.confrelid)));
    END IF;
END $$;

-- GetTableTypeName (metadata_cache.c:626)
CREATE FUNCTION citus_internal.type_name(relation oid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE coalesce(citus_internal.kind(relation), '') WHEN '' THEN 'regular table' WHEN 'hash' THEN 'distributed table'
                WHEN 'reference' THEN 'reference table' WHEN 'local' THEN 'citus local table' ELSE 'unknown table' END
$$;

-- create_reference_table (create_distributed_table.c:929), CreateReferenceTable (:1037)
CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void
LANGUAGE plpgsql STRICT AS $$
BEGIN
    IF citus_internal.kind(table_name) = 'local' THEN
        PERFORM citus_internal.convert_local_table(table_name, 'reference', 'default', NULL);
    ELSE
        PERFORM citus_internal.create_citus_table(table_name, 'reference', NULL, 1, 'default', NULL);
    END IF;
END $$;

-- CreateSingleShardTable (create_distributed_table.c:1061)
CREATE FUNCTION citus_internal.create_single_shard_table(relation regclass, colocate_with text, colocation integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.kind(relation) = 'local' THEN
        PERFORM citus_internal.convert_local_table(relation, 'single_shard', colocate_with, colocation);
    ELSE
        PERFORM citus_internal.create_citus_table(relation, 'single_shard', NULL, 1, colocate_with, colocation);
    END IF;
END $$;

-- CreateCitusTable (create_distributed_table.c:1103)
CREATE FUNCTION citus_internal.create_citus_table(
    relation regclass, kind text, distribution_column text, shards integer, colocate_with text, colocation integer
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    method "char" := CASE kind WHEN 'hash' THEN 'h' WHEN 'range' THEN 'r' WHEN 'append' THEN 'a' ELSE 'n' END;
    was_local boolean;
    waits boolean;  -- for the keys that Citus drops now and makes anew at the end
    replication "char";
    key pg_catalog.pg_attribute;
    part oid;
BEGIN
    PERFORM citus_internal.ensure_can_be_created(relation);
    PERFORM citus_internal.insert_coordinator_if_empty();
    IF kind = 'single_shard' AND citus_internal.replication_factor() > 1 THEN  -- :1134
        PERFORM citus_internal.refuse('XX000',
            'could not create single shard table: citus.shard_replication_factor is greater than 1',
            hint => 'Consider setting citus.shard_replication_factor to 1 and try again');
    END IF;
    was_local := coalesce(citus_internal.kind(relation) = 'local', false);
    IF was_local THEN  -- DropFKeysAndUndistributeTable
        PERFORM citus_internal.forget_table(relation);
        PERFORM citus_internal.forget_table(p) FROM citus_internal.partitions(relation) p;
    END IF;
    waits := was_local OR kind = 'reference' AND citus_internal.converts_local_tables();
    PERFORM citus_internal.ensure_not_distributed(relation);
    PERFORM citus_internal.check_sequence_types(relation);
    PERFORM citus_internal.check_dependencies(relation);
    IF distribution_column IS NOT NULL THEN
        key := citus_internal.find_column(relation, distribution_column);
    END IF;
    replication := citus_internal.replication_model(kind, colocate_with);
    IF colocation IS NULL THEN
        colocation := citus_internal.colocation_for(relation, kind, replication, key, shards, colocate_with);
    END IF;
    PERFORM citus_internal.check_distributable(relation, kind, method, replication, key, colocation,
        CASE WHEN was_local THEN 'none' WHEN waits THEN 'citus' ELSE 'all' END);
    PERFORM citus_internal.check_nodes(kind, colocate_with);
    PERFORM citus_internal.check_parallel(relation, kind, colocation);
    IF method IN ('h', 'n') AND NOT was_local AND citus_internal.relkind(relation) <> 'p' THEN
        PERFORM citus_internal.copy_rows(relation);
    END IF;
    PERFORM citus_internal.write_table(
        relation, method, citus_internal.partkey(relation, key.attnum), colocation, replication, false);
    FOR part IN SELECT citus_internal.partitions(relation) LOOP
        PERFORM citus_internal.create_citus_table(
            part, kind, distribution_column, shards, citus_internal.qualified_name(relation), NULL);
    END LOOP;
    IF waits THEN
        PERFORM citus_internal.restore_keys(relation, all_keys => was_local);
    END IF;
END $$;

-- CopyLocalDataIntoShards (create_distributed_table.c:2643, 2789): what it says of rows that were there before the shards.
-- INFO, where Citus says NOTICE: no client_min_messages of a migration hides it.
CREATE FUNCTION citus_internal.copy_rows(relation oid) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    context text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF context LIKE '%function create_distributed_table_concurrently(%' THEN
        RETURN;  -- it splits a shard and copies nothing of the local table
    ELSIF NOT citus_internal.table_empty(relation) THEN
        RAISE INFO 'Copying data from local table...';
        RAISE INFO USING MESSAGE = 'copying the data has completed',
            DETAIL = 'The local data in the table is no longer visible, but is still on disk.',
            HINT = format('To remove the local data, run: SELECT truncate_local_data_after_distributing_table($$%s$$)',
                citus_internal.qualified_name(relation));
    END IF;
END $body$;

-- truncate_local_data_after_distributing_table (commands/truncate.c:215): there is one copy of the rows here, and it stays.
CREATE FUNCTION pg_catalog.truncate_local_data_after_distributing_table(function_name regclass) RETURNS void
LANGUAGE plpgsql STRICT AS $$
BEGIN
    IF citus_internal.kind(function_name) IS NULL THEN
        PERFORM citus_internal.refuse('XX000', 'supplied parameter is not a distributed relation',  -- :215
            detail => 'This UDF only truncates local records of distributed tables.');
    ELSIF EXISTS (SELECT FROM citus_internal.foreign_keys_to(function_name) k WHERE citus_internal.kind(k.conrelid) IS NULL) THEN
        PERFORM citus_internal.refuse('XX000',  -- :229
            'cannot truncate a table referenced in a foreign key constraint by a local table',
            detail => format('Table "%s" references "%s"',
                (SELECT citus_internal.name_of(k.conrelid) FROM citus_internal.foreign_keys_to(function_name) k
                  WHERE citus_internal.kind(k.conrelid) IS NULL LIMIT 1), citus_internal.name_of(function_name)));
    END IF;
END $$;

-- ExecuteForeignKeyCreateCommandList, after create_citus_table left keys out of sight: those with plain tables, or all
CREATE FUNCTION citus_internal.restore_keys(relation oid, all_keys boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    key record;
BEGIN
    FOR key IN  -- first those of the table itself
        SELECT k.conrelid, k.confrelid, 1 AS place, k.conname FROM citus_internal.foreign_keys_from(relation) k
        UNION ALL
        SELECT k.conrelid, k.confrelid, 2, k.conname FROM citus_internal.foreign_keys_to(relation) k WHERE k.conrelid <> relation
        ORDER BY 3, 4
    LOOP
        IF all_keys OR citus_internal.kind(key.conrelid) IS NULL OR citus_internal.kind(key.confrelid) IS NULL THEN
            PERFORM citus_internal.after_foreign_key(key.conrelid, key.confrelid);
        END IF;
    END LOOP;
END $$;

-- ConvertCitusLocalTableToTableType (create_distributed_table.c:1392): to a reference or a single-shard table, in place
CREATE FUNCTION citus_internal.convert_local_table(relation regclass, kind text, colocate_with text, colocation integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    replication "char" := CASE kind WHEN 'reference' THEN 't' ELSE 's' END;
    nothing pg_catalog.pg_attribute;
    blocking pg_catalog.pg_constraint;
    part oid;
BEGIN
    PERFORM citus_internal.ensure_can_be_created(relation);
    IF kind = 'single_shard' AND citus_internal.replication_factor() > 1 THEN
        PERFORM citus_internal.refuse('XX000',
            'could not create single shard table: citus.shard_replication_factor is greater than 1',
            hint => 'Consider setting citus.shard_replication_factor to 1 and try again');
    END IF;
    IF colocation IS NULL THEN
        colocation := citus_internal.colocation_for(relation, kind, replication, nothing, 1, colocate_with);
    END IF;
    PERFORM citus_internal.check_distributable(relation, kind, 'n', replication, nothing, colocation, 'all');
    IF kind = 'single_shard' THEN  -- EnsureNoFKeyFromTableType, foreign_constraint.c:117
        SELECT * INTO blocking FROM citus_internal.foreign_keys_to(relation) k
         WHERE k.conrelid <> relation AND citus_internal.kind(k.conrelid) IN ('local', 'reference') LIMIT 1;
        IF blocking.oid IS NOT NULL THEN
            PERFORM citus_internal.refuse('0A000',
                format('relation %s is referenced by a foreign key from %s',
                    citus_internal.name_of(relation), citus_internal.name_of(blocking.conrelid)),
                detail => format('foreign keys from a %s to a distributed table are not supported.',
                    citus_internal.type_name(blocking.conrelid)));
        END IF;
    END IF;
    PERFORM citus_internal.write_table(relation, 'n', NULL, colocation, replication, false);
    FOR part IN SELECT citus_internal.partitions(relation) LOOP
        PERFORM citus_internal.convert_local_table(part, kind, citus_internal.qualified_name(relation), colocation);
    END LOOP;
END $$;

-- EnsureRelationCanBeDistributed (create_distributed_table.c:2078)
CREATE FUNCTION citus_internal.check_distributable(
    relation regclass, kind text, method "char", replication "char", key pg_catalog.pg_attribute, colocation integer, keys text
) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM citus_internal.ensure_empty(relation, method);
    PERFORM citus_internal.ensure_no_triggers(relation);
    PERFORM citus_internal.ensure_no_catalog(relation);
    IF key.attnum IS NOT NULL THEN
        PERFORM citus_internal.check_column(relation, key, method);
    END IF;
    PERFORM citus_internal.check_partitioning(relation, kind);
    IF keys <> 'none' THEN
        PERFORM citus_internal.check_foreign_keys(relation, kind, replication, key.attnum, colocation, keys = 'citus');
    END IF;
    PERFORM citus_internal.check_constraints(relation, method, key.attnum);
    PERFORM citus_internal.check_policies(relation);
END $$;

-- CreateShardsWithRoundRobinPolicy (operations/create_shards.c:157): a node holds one replica. The coordinator holds
-- shards while there are no workers.
CREATE FUNCTION citus_internal.check_nodes(kind text, colocate_with text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    factor integer := citus_internal.replication_factor();
    nodes bigint := greatest(1, (SELECT count(*) FROM pg_catalog.pg_dist_node n WHERE n.groupid > 0));
BEGIN
    IF kind = 'hash' AND factor > nodes AND NOT citus_internal.names_a_table(colocate_with) THEN
        PERFORM citus_internal.refuse('22023',
            format('replication_factor (%s) exceeds number of worker nodes (%s)', factor, nodes),
            hint => 'Add more worker nodes or try again with a lower replication factor.');
    END IF;
END $$;
