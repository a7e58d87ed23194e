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
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('relation with OID %s does not exist', relation::oid);
    END IF;
    PERFORM citus_internal.ensure_table_owner(relation);
    IF class.relpersistence = 't' THEN  -- ErrorIfTemporaryTable, :2238
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot distribute a temporary table';
    END IF;
    IF class.relkind = 'f' THEN  -- ErrorIfForeignTable, :2922
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'foreign tables cannot be distributed',
            HINT = format('Can add foreign table "%s" to metadata by running: SELECT citus_add_local_table_to_metadata($$%s$$);',
                class.relname, citus_internal.qualified_name(relation));
    END IF;
    -- EnsureRelationKindSupported, deparser/citus_ruleutils.c:642
    IF class.relkind NOT IN ('r', 'p') OR citus_internal.inherits(class) THEN
        RAISE EXCEPTION USING ERRCODE = '42809',
            MESSAGE = format('%s is not a regular, foreign or partitioned table', class.relname);
    END IF;
END $body$;

-- EnsureTableNotDistributed (create_distributed_table.c:2361)
CREATE FUNCTION citus_internal.ensure_not_distributed(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42P16',
            MESSAGE = format('table "%s" is already distributed', citus_internal.name_of(relation));
    END IF;
END $$;

-- ErrorIfTableIsACatalogTable (create_distributed_table.c:2256)
CREATE FUNCTION citus_internal.ensure_no_catalog(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.schema_of(relation) = 'pg_catalog'::regnamespace THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot create a citus table from a catalog table';
    END IF;
END $$;

-- EnsureLocalTableEmptyIfNecessary (create_distributed_table.c:2320): only a hash-distributed, reference or
-- single-shard table takes its rows along; a partitioned table has none of its own to take.
CREATE FUNCTION citus_internal.ensure_empty(relation oid, method "char") RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF method NOT IN ('h', 'n') AND NOT citus_internal.table_empty(relation) THEN
        RAISE EXCEPTION USING ERRCODE = '42P16',
            MESSAGE = format('cannot distribute relation "%s"', citus_internal.name_of(relation)),
            DETAIL = format('Relation "%s" contains data.', citus_internal.name_of(relation)),
            HINT = 'Empty your table before distributing it.';
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
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = format('cannot distribute relation "%s" which is partition of "%s"', name, citus_internal.name_of(parent)),
            DETAIL = 'Citus does not support distributing partitions if their parent is not distributed table.',
            HINT = format('Distribute the partitioned table "%s" instead.', citus_internal.name_of(parent));
    END IF;
    IF citus_internal.relkind(relation) <> 'p' THEN
        RETURN;
    END IF;
    IF kind NOT IN ('hash', 'single_shard') THEN
        RAISE EXCEPTION USING ERRCODE = '0A000',
            MESSAGE = 'distributing partitioned tables in only supported for hash-distributed tables';
    END IF;
    IF parent IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'distributing multi-level partitioned tables is not supported',
            DETAIL = format('Relation "%s" is partitioned table itself and it is also partition of relation "%s".',
                name, citus_internal.name_of(parent));
    END IF;
END $$;

-- ErrorIfUnsupportedPolicy (commands/policy.c:472)
CREATE FUNCTION citus_internal.check_policies(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = relation
                  AND (p.polqual::text LIKE '%{SUBLINK %' OR p.polwithcheck::text LIKE '%{SUBLINK %')) THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot create policy',
            DETAIL = 'Subqueries are not supported in policies on distributed tables';
    END IF;
END $$;

-- CREATE or ALTER POLICY with a subquery on a Citus table: Citus transforms the parsed subquery a second time and
-- trips over it (PostgreSQL's transformSubLink), which is what the user reads.
CREATE FUNCTION citus_internal.after_policy(policy oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.oid = policy AND citus_internal.kind(p.polrelid) IS NOT NULL
                  AND (p.polqual::text LIKE '%{SUBLINK %' OR p.polwithcheck::text LIKE '%{SUBLINK %')) THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'unexpected non-SELECT command in SubLink';
    END IF;
END $$;
