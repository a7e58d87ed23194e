-- Schema-based sharding: every table of a distributed schema is a single-shard table, all in one colocation group.

-- ErrorIfTenantTable (commands/schema_based_sharding.c:917)
CREATE FUNCTION citus_internal.ensure_no_tenant_table(relation oid, operation text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.is_tenant_schema(citus_internal.schema_of(relation)) THEN
        PERFORM citus_internal.refuse('XX000',
            format(
                '%s is not allowed for %s because it belongs to a distributed schema', citus_internal.qualified_name(relation), operation));
    END IF;
END $$;

-- ErrorIfIllegalPartitioningInTenantSchema (schema_based_sharding.c:321)
CREATE FUNCTION citus_internal.check_tenant_partition(parent oid, part oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.schema_of(parent) <> citus_internal.schema_of(part) THEN
        PERFORM citus_internal.refuse('XX000',
            'partitioning within a distributed schema is not supported when '
                'the parent and the child are in different schemas');
    END IF;
END $$;

-- EnsureTableKindSupportedForTenantSchema (schema_based_sharding.c:158)
CREATE FUNCTION citus_internal.check_tenant_kind(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    class pg_catalog.pg_class;
    parent oid := citus_internal.partition_parent(relation);
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    IF class.relkind = 'f' THEN
        PERFORM citus_internal.refuse('XX000', 'cannot create a foreign table in a distributed schema');
    ELSIF parent IS NOT NULL THEN
        PERFORM citus_internal.check_tenant_partition(parent, relation);
    END IF;
    PERFORM citus_internal.check_tenant_partition(relation, p) FROM citus_internal.partitions(relation) p;
    IF citus_internal.inherits(class) THEN
        PERFORM citus_internal.refuse('XX000', 'tables in a distributed schema cannot inherit or be inherited');
    END IF;
END $$;

-- CreateTenantSchemaTable (schema_based_sharding.c:270)
CREATE FUNCTION citus_internal.create_tenant_table(relation regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM citus_internal.check_tenant_kind(relation);
    PERFORM citus_internal.create_single_shard_table(relation, 'default', s.colocationid)
       FROM pg_catalog.pg_dist_schema s WHERE s.schemaid::oid = citus_internal.schema_of(relation);
END $$;

-- ShouldUseSchemaBasedSharding (schema_based_sharding.c:63), for a schema that was just made
CREATE FUNCTION citus_internal.after_create_schema(schema regnamespace) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF citus_internal.is_on('enable_schema_based_sharding', false)
       AND (SELECT n.nspname <> 'public' FROM pg_catalog.pg_namespace n WHERE n.oid = schema) THEN
        IF EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = schema AND c.relkind IN ('r', 'p')) THEN
            PERFORM citus_internal.refuse('0A000',  -- commands/schema.c:97
                'cannot create distributed schema and table in a single statement',
                hint => 'SET citus.enable_schema_based_sharding TO off, or create the schema and table in separate commands.');
        END IF;
        PERFORM citus_internal.insert_coordinator_if_empty();
        PERFORM citus_internal.write_schema(schema, citus_internal.new_colocation(1, 1, 0, 0));
    END IF;
END $$;

-- citus_schema_distribute (schema_based_sharding.c:580)
CREATE FUNCTION pg_catalog.citus_schema_distribute(schemaname regnamespace) RETURNS void
LANGUAGE plpgsql STRICT AS $$
DECLARE
    name text;
    tables oid[];
    each oid;
    colocation integer;
BEGIN
    SELECT n.nspname INTO name FROM pg_catalog.pg_namespace n WHERE n.oid = schemaname;
    IF name IS NULL THEN  -- EnsureSchemaExist, :538
        PERFORM citus_internal.refuse('3F000', format('schema with OID %s does not exist', schemaname::oid));
    END IF;
    PERFORM citus_internal.ensure_schema_owner(schemaname);
    IF citus_internal.is_tenant_schema(schemaname) THEN
        RAISE NOTICE USING MESSAGE = format('schema %s is already distributed', name);
        RETURN;
    END IF;
    PERFORM citus_internal.check_tenant_schema_name(schemaname, name);
    tables := ARRAY(SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace = schemaname AND c.relkind IN ('r', 'p', 'f')
                    ORDER BY c.relname);
    FOREACH each IN ARRAY tables LOOP
        PERFORM citus_internal.ensure_tenant_table(each, 'citus_schema_distribute');
    END LOOP;
    RAISE NOTICE USING MESSAGE = format('distributing the schema %s', name);
    colocation := citus_internal.new_colocation(1, 1, 0, 0);
    PERFORM citus_internal.insert_coordinator_if_empty();
    FOREACH each IN ARRAY tables LOOP
        IF citus_internal.partition_parent(each) IS NULL THEN
            -- keys within the schema: those to tables further down the list are looked at below
            PERFORM citus_internal.ensure_can_be_created(each);
            PERFORM citus_internal.check_sequence_types(each);
            PERFORM citus_internal.check_distributable(each, 'single_shard', 'n', 's', NULL, colocation, 'none');
            PERFORM citus_internal.record_single_shard(each, colocation);
        END IF;
    END LOOP;
    FOREACH each IN ARRAY tables LOOP
        PERFORM citus_internal.check_foreign_keys(each);
    END LOOP;
    PERFORM citus_internal.write_schema(schemaname, colocation);
END $$;

CREATE FUNCTION citus_internal.record_single_shard(relation oid, colocation integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part oid;
BEGIN
    PERFORM citus_internal.write_table(relation, 'n', NULL, colocation, 's', false);
    FOR part IN SELECT citus_internal.partitions(relation) LOOP
        PERFORM citus_internal.check_distributable(part, 'single_shard', 'n', 's', NULL, colocation, 'none');
        PERFORM citus_internal.record_single_shard(part, colocation);
    END LOOP;
END $$;

-- citus_schema_undistribute (schema_based_sharding.c:680)
CREATE FUNCTION pg_catalog.citus_schema_undistribute(schemaname regnamespace) RETURNS void
LANGUAGE plpgsql STRICT AS $$
DECLARE
    name text;
    each oid;
BEGIN
    SELECT n.nspname INTO name FROM pg_catalog.pg_namespace n WHERE n.oid = schemaname;
    IF name IS NULL THEN  -- EnsureSchemaExist, :538
        PERFORM citus_internal.refuse('3F000', format('schema with OID %s does not exist', schemaname::oid));
    END IF;
    PERFORM citus_internal.ensure_schema_owner(schemaname);
    IF NOT citus_internal.is_tenant_schema(schemaname) THEN
        PERFORM citus_internal.refuse('XX000', format('schema %s is not distributed', name));
    END IF;
    RAISE NOTICE USING MESSAGE = format('undistributing schema %s', name);
    FOR each IN SELECT p.logicalrelid FROM pg_catalog.pg_dist_partition p
                 WHERE citus_internal.schema_of(p.logicalrelid) = schemaname
    LOOP
        PERFORM citus_internal.ensure_convertible(each);
        PERFORM citus_internal.forget_table(each);
    END LOOP;
    PERFORM citus_internal.forget_schema(schemaname);
END $$;

-- EnsureTenantSchemaNameAllowed and the extension checks (schema_based_sharding.c:408-523)
CREATE FUNCTION citus_internal.check_tenant_schema_name(schema regnamespace, name text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    refused text := CASE
        WHEN name IN ('public', 'information_schema', 'pg_catalog', 'pg_toast') THEN name
        WHEN name ~ '^pg_(toast_)?temp_' THEN 'temporary' END;
    extension text;
BEGIN
    IF refused IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000', format('%s schema cannot be distributed', refused));
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
                     AND d.objid = schema AND d.deptype = 'e') THEN
        PERFORM citus_internal.refuse('XX000',
            format('schema %s, which is owned by an extension, cannot be distributed', name));
    END IF;
    SELECT e.extname INTO extension FROM pg_catalog.pg_extension e WHERE e.extnamespace = schema ORDER BY e.oid LIMIT 1;
    IF extension IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('schema %s cannot be distributed since it is the schema of extension %s', name, extension));
    END IF;
END $$;

-- EnsureTenantTable (schema_based_sharding.c:441)
CREATE FUNCTION citus_internal.ensure_tenant_table(relation oid, operation text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM citus_internal.ensure_table_owner(relation);
    PERFORM citus_internal.check_tenant_kind(relation);
    PERFORM citus_internal.check_tenant_keys(relation);
    IF EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = relation
                  AND d.deptype = 'e') THEN  -- :466, which names the schema
        PERFORM citus_internal.refuse('XX000',
            format('schema cannot be distributed since it has table %s which is owned by an extension',
                citus_internal.schema_of(relation)::regnamespace));
    ELSIF citus_internal.kind(relation) <> 'local' THEN
        PERFORM citus_internal.refuse('XX000',
            'distributed schema cannot have distributed tables',
            hint => format('Undistribute distributed tables before ''%s''.', operation));
    END IF;
END $$;

-- EnsureFKeysForTenantTable (schema_based_sharding.c:221, 248)
CREATE FUNCTION citus_internal.check_tenant_keys(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    schema oid := citus_internal.schema_of(relation);
    key pg_catalog.pg_constraint;
BEGIN
    FOR key IN SELECT * FROM citus_internal.foreign_keys_from(relation) LOOP
        IF citus_internal.schema_of(key.confrelid) <> schema
           AND citus_internal.kind(key.confrelid) IS DISTINCT FROM 'reference' THEN
            PERFORM citus_internal.refuse('XX000',
                'foreign keys from distributed schemas can only point to the '
                    'same distributed schema or reference tables in regular schemas',
                detail => citus_internal.key_detail(key));
        END IF;
    END LOOP;
    FOR key IN SELECT * FROM citus_internal.foreign_keys_to(relation) LOOP
        IF citus_internal.schema_of(key.conrelid) <> schema THEN
            PERFORM citus_internal.refuse('XX000',
                'cannot create foreign keys to tables in a distributed schema from another schema',
                detail => citus_internal.key_detail(key));
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION citus_internal.key_detail(key pg_catalog.pg_constraint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format('"%s" references "%s" via foreign key constraint "%s"', citus_internal.qualified_name(key.conrelid),
                  citus_internal.qualified_name(key.confrelid), key.conname)
$$;

-- ALTER TABLE … SET SCHEMA: EnsureUndistributeTenantTableSafe (alter_table.c:450) on the way out of a distributed
-- schema, ConvertToTenantTableIfNecessary (table.c:4327) on the way in, which only a top-level statement takes.
CREATE FUNCTION citus_internal.after_set_schema(relation regclass, top_level boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    schema oid := citus_internal.schema_of(relation);
    old_schema oid;
BEGIN
    SELECT s.schemaid INTO old_schema FROM pg_catalog.pg_dist_partition p
      JOIN pg_catalog.pg_dist_schema s ON s.colocationid = p.colocationid AND p.colocationid <> 0
     WHERE p.logicalrelid = relation AND s.schemaid::oid <> schema;
    IF old_schema IS NOT NULL THEN
        PERFORM citus_internal.check_leaves_schema(relation, old_schema);
        PERFORM citus_internal.ensure_convertible(relation);
        PERFORM citus_internal.forget_with_partitions(relation);
    END IF;
    IF top_level AND citus_internal.is_tenant_schema(schema) AND citus_internal.kind(relation) IS DISTINCT FROM 'single_shard' THEN
        PERFORM citus_internal.ensure_tenant_table(relation, 'ALTER TABLE SET SCHEMA');
        RAISE NOTICE USING MESSAGE = format('Moving %s into distributed schema %s', citus_internal.name_of(relation),
            (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = schema));
        PERFORM citus_internal.create_tenant_table(relation);
    END IF;
END $$;

-- EnsureUndistributeTenantTableSafe (commands/alter_table.c:458, 476)
CREATE FUNCTION citus_internal.check_leaves_schema(relation oid, schema oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    schema_name text := (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = schema);
BEGIN
    IF citus_internal.partition_parent(relation) IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('set schema is not allowed for partition table %s in '
                'distributed schema %s', citus_internal.name_of(relation), schema_name),
            detail => 'partition table should be under the same distributed schema as its parent and be a distributed schema table.');
    ELSIF EXISTS (SELECT FROM citus_internal.foreign_keys_from(relation) k
                   WHERE citus_internal.kind(k.confrelid) = 'single_shard')
       OR EXISTS (SELECT FROM citus_internal.foreign_keys_to(relation) k
                   WHERE citus_internal.kind(k.conrelid) = 'single_shard') THEN
        PERFORM citus_internal.refuse('XX000',
            format('set schema is not allowed for table %s in distributed '
                'schema %s', citus_internal.name_of(relation), schema_name),
            detail => 'distributed schemas cannot have foreign keys from/to local tables or different schema');
    END IF;
END $$;
