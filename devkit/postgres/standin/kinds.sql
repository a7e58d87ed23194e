-- What can be distributed at all, in the order in which Citus looks.

-- ErrorIfTemporaryTable (create_distributed_table.c:2238), ErrorIfForeignTable (2922),
-- EnsureRelationKindSupported (deparser/citus_ruleutils.c:642)
CREATE FUNCTION citus_internal.check_kind(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    class pg_catalog.pg_class;
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    IF class.relpersistence = 't' THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot distribute a temporary table';
    END IF;
    IF class.relkind = 'f' THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'foreign tables cannot be distributed',
            HINT = format('Can add foreign table "%s" to metadata by running: SELECT citus_add_local_table_to_metadata($$%s.%s$$);',
                class.relname, quote_ident(class.relnamespace::regnamespace::text), quote_ident(class.relname));
    END IF;
    -- IsSimpleInheritanceTable, but for partitions and their parents
    IF class.relkind NOT IN ('r', 'p') OR (class.relkind = 'r' AND NOT class.relispartition AND EXISTS (
            SELECT FROM pg_catalog.pg_inherits i WHERE relation IN (i.inhrelid, i.inhparent))) THEN
        RAISE EXCEPTION USING ERRCODE = '42809',
            MESSAGE = format('%s is not a regular, foreign or partitioned table', class.relname);
    END IF;
END $body$;

-- EnsureTableNotDistributed (create_distributed_table.c:2361); a Citus-local table is converted
CREATE FUNCTION citus_internal.ensure_not_distributed(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) <> 'local' THEN
        RAISE EXCEPTION USING ERRCODE = '42P16',
            MESSAGE = format('table "%s" is already distributed', citus_internal.name_of(relation));
    END IF;
END $$;

-- ErrorIfTableIsACatalogTable (create_distributed_table.c:2256)
CREATE FUNCTION citus_internal.check_not_catalog(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF (SELECT c.relnamespace = 'pg_catalog'::regnamespace FROM pg_catalog.pg_class c WHERE c.oid = relation) THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot create a citus table from a catalog table';
    END IF;
END $$;

-- EnsureRelationCanBeDistributed (create_distributed_table.c:2176-2212), partitions and their parents
CREATE FUNCTION citus_internal.check_partitioning(relation oid, method "char") RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    class pg_catalog.pg_class;
    parent oid;
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    SELECT i.inhparent INTO parent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = relation AND class.relispartition;
    IF parent IS NOT NULL AND citus_internal.kind(parent) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('cannot distribute relation "%s" which is partition of "%s"',
                class.relname, citus_internal.name_of(parent)),
            DETAIL = 'Citus does not support distributing partitions if their parent is not distributed table.',
            HINT = format('Distribute the partitioned table "%s" instead.', citus_internal.name_of(parent));
    END IF;
    IF class.relkind = 'p' AND method <> 'h' THEN
        RAISE EXCEPTION USING ERRCODE = '0A000',
            MESSAGE = 'distributing partitioned tables in only supported for hash-distributed tables';
    END IF;
    IF class.relkind = 'p' AND (class.relispartition OR EXISTS (
            SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = relation AND c.relkind = 'p')) THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'distributing multi-level partitioned tables is not supported',
            DETAIL = format('Relation "%s" is partitioned table itself and it is also partition of relation "%s".',
                class.relname, citus_internal.name_of(coalesce(parent, relation)));
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
