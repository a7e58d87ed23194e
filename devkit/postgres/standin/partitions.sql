-- Partitions follow their parent.

-- DistributePartitionUsingParent (commands/table.c:640), CreateCitusLocalTablePartitionOf
CREATE FUNCTION citus_internal.distribute_partition(part regclass, parent regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    of_parent pg_catalog.pg_dist_partition;
    parent_name text := citus_internal.qualified_name(parent);
BEGIN
    SELECT p.* INTO of_parent FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = parent;
    IF citus_internal.kind(parent) = 'local' THEN
        IF citus_internal.relkind(part) = 'p' THEN  -- CreateCitusLocalTablePartitionOf, citus_add_local_table_to_metadata.c:430
            PERFORM citus_internal.check_partitioning(part, 'single_shard');
        END IF;
        PERFORM citus_internal.record_local(part, of_parent.autoconverted);
    ELSIF citus_internal.is_tenant_schema(citus_internal.schema_of(part)) THEN
        PERFORM citus_internal.create_tenant_table(part);
    ELSIF of_parent.partkey IS NULL THEN
        PERFORM citus_internal.create_single_shard_table(part, parent_name, NULL);
    ELSE
        PERFORM citus_internal.create_citus_table(part, 'hash', column_to_column_name(parent, of_parent.partkey),
            citus_internal.setting('shard_count', '32')::integer, parent_name, NULL);
    END IF;
END $$;

-- PostprocessCreateTableStmtPartitionOf (commands/table.c:411)
CREATE FUNCTION citus_internal.after_create_partition(part regclass, parent regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.is_tenant_schema(citus_internal.schema_of(parent))
       OR citus_internal.is_tenant_schema(citus_internal.schema_of(part)) THEN
        PERFORM citus_internal.check_tenant_partition(parent, part);
    END IF;
    IF citus_internal.kind(parent) IS NOT NULL AND citus_internal.kind(part) IS NULL THEN
        PERFORM citus_internal.distribute_partition(part, parent);
    END IF;
END $$;

-- PreprocessAlterTableStmtAttachPartition (commands/table.c:472); here the partition hangs on its parent already, and
-- an error lets it go again.
CREATE FUNCTION citus_internal.after_attach(part regclass, parent regclass) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    kind text := citus_internal.kind(part);
    parent_kind text := citus_internal.kind(parent);
BEGIN
    IF citus_internal.is_tenant_schema(citus_internal.schema_of(parent))
       OR citus_internal.is_tenant_schema(citus_internal.schema_of(part)) THEN
        PERFORM citus_internal.check_tenant_partition(parent, part);
    END IF;
    IF parent_kind IS NULL THEN
        IF kind IS NOT NULL THEN  -- ErrorIfAttachCitusTableToPgLocalTable, :724
            PERFORM citus_internal.refuse('XX000',
                'non-citus partitioned tables cannot have citus table partitions',
                hint => format('Distribute the partitioned table "%s" instead, or add it to metadata',
                    citus_internal.name_of(parent)));
        END IF;
        RETURN;
    ELSIF citus_internal.relkind(part) = 'p' THEN  -- ErrorIfMultiLevelPartitioning, :700
        PERFORM citus_internal.refuse('0A000',
            'Citus doesn''t support multi-level partitioned tables',
            detail => format('Relation "%s" is partitioned table itself and it is also partition of relation "%s".',
                citus_internal.name_of(part), citus_internal.name_of(parent)));
    ELSIF kind = 'reference' THEN  -- PreprocessAttachCitusPartitionToCitusTable, :590
        PERFORM citus_internal.refuse('XX000', 'partitioned reference tables are not supported');
    ELSIF citus_internal.is_distributed(kind) AND parent_kind = 'local' THEN
        PERFORM citus_internal.refuse('XX000', 'non-distributed partitioned tables cannot have distributed partitions');
    ELSIF kind = 'local' AND parent_kind = 'local' AND citus_internal.has_external_foreign_keys(part) THEN
        PERFORM citus_internal.refuse('XX000',
            'partition local tables added to citus metadata cannot have non-inherited foreign keys');
    ELSIF kind IS NULL OR kind = 'local' AND parent_kind <> 'local' THEN
        PERFORM citus_internal.distribute_partition(part, parent);
    -- ErrorIfUnsupportedAlterTableStmt, :3590
    ELSIF (SELECT count(DISTINCT p.colocationid) > 1 FROM pg_catalog.pg_dist_partition p
            WHERE p.logicalrelid IN (part, parent)) THEN
        PERFORM citus_internal.refuse('0A000',
            'distributed tables cannot have non-colocated distributed tables as a partition ');
    END IF;
END $$;
