-- Statements about indexes, privileges, statistics and the like, before PostgreSQL runs them.

-- ErrorIfUnsupportedIndexStmt (commands/index.c:1188): a tablespace, then uniqueness
CREATE FUNCTION citus_internal.before_create_index(relation oid, facts jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NULL THEN
        RETURN;
    ELSIF (facts ->> 'tablespace')::boolean THEN  -- :1192
        PERFORM citus_internal.refuse('0A000',
            'specifying tablespaces with CREATE INDEX statements is currently unsupported');
    ELSIF (facts ->> 'unique')::boolean THEN
        PERFORM citus_internal.check_unique_index(relation, ARRAY(SELECT jsonb_array_elements_text(facts -> 'columns')));
    END IF;
END $$;

-- ErrorIfUnsupportedDropIndexStmt (commands/index.c:1273)
CREATE FUNCTION citus_internal.before_drop_index(indexes text[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF cardinality(indexes) > 1 AND EXISTS (
            SELECT FROM pg_catalog.pg_index i WHERE citus_internal.kind(i.indrelid) IS NOT NULL
               AND i.indexrelid IN (SELECT to_regclass(name) FROM unnest(indexes) name)) THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot drop multiple distributed objects in a single command',
            hint => 'Try dropping each object in a separate DROP command.');
    END IF;
END $$;

-- PreprocessReindexStmt (commands/index.c:641)
CREATE FUNCTION citus_internal.before_reindex(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    indexed oid := coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = relation), relation);
BEGIN
    IF citus_internal.kind(indexed) IS NOT NULL AND citus_internal.relkind(indexed) = 'p' THEN
        PERFORM citus_internal.refuse('0A000',
            'REINDEX TABLE queries on distributed partitioned tables are not supported');
    END IF;
END $$;

-- PreprocessClusterStmt (commands/cluster.c:96)
CREATE FUNCTION citus_internal.before_cluster(relation oid, is_verbose boolean) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF is_verbose AND citus_internal.kind(relation) IS NOT NULL
       AND citus_internal.relkind(relation) <> 'p' THEN
        PERFORM citus_internal.refuse('XX000',
            'cannot run CLUSTER command',
            detail => 'VERBOSE option is currently unsupported for distributed tables.');
    END IF;
END $$;

-- PreprocessCreateStatisticsStmt (commands/statistics.c:84), AppendColumnNames (deparser/deparse_statistics_stmts.c:246)
CREATE FUNCTION citus_internal.before_create_statistics(relation oid, facts jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NULL THEN
        RETURN;
    ELSIF (facts ->> 'named')::boolean THEN
        IF (facts ->> 'expression')::boolean THEN
            PERFORM citus_internal.refuse('0A000', 'only simple column references are allowed in CREATE STATISTICS');
        END IF;
    ELSE
        PERFORM citus_internal.refuse('0A000',
            'cannot create statistics without a name on a Citus table',
            hint => 'Consider specifying a name for the statistics');
    END IF;
END $$;

-- PreprocessGrantStmt (commands/grant.c:95)
CREATE FUNCTION citus_internal.before_column_grant(relations text[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(relations) name WHERE citus_internal.kind(to_regclass(name)) IS NOT NULL) THEN
        PERFORM citus_internal.refuse('0A000', 'grant/revoke on column list is currently unsupported');
    END IF;
END $$;

-- ErrorIfUnsupportedRenameStmt (commands/rename.c:202)
CREATE FUNCTION citus_internal.before_rename_constraint(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) IS NOT NULL THEN
        PERFORM citus_internal.refuse('0A000',
            'renaming constraints belonging to distributed tables is currently unsupported');
    END IF;
END $$;

-- PostprocessCreateTableStmt (commands/table.c:261, 285), once the table is there
CREATE FUNCTION citus_internal.check_inheritance(child oid, parent oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.is_tenant_schema(citus_internal.schema_of(child))
       OR citus_internal.is_tenant_schema(citus_internal.schema_of(parent)) THEN
        PERFORM citus_internal.refuse('XX000', 'tables in a distributed schema cannot inherit or be inherited');
    ELSIF citus_internal.kind(parent) IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000', 'non-distributed tables cannot inherit distributed tables');
    END IF;
END $$;
