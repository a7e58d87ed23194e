-- What can become a Citus table at all, in the order in which Citus looks.

-- IsChildTable, IsParentTable: plain inheritance, which partitions and their parents do not count as
CREATE FUNCTION citus_internal.inherits(class pg_catalog.pg_class) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT class.relkind <> 'p' AND (
        EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = class.oid)
        OR NOT class.relispartition AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = class.oid))
$$;

-- EnsureCitusTableCanBeCreated (create_distributed_table.c:947)
CREATE FUNCTION citus_internal.ensure_can_be_created(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    class pg_catalog.pg_class;
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    IF class.oid IS NULL THEN  -- EnsureRelationExists, :976
        PERFORM citus_internal.refuse('22023', format('relation with OID %s does not exist', relation::oid));
    END IF;
    PERFORM citus_internal.ensure_table_owner(relation);
    IF class.relpersistence = 't' THEN  -- ErrorIfTemporaryTable, :2238
        PERFORM citus_internal.refuse('0A000', 'cannot distribute a temporary table');
    END IF;
    IF class.relkind = 'f' THEN  -- ErrorIfForeignTable, :2922
        PERFORM citus_internal.refuse('XX000',
            'foreign tables cannot be distributed',
            hint => format('Can add foreign table "%s" to metadata by running: SELECT citus_add_local_table_to_metadata($$%s$$);',
                class.relname, citus_internal.qualified_name(relation)));
    END IF;
    -- EnsureRelationKindSupported, deparser/citus_ruleutils.c:642
    IF class.relkind NOT IN ('r', 'p') OR citus_internal.inherits(class) THEN
        PERFORM citus_internal.refuse('42809',
            format('%s is not a regular, foreign or partitioned table', class.relname));
    END IF;
END $body$;

-- EnsureTableNotDistributed (create_distributed_table.c:2361)
CREATE FUNCTION citus_internal.ensure_not_distributed(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.refuse('42P16',
            format('table "%s" is already distributed', citus_internal.name_of(relation)));
    END IF;
END $$;

-- ErrorIfTableIsACatalogTable (create_distributed_table.c:2256)
CREATE FUNCTION citus_internal.ensure_no_catalog(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.schema_of(relation) = 'pg_catalog'::regnamespace THEN
        PERFORM citus_internal.refuse('0A000', 'cannot create a citus table from a catalog table');
    END IF;
END $$;

-- EnsureLocalTableEmptyIfNecessary (create_distributed_table.c:2320): only a hash-distributed, reference or
-- single-shard table takes its rows along; a partitioned table has none of its own to take.
CREATE FUNCTION citus_internal.ensure_empty(relation oid, method "char") RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF method NOT IN ('h', 'n') AND NOT citus_internal.table_empty(relation) THEN
        PERFORM citus_internal.refuse('42P16',
            format('cannot distribute relation "%s"', citus_internal.name_of(relation)),
            detail => format('Relation "%s" contains data.', citus_internal.name_of(relation)),
            hint => 'Empty your table before distributing it.');
    END IF;
END $$;

-- EnsureRelationCanBeDistributed (create_distributed_table.c:2176-2212), partitions and their parents
CREATE FUNCTION citus_internal.check_partitioning(relation oid, kind text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
    parent oid := citus_internal.partition_parent(relation);
BEGIN
    IF parent IS NOT NULL AND citus_internal.kind(parent) IS NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot distribute relation "%s" which is partition of "%s"', name, citus_internal.name_of(parent)),
            detail => 'Citus does not support distributing partitions if their parent is not distributed table.',
            hint => format('Distribute the partitioned table "%s" instead.', citus_internal.name_of(parent)));
    END IF;
    IF citus_internal.relkind(relation) <> 'p' THEN
        RETURN;
    END IF;
    IF kind NOT IN ('hash', 'single_shard') THEN
        PERFORM citus_internal.refuse('0A000',
            'distributing partitioned tables in only supported for hash-distributed tables');
    END IF;
    IF parent IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000',
            'distributing multi-level partitioned tables is not supported',
            detail => format('Relation "%s" is partitioned table itself and it is also partition of relation "%s".',
                name, citus_internal.name_of(parent)));
    END IF;
END $$;

-- ErrorIfUnsupportedPolicy (commands/policy.c:472)
CREATE FUNCTION citus_internal.check_policies(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = relation
                  AND (p.polqual::text LIKE '%{SUBLINK %' OR p.polwithcheck::text LIKE '%{SUBLINK %')) THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot create policy',
            detail => 'Subqueries are not supported in policies on distributed tables');
    END IF;
END $$;

-- CREATE or ALTER POLICY with a subquery on a Citus table: Citus transforms the parsed subquery a second time and
-- trips over it (PostgreSQL's transformSubLink), which is what the user reads.
CREATE FUNCTION citus_internal.after_policy(policy oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.oid = policy AND citus_internal.kind(p.polrelid) IS NOT NULL
                  AND (p.polqual::text LIKE '%{SUBLINK %' OR p.polwithcheck::text LIKE '%{SUBLINK %')) THEN
        PERFORM citus_internal.refuse('XX000', 'unexpected non-SELECT command in SubLink');
    END IF;
END $$;
