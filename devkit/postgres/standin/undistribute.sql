-- Back to a plain table, in place: undistribute_table, and what changes a distributed table's shape.

-- undistribute_table (commands/alter_table.c:480, UndistributeTable)
CREATE FUNCTION pg_catalog.undistribute_table(table_name regclass, cascade_via_foreign_keys boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql STRICT AS $$
DECLARE
    connected oid[] := ARRAY(SELECT citus_internal.connected_tables(table_name));
    each oid;
BEGIN
    PERFORM citus_internal.ensure_table_owner(table_name);
    IF citus_internal.kind(table_name) IS NULL THEN  -- :500
        PERFORM citus_internal.refuse('XX000', 'cannot undistribute table because the table is not distributed');
    END IF;
    PERFORM citus_internal.ensure_undistributable(table_name, cascade_via_foreign_keys);
    IF cascade_via_foreign_keys THEN  -- CascadeOperationForFkeyConnectedRelations
        PERFORM citus_internal.ensure_no_own_keys(ARRAY(SELECT citus_internal.connected_tables(table_name, inherited => true)));
        FOREACH each IN ARRAY connected LOOP
            IF citus_internal.kind(each) IS NOT NULL THEN
                PERFORM citus_internal.ensure_undistributable(each, true);
                PERFORM citus_internal.forget_with_partitions(each);
            END IF;
        END LOOP;
    ELSE
        PERFORM citus_internal.forget_with_partitions(table_name);
    END IF;
END $$;

-- ErrorIfAnyPartitionRelationInvolvedInNonInheritedFKey (commands/cascade_table_operation_for_connected_relations.c:236)
CREATE FUNCTION citus_internal.ensure_no_own_keys(relations oid[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := (
        SELECT citus_internal.qualified_name(r) FROM unnest(relations) WITH ORDINALITY AS each(r, place)
         WHERE citus_internal.partition_parent(r) IS NOT NULL
           AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
                          AND r IN (k.conrelid, k.confrelid)) ORDER BY place LIMIT 1);
BEGIN
    IF name IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot cascade operation via foreign keys as partition table %s involved in a foreign key relationship '
                'that is not inherited from its parent table', name),
            hint => format('Remove non-inherited foreign keys from %s and try operation again', name));
    END IF;
END $$;

CREATE FUNCTION citus_internal.forget_with_partitions(relation oid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM citus_internal.forget_table(p) FROM citus_internal.partitions(relation) p;
    PERFORM citus_internal.forget_table(relation);
END $$;

CREATE FUNCTION citus_internal.ensure_undistributable(relation regclass, over_keys boolean) RETURNS void
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    name text := citus_internal.name_of(relation);
    hint text := format('Use cascade option to undistribute all the relations involved in a foreign key relationship with '
        '%1$s by executing SELECT undistribute_table($$%1$s$$, cascade_via_foreign_keys=>true)',
        citus_internal.qualified_name(relation));
BEGIN
    IF citus_internal.kind(relation) = 'single_shard' THEN
        PERFORM citus_internal.ensure_no_tenant_table(relation, 'undistribute_table');
    END IF;
    IF NOT over_keys AND EXISTS (SELECT FROM citus_internal.foreign_keys_from(relation)) THEN  -- EnsureTableNotReferencing, :1233
        PERFORM citus_internal.refuse('XX000',
            format('cannot complete operation because table %s has a foreign key', name),
            hint => hint);
    ELSIF NOT over_keys AND EXISTS (SELECT FROM citus_internal.foreign_keys_to(relation)) THEN  -- EnsureTableNotReferenced, :1262
        PERFORM citus_internal.refuse('XX000',
            format('cannot complete operation because table %s is referenced by a foreign key', name),
            hint => hint);
    END IF;
    PERFORM citus_internal.ensure_no_partition(relation);
    PERFORM citus_internal.ensure_no_own_keys(ARRAY(SELECT citus_internal.partitions(relation)));  -- :531
    PERFORM citus_internal.ensure_convertible(relation);
END $body$;

-- EnsureTableNotPartition (commands/alter_table.c:1305)
CREATE FUNCTION citus_internal.ensure_no_partition(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    parent oid := citus_internal.partition_parent(relation);
BEGIN
    IF parent IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            'cannot complete operation because table is a partition',
            hint => format('the parent table is "%s"', citus_internal.name_of(parent)));
    END IF;
END $$;

-- DoesCascadeDropUnsupportedObject (commands/alter_table.c:1593): a table with all that would be dropped with it
CREATE FUNCTION citus_internal.all_depending(relation oid) RETURNS TABLE (classid oid, objid oid)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE walked(classid, objid) AS (
        SELECT 'pg_catalog.pg_class'::regclass::oid, relation
        UNION
        SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass::oid END, coalesce(r.ev_class, d.objid)
          FROM walked w
          JOIN pg_catalog.pg_depend d ON d.refclassid = w.classid AND d.refobjid = w.objid
          LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
    ) SELECT w.classid, w.objid FROM walked w
$$;

-- ErrorIfUnsupportedCascadeObjects (commands/alter_table.c:1569) and ErrorIfTableHasIdentityColumn (table.c:4219):
-- Citus makes the table anew
CREATE FUNCTION citus_internal.ensure_convertible(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM citus_internal.all_depending(relation) d
                 JOIN pg_catalog.pg_depend e ON e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e') THEN
        PERFORM citus_internal.refuse('XX000', 'cannot alter table because an extension depends on it');
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = relation AND a.attidentity <> '' AND NOT a.attisdropped) THEN
        PERFORM citus_internal.refuse('0A000', 'cannot complete operation on a table with identity column');
    END IF;
END $$;
