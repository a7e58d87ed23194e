-- What one transaction may not mix. Citus remembers that it touched a distributed table's shards over several
-- connections at once ("parallel"); what needs a single connection is then refused until the end of the transaction.

-- IsTransactionBlock: the transaction began with an earlier statement than this one
CREATE FUNCTION citus_internal.in_transaction_block() RETURNS boolean
LANGUAGE sql VOLATILE AS $$ SELECT transaction_timestamp() <> statement_timestamp() $$;

CREATE FUNCTION citus_internal.is_sequential() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT citus_internal.setting('multi_shard_modify_mode', 'parallel') = 'sequential' $$;

-- ParallelQueryExecutedInTransaction (transaction/relation_access_tracking.c)
CREATE FUNCTION citus_internal.was_parallel() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT coalesce(current_setting('citus_internal.parallel', true), '') = 'on' $$;

CREATE FUNCTION citus_internal.sequential_hint() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'Try re-running the transaction with "SET LOCAL citus.multi_shard_modify_mode TO ''sequential'';"'
$$;

CREATE FUNCTION citus_internal.has_key_to_reference(relation oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM citus_internal.foreign_keys_from(relation) k WHERE citus_internal.kind(k.confrelid) = 'reference')
$$;

-- CanUseExclusiveConnections (create_distributed_table.c:2518, 2544): create_distributed_table itself
CREATE FUNCTION citus_internal.check_parallel(relation oid, kind text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    to_reference boolean := citus_internal.has_key_to_reference(relation);
BEGIN
    IF kind <> 'hash' OR NOT citus_internal.in_transaction_block() THEN
        RETURN;
    ELSIF to_reference AND citus_internal.was_parallel() THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('cannot distribute relation "%s" in this transaction '
                'because it has a foreign key to a reference table', name),
            DETAIL = 'If a hash distributed table has a foreign key to a reference table, it has to be created in '
                     'sequential mode before any parallel commands have been executed in the same transaction',
            HINT = citus_internal.sequential_hint();
    ELSIF citus_internal.is_sequential() AND citus_internal.was_parallel() THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('cannot distribute "%s" in sequential mode because a '
                'parallel query was executed in this transaction', name),
            HINT = 'If you have manually set citus.multi_shard_modify_mode to ''sequential'', try with ''parallel'' option. ';
    ELSIF NOT to_reference THEN
        PERFORM citus_internal.note_parallel();
    END IF;
END $$;

CREATE FUNCTION citus_internal.note_parallel() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.in_transaction_block() AND NOT citus_internal.is_sequential() THEN
        PERFORM set_config('citus_internal.parallel', 'on', true);
    END IF;
END $$;

-- SetupExecutionModeForAlterTable (commands/table.c:3857): subcommands about a key to a reference table
CREATE FUNCTION citus_internal.check_parallel_alter(relation oid, commands jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    command jsonb;
    added jsonb;
    unnamed boolean := false;
    sequential boolean := false;
BEGIN
    IF NOT citus_internal.was_parallel() OR citus_internal.distribution_attnum(relation) IS NULL THEN
        RETURN;
    END IF;
    FOR command IN SELECT jsonb_array_elements(commands) LOOP
        FOR added IN SELECT jsonb_array_elements(command -> 'constraints') LOOP
            IF added ->> 'type' = 'FOREIGN' AND citus_internal.kind(to_regclass(added ->> 'references')) = 'reference' THEN
                sequential := true;
                unnamed := command ->> 'type' = 'AddConstraint' AND added ->> 'name' IS NULL;
            END IF;
        END LOOP;
        IF command ->> 'type' IN ('DropConstraint', 'DropColumn', 'AlterColumnType') AND EXISTS (
                SELECT FROM citus_internal.foreign_keys_from(relation) k
                  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = relation AND a.attnum = ANY (k.conkey)
                 WHERE citus_internal.kind(k.confrelid) = 'reference'
                   AND command ->> 'column' = CASE command ->> 'type' WHEN 'DropConstraint' THEN k.conname ELSE a.attname END) THEN
            sequential := true;
        ELSIF command ->> 'type' IN ('AttachPartition', 'DetachPartition') THEN
            sequential := sequential OR citus_internal.has_key_to_reference(relation);
        END IF;
    END LOOP;
    IF unnamed THEN  -- EnsureSequentialModeForAlterTableOperation, :924
        PERFORM citus_internal.raise_parallel('ALTER TABLE ... ADD FOREIGN KEY');
    ELSIF sequential THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('cannot modify table "%s" because there was a parallel '
                'operation on a distributed table in the transaction', citus_internal.name_of(relation)),
            DETAIL = 'When there is a foreign key to a reference table, Citus needs to perform all operations over a '
                     'single connection per node to ensure consistency.',
            HINT = citus_internal.sequential_hint();
    END IF;
END $$;

CREATE FUNCTION citus_internal.raise_parallel(what text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format(
            'cannot run %s command because there was a parallel operation on a distributed table in the transaction', what),
        DETAIL = format('When running command on/for a distributed %s, Citus needs to perform all operations over a single '
                        'connection per node to ensure consistency.', what),
        HINT = citus_internal.sequential_hint();
END $$;

-- EnsureSequentialMode (executor/multi_executor.c:733): types, functions, schemas and the like go to all nodes over one
-- connection, and keep the rest of the transaction to it.
CREATE FUNCTION citus_internal.ensure_sequential(what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.was_parallel() THEN
        PERFORM citus_internal.raise_parallel(what);
    END IF;
    PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true);
END $$;

CREATE FUNCTION citus_internal.sequential_object(tag text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE tag WHEN 'CREATE TYPE' THEN 'type' WHEN 'ALTER TYPE' THEN 'type' WHEN 'DROP TYPE' THEN 'type'
                    WHEN 'CREATE DOMAIN' THEN 'domain' WHEN 'CREATE COLLATION' THEN 'collation'
                    WHEN 'CREATE FUNCTION' THEN 'function' WHEN 'CREATE PROCEDURE' THEN 'function'
                    WHEN 'CREATE EXTENSION' THEN 'extension' WHEN 'CREATE SCHEMA' THEN 'schema'
                    WHEN 'DROP VIEW' THEN 'view' END
$$;
