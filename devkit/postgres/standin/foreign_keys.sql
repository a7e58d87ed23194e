-- Foreign keys: rows that refer to each other must lie on the same node.

-- GetForeignKeyOids (commands/foreign_constraint.c): a partition's inherited keys are its parent's business
CREATE FUNCTION citus_internal.foreign_keys_from(relation oid) RETURNS SETOF pg_catalog.pg_constraint
LANGUAGE sql STABLE AS $$
    SELECT c.* FROM pg_catalog.pg_constraint c
     WHERE c.conrelid = relation AND c.contype = 'f' AND c.conparentid = 0 ORDER BY c.conname
$$;

CREATE FUNCTION citus_internal.foreign_keys_to(relation oid) RETURNS SETOF pg_catalog.pg_constraint
LANGUAGE sql STABLE AS $$
    SELECT c.* FROM pg_catalog.pg_constraint c
     WHERE c.confrelid = relation AND c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid
$$;

-- TableHasExternalForeignKeys: with any other table
CREATE FUNCTION citus_internal.has_external_foreign_keys(relation oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0
                      AND relation IN (c.conrelid, c.confrelid) AND c.conrelid <> c.confrelid)
$$;

-- GetForeignKeyConnectedRelationIdList (utils/foreign_key_relationship.c): the table, and all that keys lead to or from;
-- over inherited keys also the partitions that they lead to
CREATE FUNCTION citus_internal.connected_tables(relation oid, inherited boolean DEFAULT false) RETURNS SETOF oid
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE keys AS (
        SELECT c.conrelid AS one, c.confrelid AS other FROM pg_catalog.pg_constraint c
         WHERE c.contype = 'f' AND (inherited OR c.conparentid = 0)
        UNION ALL
        SELECT c.confrelid, c.conrelid FROM pg_catalog.pg_constraint c
         WHERE c.contype = 'f' AND (inherited OR c.conparentid = 0)
    ), reached(id) AS (
        SELECT relation UNION SELECT k.other FROM reached r JOIN keys k ON k.one = r.id
    ) SELECT id FROM reached ORDER BY id
$$;

-- ShouldEnableLocalReferenceForeignKeys (commands/table.c)
CREATE FUNCTION citus_internal.converts_local_tables() RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.is_on('enable_local_reference_table_foreign_keys', true) AND citus_internal.has_coordinator()
$$;

-- ErrorIfUnsupportedForeignConstraintExists (commands/foreign_constraint.c:196), for a table of this kind that need
-- not be in the metadata yet. `only_citus`: the keys with plain tables are looked at later, when those are converted.
CREATE FUNCTION citus_internal.check_foreign_keys(
    relation oid, kind text, replication "char", distribution smallint, colocation integer, only_citus boolean DEFAULT false
) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    key pg_catalog.pg_constraint;
    referenced pg_catalog.pg_dist_partition;
    referenced_kind text;
    referenced_distribution smallint;
    referenced_colocation integer;
    referenced_name text;
BEGIN
    FOR key IN SELECT * FROM citus_internal.foreign_keys_from(relation) LOOP
        referenced_name := citus_internal.name_of(key.confrelid);
        IF key.confrelid = relation THEN
            referenced_kind := kind;
            referenced_distribution := distribution;
            referenced_colocation := colocation;
        ELSE
            SELECT p.* INTO referenced FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = key.confrelid::regclass;
            IF referenced.logicalrelid IS NULL THEN
                CONTINUE WHEN only_citus;
                IF kind = 'local' THEN  -- ErrorOutForFKeyBetweenPostgresAndCitusLocalTable, :629
                    PERFORM citus_internal.refuse('0A000',
                        format('cannot create foreign key constraint as "%s" is a postgres local table', referenced_name),
                        hint => format('first add local table to citus metadata by using SELECT '
                            'citus_add_local_table_to_metadata(''%s'') and execute the ALTER TABLE command to create the '
                            'foreign key to local table', referenced_name));
                END IF;
                PERFORM citus_internal.refuse('42P16',  -- :235
                    format('referenced table "%s" must be a distributed table or a reference table', referenced_name),
                    detail => 'To enforce foreign keys, the referencing and referenced rows need to be stored on the same node.',
                    hint => citus_internal.create_reference_table_hint(referenced_name));
            END IF;
            referenced_kind := citus_internal.kind_of(referenced.partmethod, referenced.repmodel, referenced.colocationid);
            referenced_distribution := citus_internal.distribution_attnum(key.confrelid);
            referenced_colocation := referenced.colocationid;
        END IF;
        PERFORM citus_internal.check_set_default(key);
        IF kind IN ('local', 'reference') AND referenced_kind IN ('local', 'reference') THEN
            -- EnsureSupportedFKeyBetweenCitusLocalAndRefTable, :532
            IF kind = 'reference' AND referenced_kind = 'local'
               AND (key.confdeltype NOT IN ('a', 'r') OR key.confupdtype NOT IN ('a', 'r')) THEN
                PERFORM citus_internal.refuse('0A000',
                    'cannot define foreign key constraint, foreign keys from '
                        'reference tables to local tables can only be defined with NO ACTION or RESTRICT behaviors',
                    hint => citus_internal.create_reference_table_hint(referenced_name));
            END IF;
            CONTINUE;
        ELSIF kind IN ('local', 'reference') THEN  -- :317
            PERFORM citus_internal.refuse('0A000',
                'cannot create foreign key constraint since foreign keys '
                    'from reference tables and local tables to distributed tables are not supported',
                detail => 'Reference tables and local tables can only have foreign keys to reference tables and local tables');
        ELSIF referenced_kind <> 'reference' AND (colocation = 0 OR colocation <> referenced_colocation) THEN  -- :338
            PERFORM citus_internal.refuse('0A000',
                'cannot create foreign key constraint since relations '
                    'are not colocated or not referencing a reference table',
                detail => 'A distributed table can only have foreign keys if it is referencing another colocated hash '
                    'distributed table or a reference table');
        END IF;
        PERFORM citus_internal.check_distribution_in_key(key, distribution);
        IF referenced_kind NOT IN ('local', 'reference', 'single_shard')
           AND array_position(key.conkey, distribution)
               IS DISTINCT FROM coalesce(array_position(key.confkey, referenced_distribution), -1) THEN  -- :379
            PERFORM citus_internal.refuse('0A000',
                'cannot create foreign key constraint',
                detail => 'Foreign keys are supported in two cases, either in between two colocated tables including partition '
                    'column in the same ordinal in the both tables or from distributed to reference tables');
        END IF;
        IF replication = 'c' THEN  -- EnsureReferencingTableNotReplicated, :610
            PERFORM citus_internal.refuse('0A000',
                'cannot create foreign key constraint',
                detail => 'Citus currently supports foreign key constraints only for "citus.shard_replication_factor = 1".',
                hint => 'Please change "citus.shard_replication_factor to 1". To learn more about using foreign keys with other '
                    'replication factors, please contact us at https://citusdata.com/about/contact_us.');
        END IF;
    END LOOP;
END $$;

-- USE_CREATE_REFERENCE_TABLE_HINT (commands/foreign_constraint.c)
CREATE FUNCTION citus_internal.create_reference_table_hint(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('You could use SELECT create_reference_table(''%s'') to replicate the referenced table to all nodes '
                  'or consider dropping the foreign key', name)
$$;

-- EnsureSupportedFKeyOnDistKey (commands/foreign_constraint.c:559, 576)
CREATE FUNCTION citus_internal.check_distribution_in_key(key pg_catalog.pg_constraint, distribution smallint) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF array_position(key.conkey, distribution) IS NULL THEN
        RETURN;
    ELSIF key.confdeltype IN ('n', 'd') THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot create foreign key constraint',
            detail => 'SET NULL or SET DEFAULT is not supported in ON DELETE operation when distribution key is included '
                'in the foreign key constraint');
    ELSIF key.confupdtype IN ('n', 'd', 'c') THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot create foreign key constraint',
            detail => 'SET NULL, SET DEFAULT or CASCADE is not supported in ON UPDATE operation when distribution key '
                'included in the foreign constraint.');
    END IF;
END $$;

-- ForeignKeySetsNextValColumnToDefault (commands/foreign_constraint.c:277): shards have no nextval defaults
CREATE FUNCTION citus_internal.check_set_default(key pg_catalog.pg_constraint) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    defaulting smallint[] := CASE
        WHEN key.confupdtype = 'd' THEN key.conkey
        WHEN key.confdeltype = 'd' THEN coalesce(key.confdelsetcols, key.conkey) END;
BEGIN
    IF defaulting IS NOT NULL AND EXISTS (
            SELECT FROM citus_internal.default_sequences(key.conrelid) s WHERE s.attnum = ANY (defaulting)) THEN
        PERFORM citus_internal.refuse('XX000',
            'cannot create foreign key constraint since Citus does not '
                'support ON DELETE / UPDATE SET DEFAULT actions on the columns that default to sequences');
    END IF;
END $$;

-- The same for a table that is in the metadata.
CREATE FUNCTION citus_internal.check_foreign_keys(relation oid) RETURNS void
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.check_foreign_keys(relation, citus_internal.kind_of(p.partmethod, p.repmodel, p.colocationid),
               p.repmodel, citus_internal.distribution_attnum(relation), p.colocationid)
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass
$$;

-- After keys came to be: ATDefinesFKeyBetweenPostgresAndCitusLocalOrRef, ConvertPostgresLocalTablesToCitusLocalTables
-- (commands/table.c:1822), then the check of ErrorIfUnsupportedAlterAddConstraintStmt (:4105).
CREATE FUNCTION citus_internal.after_foreign_key(referencing oid, referenced oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    from_kind text := citus_internal.kind(referencing);
    to_kind text := citus_internal.kind(referenced);
BEGIN
    IF citus_internal.converts_local_tables() AND referencing <> referenced THEN
        IF from_kind IS NULL AND to_kind IN ('reference', 'local') THEN
            PERFORM citus_internal.convert_connected(referencing, true);
        ELSIF to_kind IS NULL AND from_kind IN ('reference', 'local') THEN
            PERFORM citus_internal.convert_connected(referenced, true);
        END IF;
        PERFORM citus_internal.spread_user_conversion(referencing, referenced);
    END IF;
    PERFORM citus_internal.check_foreign_keys(referencing);
END $$;

-- ShouldMarkConnectedRelationsNotAutoConverted (commands/table.c:1757): what one of them got from the user, all have
CREATE FUNCTION citus_internal.spread_user_conversion(one oid, other oid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT p.autoconverted) = 2 FROM pg_catalog.pg_dist_partition p
         WHERE p.logicalrelid IN (one::regclass, other::regclass) AND citus_internal.kind(p.logicalrelid) = 'local') THEN
        PERFORM citus_internal.write_converted(c, false) FROM citus_internal.connected_tables(one) c
          WHERE citus_internal.kind(c) = 'local';
    END IF;
END $$;

-- CascadeOperationForFkeyConnectedRelations: every plain table that keys lead to becomes Citus-local, and their keys
-- are then looked at again.
CREATE FUNCTION citus_internal.convert_connected(relation oid, converted boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    connected oid[] := ARRAY(SELECT citus_internal.connected_tables(relation));
    each oid;
BEGIN
    PERFORM citus_internal.ensure_no_own_keys(ARRAY(SELECT citus_internal.connected_tables(relation, inherited => true)));
    FOREACH each IN ARRAY connected LOOP
        IF citus_internal.kind(each) IS NULL THEN
            PERFORM citus_internal.ensure_can_be_local(each);
            PERFORM citus_internal.record_local(each, converted);
        END IF;
    END LOOP;
    FOREACH each IN ARRAY connected LOOP
        PERFORM citus_internal.check_foreign_keys(each);
    END LOOP;
END $$;

-- UndistributeDisconnectedCitusLocalTables (commands/utility_hook.c:956): a table that a key alone made Citus-local is
-- plain again when no reference table is left at the end of its keys.
CREATE FUNCTION citus_internal.release_disconnected() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    each oid;
BEGIN
    IF NOT citus_internal.converts_local_tables() THEN
        RETURN;
    END IF;
    FOR each IN SELECT p.logicalrelid FROM pg_catalog.pg_dist_partition p
                 WHERE p.autoconverted AND citus_internal.partition_parent(p.logicalrelid) IS NULL ORDER BY 1
    LOOP
        IF NOT EXISTS (SELECT FROM citus_internal.connected_tables(each) c WHERE citus_internal.kind(c) = 'reference') THEN
            PERFORM citus_internal.forget_table(c) FROM citus_internal.partitions(each) c;
            PERFORM citus_internal.forget_table(each);
        END IF;
    END LOOP;
END $$;
