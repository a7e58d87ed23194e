-- What one transaction may not mix. Citus remembers that it touched a distributed table's shards over several
-- connections at once ("parallel"); what needs a single connection is then refused until the end of the transaction.

-- IsTransactionBlock: the transaction began with an earlier statement than this one
CREATE FUNCTION citus_internal.in_transaction_block() RETURNS boolean
LANGUAGE sql VOLATILE AS $$ SELECT transaction_timestamp() <> statement_timestamp() $$;

-- ShouldRecordRelationAccess (transaction/relation_access_tracking.c)
CREATE FUNCTION citus_internal.records_access() RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT citus_internal.in_transaction_block() AND citus_internal.is_on('enforce_foreign_key_restrictions', true)
$$;

CREATE FUNCTION citus_internal.is_sequential() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT citus_internal.setting('multi_shard_modify_mode', 'parallel') = 'sequential' $$;

-- The parallel accesses of this transaction, as "<oid> DDL", "<oid> DML" or "<oid> SELECT"
CREATE FUNCTION citus_internal.parallel_accesses() RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT string_to_array(nullif(current_setting('citus_internal.parallel', true), ''), ',')
$$;

-- ParallelQueryExecutedInTransaction (transaction/relation_access_tracking.c)
CREATE FUNCTION citus_internal.was_parallel() RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT citus_internal.parallel_accesses() IS NOT NULL $$;

CREATE FUNCTION citus_internal.be_sequential() RETURNS void
LANGUAGE sql AS $$ SELECT set_config('citus.multi_shard_modify_mode', 'sequential', true) $$;

CREATE FUNCTION citus_internal.sequential_hint() RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'Try re-running the transaction with "SET LOCAL citus.multi_shard_modify_mode TO ''sequential'';"'
$$;

-- referencingRelationsViaForeignKey, referencedRelationsViaForeignKey of the metadata cache: over any number of keys
CREATE FUNCTION citus_internal.referencing_tables(relation oid) RETURNS SETOF oid
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE reached(id) AS (
        SELECT relation UNION SELECT k.conrelid FROM reached r CROSS JOIN LATERAL citus_internal.foreign_keys_to(r.id) k
    ) SELECT id FROM reached WHERE id <> relation
$$;

CREATE FUNCTION citus_internal.referenced_tables(relation oid) RETURNS SETOF oid
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE reached(id) AS (
        SELECT relation UNION SELECT k.confrelid FROM reached r CROSS JOIN LATERAL citus_internal.foreign_keys_from(r.id) k
    ) SELECT id FROM reached WHERE id <> relation
$$;

-- CheckConflictingParallelRelationAccesses (relation_access_tracking.c:826): DDL over all shards of a table after a query
-- of a table that its keys lead to. A write to that one has made the transaction sequential already.
CREATE FUNCTION citus_internal.check_referenced_reads(relation oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    read name := (SELECT citus_internal.name_of(r) FROM citus_internal.referenced_tables(relation) r
                   WHERE r::text = ANY (string_to_array(current_setting('citus_internal.reads', true), ',')) LIMIT 1);
BEGIN
    IF read IS NULL THEN
        RETURN;
    ELSIF citus_internal.was_parallel() THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot execute parallel DDL on table "%s" after SELECT command on reference table "%s" because there is '
                'a foreign key between them and "%s" has been accessed in this transaction', citus_internal.name_of(relation),
                read, read),
            detail => 'When there is a foreign key to a reference table, Citus needs to perform all operations over a single '
                'connection per node to ensure consistency.',
            hint => citus_internal.sequential_hint());
    END IF;
    PERFORM citus_internal.be_sequential();
END $$;

-- RecordParallelRelationAccess: over several shards, unless the transaction keeps to one connection
CREATE FUNCTION citus_internal.note_parallel(relation oid, access text, shards integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF shards > 1 AND citus_internal.records_access() AND NOT citus_internal.is_sequential() THEN
        IF access = 'DDL' THEN
            PERFORM citus_internal.check_referenced_reads(relation);
        END IF;
        IF citus_internal.is_sequential() THEN
            RETURN;
        END IF;
        PERFORM set_config('citus_internal.parallel',
            array_to_string(citus_internal.parallel_accesses() || format('%s %s', relation, access), ','), true);
    END IF;
END $$;

-- CheckConflictingRelationAccesses (relation_access_tracking.c:762-813): an access to a table that keys of distributed
-- tables refer to. After a parallel access that conflicts it is refused (HoldsConflictingLockWithReferencingRelations: a
-- query conflicts with DDL, a write with writes and DDL, DDL with all), and a write keeps the rest of the transaction to
-- one connection.
CREATE FUNCTION citus_internal.check_referenced_access(relation oid, access text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    conflict text[];
BEGIN
    IF NOT citus_internal.records_access() OR NOT EXISTS (
            SELECT FROM citus_internal.foreign_keys_to(relation) k WHERE citus_internal.kind(k.conrelid) IS NOT NULL) THEN
        RETURN;
    END IF;
    SELECT string_to_array(a, ' ') INTO conflict FROM unnest(citus_internal.parallel_accesses()) a
     WHERE split_part(a, ' ', 1)::oid IN (SELECT citus_internal.referencing_tables(relation))
       AND split_part(a, ' ', 2) = ANY (CASE access WHEN 'SELECT' THEN '{DDL}' WHEN 'DML' THEN '{DDL,DML}'
                                                     ELSE '{DDL,DML,SELECT}' END::text[])
     ORDER BY split_part(a, ' ', 2) LIMIT 1;
    IF conflict IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot execute %s on table "%s" because there was a '
                'parallel %s access to distributed table "%s" in the same transaction', access, name, conflict[2],
                citus_internal.name_of(conflict[1]::oid)),
            hint => citus_internal.sequential_hint());
    ELSIF access = 'SELECT' THEN
        PERFORM set_config('citus_internal.reads',
            concat_ws(',', nullif(current_setting('citus_internal.reads', true), ''), relation), true);
        RETURN;
    ELSIF citus_internal.was_parallel() THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot modify table "%s" because there was a parallel operation on a distributed table', name),
            detail => 'When there is a foreign key to a reference table or to a local table, Citus needs to perform all '
                'operations over a single connection per node to ensure consistency.',
            hint => citus_internal.sequential_hint());
    END IF;
    PERFORM citus_internal.be_sequential();
END $$;

-- What a statement did to a Citus table, DDL or DML, over all its shards
CREATE FUNCTION citus_internal.note_access(relation oid, access text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CASE citus_internal.kind(relation)
        WHEN 'hash' THEN
            PERFORM citus_internal.note_parallel(relation, access, citus_internal.shards_of(relation));
        WHEN 'reference', 'local' THEN
            PERFORM citus_internal.check_referenced_access(relation, access);
        ELSE
            NULL;
    END CASE;
END $$;

CREATE FUNCTION citus_internal.shards_of(relation oid) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT c.shardcount FROM pg_catalog.pg_dist_partition p JOIN pg_catalog.pg_dist_colocation c USING (colocationid)
     WHERE p.logicalrelid = relation::regclass
$$;

CREATE FUNCTION citus_internal.has_key_to_reference(relation oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM citus_internal.foreign_keys_from(relation) k WHERE citus_internal.kind(k.confrelid) = 'reference')
$$;

-- CanUseExclusiveConnections (create_distributed_table.c:2518, 2544): create_distributed_table itself
CREATE FUNCTION citus_internal.check_parallel(relation oid, kind text, colocation integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    to_reference boolean := citus_internal.has_key_to_reference(relation);
    shards integer := (SELECT c.shardcount FROM pg_catalog.pg_dist_colocation c WHERE c.colocationid = colocation);
BEGIN
    IF kind <> 'hash' OR NOT citus_internal.records_access() OR citus_internal.relkind(relation) = 'p' THEN
        RETURN;
    ELSIF to_reference AND citus_internal.was_parallel() THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot distribute relation "%s" in this transaction '
                'because it has a foreign key to a reference table', name),
            detail => 'If a hash distributed table has a foreign key to a reference table, it has to be created in '
                'sequential mode before any parallel commands have been executed in the same transaction',
            hint => citus_internal.sequential_hint());
    ELSIF citus_internal.is_sequential() AND citus_internal.was_parallel() THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot distribute "%s" in sequential mode because a '
                'parallel query was executed in this transaction', name),
            hint => 'If you have manually set citus.multi_shard_modify_mode to ''sequential'', try with ''parallel'' option. ');
    ELSIF NOT to_reference THEN
        PERFORM citus_internal.note_parallel(relation, 'DDL', shards);
    END IF;
END $$;

-- SetupExecutionModeForAlterTable (commands/table.c:3775): subcommands about a key to a reference table
CREATE FUNCTION citus_internal.alters_key_to_reference(relation oid, commands jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_array_elements(commands) command, jsonb_array_elements(command -> 'constraints') added
         WHERE added ->> 'type' = 'FOREIGN' AND citus_internal.kind(to_regclass(added ->> 'references')) = 'reference')
    OR EXISTS (
        SELECT FROM jsonb_array_elements(commands) command, citus_internal.foreign_keys_from(relation) k
         WHERE citus_internal.kind(k.confrelid) = 'reference'
           AND CASE command ->> 'type'
                    WHEN 'DropConstraint' THEN k.conname = command ->> 'column'
                    WHEN 'AttachPartition' THEN true
                    WHEN 'DetachPartition' THEN true
                    WHEN 'DropColumn' THEN citus_internal.key_has_column(k, command ->> 'column')
                    WHEN 'AlterColumnType' THEN citus_internal.key_has_column(k, command ->> 'column') END)
$$;

CREATE FUNCTION citus_internal.key_has_column(key pg_catalog.pg_constraint, name text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = key.conrelid AND a.attname = name AND a.attnum = ANY (key.conkey))
$$;

-- The refusals of SetupExecutionModeForAlterTable (commands/table.c:3857), and of an unnamed key
-- (EnsureSequentialModeForAlterTableOperation, :924)
CREATE FUNCTION citus_internal.check_parallel_alter(relation oid, commands jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.kind(relation) IS DISTINCT FROM 'hash' OR NOT citus_internal.records_access()
       OR NOT citus_internal.alters_key_to_reference(relation, commands) THEN
        RETURN;
    ELSIF citus_internal.was_parallel() THEN
        IF commands #>> '{0,type}' = 'AddConstraint' AND commands #>> '{0,constraints,0,name}' IS NULL THEN
            PERFORM citus_internal.raise_parallel('ALTER TABLE ... ADD FOREIGN KEY');
        END IF;
        PERFORM citus_internal.refuse('XX000',
            format('cannot modify table "%s" because there was a parallel '
                'operation on a distributed table in the transaction', citus_internal.name_of(relation)),
            detail => 'When there is a foreign key to a reference table, Citus needs to perform all operations over a '
                'single connection per node to ensure consistency.',
            hint => citus_internal.sequential_hint());
    END IF;
    PERFORM citus_internal.be_sequential();
END $$;

CREATE FUNCTION citus_internal.raise_parallel(what text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM citus_internal.refuse('XX000',
        format(
            'cannot run %s command because there was a parallel operation on a distributed table in the transaction', what),
        detail => format('When running command on/for a distributed %s, Citus needs to perform all operations over a single '
            'connection per node to ensure consistency.', what),
        hint => citus_internal.sequential_hint());
END $$;

-- EnsureSequentialMode (executor/multi_executor.c:733): types, functions, schemas and the like go to all nodes over one
-- connection, and keep the rest of the transaction to it.
CREATE FUNCTION citus_internal.ensure_sequential(what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.was_parallel() THEN
        PERFORM citus_internal.raise_parallel(what);
    END IF;
    PERFORM citus_internal.be_sequential();
END $$;

CREATE FUNCTION citus_internal.sequential_object(tag text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE tag WHEN 'CREATE TYPE' THEN 'type' WHEN 'ALTER TYPE' THEN 'type' WHEN 'DROP TYPE' THEN 'type'
                    WHEN 'CREATE DOMAIN' THEN 'domain' WHEN 'CREATE COLLATION' THEN 'collation'
                    WHEN 'CREATE FUNCTION' THEN 'function' WHEN 'CREATE PROCEDURE' THEN 'function'
                    WHEN 'CREATE EXTENSION' THEN 'extension' WHEN 'CREATE SCHEMA' THEN 'schema'
                    WHEN 'DROP VIEW' THEN 'view' END
$$;
