-- Queries, INSERT, UPDATE and DELETE at top level: what Citus's planner refuses, and what it does over all shards at once.

-- RecordRelationParallelSelectAccessForTask (transaction/relation_access_tracking.c:357): a query that no condition holds
-- to one shard reads them all at once. Lookup tables are read on one connection (RecordRelationAccessIfNonDistTable).
CREATE FUNCTION citus_internal.before_read(facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    relations oid[] := ARRAY(SELECT to_regclass(name) FROM jsonb_array_elements_text(facts -> 'relations') name
                              WHERE to_regclass(name) IS NOT NULL);
    one_shard boolean := EXISTS (
        SELECT FROM unnest(relations) r(oid) JOIN pg_catalog.pg_attribute a
            ON a.attrelid = r.oid AND a.attnum = citus_internal.distribution_attnum(r.oid)
         WHERE facts -> 'fixed' ? a.attname);
    relation oid;
BEGIN
    FOREACH relation IN ARRAY relations LOOP
        IF NOT one_shard OR citus_internal.kind(relation) IN ('reference', 'local') THEN
            PERFORM citus_internal.note_access(relation, 'SELECT');
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION citus_internal.before_write(relation oid, facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    key name;
BEGIN
    SELECT a.attname INTO key FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = relation AND a.attnum = citus_internal.distribution_attnum(relation);
    IF key IS NOT NULL AND citus_internal.columns_exist(relation, facts -> 'columns') THEN
        PERFORM citus_internal.check_row(relation, key, facts);
        IF facts -> 'changed' ? key THEN  -- TargetlistAndFunctionsSupported (planner/multi_router_planner.c:1272)
            PERFORM citus_internal.refuse('0A000', 'modifying the partition value of rows is not allowed');
        END IF;
    END IF;
    IF facts -> 'reads' <> 'null' THEN
        PERFORM citus_internal.before_read(facts -> 'reads');
    END IF;
    -- INSERT … SELECT writes to all shards at once, by its tasks or by COPY; rows of VALUES one after the other
    IF (facts ->> 'verb' <> 'INSERT' AND NOT facts -> 'fixed' ? key) OR facts -> 'width' IS NULL AND facts ? 'reads'
       OR citus_internal.kind(relation) IN ('reference', 'local') THEN
        PERFORM citus_internal.note_access(relation, 'DML');
    END IF;
END $$;

-- A misspelt column is PostgreSQL's to tell.
CREATE FUNCTION citus_internal.columns_exist(relation oid, columns jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM jsonb_array_elements_text(columns) name WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped))
$$;

-- ExtractInsertValuesList (planner/multi_router_planner.c:3578), and :3190: a row without a value in the distribution
-- column belongs nowhere. `columns` are those that VALUES fill; without names they are the table's first ones.
CREATE FUNCTION citus_internal.check_row(relation oid, key name, facts jsonb) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    filled text[] := ARRAY(SELECT jsonb_array_elements_text(facts -> 'columns'));
    place integer;
BEGIN
    IF facts ->> 'verb' <> 'INSERT' OR facts -> 'width' IS NULL THEN
        RETURN;
    ELSIF facts ->> 'columns' = '[]' THEN
        filled := ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0
                           AND NOT a.attisdropped ORDER BY a.attnum LIMIT (facts ->> 'width')::integer);
    END IF;
    place := array_position(filled, key::text);
    IF place IS NULL AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                  WHERE a.attrelid = relation AND a.attname = key AND NOT a.atthasdef AND a.attidentity = '') THEN
        PERFORM citus_internal.refuse('22004', 'cannot perform an INSERT without a partition column value');
    ELSIF facts -> 'nulls' @> to_jsonb(place - 1) THEN
        PERFORM citus_internal.refuse('22004', 'cannot perform an INSERT with NULL in the partition column');
    END IF;
END $$;

-- TRUNCATE: ExecuteTruncateStmtSequentialIfNecessary keeps to one connection from the start when a table that others refer
-- to is among them, then each table counts as touched by DDL (commands/truncate.c:64)
CREATE FUNCTION citus_internal.before_truncate(relations text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.records_access() AND EXISTS (
            SELECT FROM unnest(relations) name WHERE citus_internal.kind(to_regclass(name)) IN ('reference', 'local')
               AND EXISTS (SELECT FROM citus_internal.foreign_keys_to(to_regclass(name)))) THEN
        PERFORM citus_internal.be_sequential();
    END IF;
    PERFORM citus_internal.note_access(to_regclass(name), 'DDL') FROM unnest(relations) name;
END $$;
