-- Citus-local tables: known to Citus, on the coordinator only. And the coordinator itself.

-- citus_set_coordinator_host (metadata/node_metadata.c)
CREATE FUNCTION pg_catalog.citus_set_coordinator_host(
    host text, port integer DEFAULT current_setting('port')::integer, node_role text DEFAULT 'primary',
    node_cluster name DEFAULT 'default'
) RETURNS void LANGUAGE sql STRICT AS $$ SELECT citus_internal.write_coordinator(host, port) $$;

-- citus_set_node_property (metadata/node_metadata.c:1330): one node holds everything here, so nothing moves
CREATE FUNCTION pg_catalog.citus_set_node_property(nodename text, nodeport integer, property text, value boolean)
RETURNS void LANGUAGE plpgsql STRICT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.nodename = citus_set_node_property.nodename
                      AND n.nodeport = citus_set_node_property.nodeport) THEN
        PERFORM citus_internal.refuse('XX000', format('node at "%s:%s" does not exist', nodename, nodeport));
    ELSIF property <> 'shouldhaveshards' THEN
        PERFORM citus_internal.refuse('XX000', 'only the ''shouldhaveshards'' property can be set using this function');
    END IF;
END $$;

-- citus_add_local_table_to_metadata (commands/citus_add_local_table_to_metadata.c:151)
CREATE FUNCTION pg_catalog.citus_add_local_table_to_metadata(table_name regclass, cascade_via_foreign_keys boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql STRICT AS $body$
DECLARE
    name text := citus_internal.qualified_name(table_name);
BEGIN
    PERFORM citus_internal.insert_coordinator_if_empty();
    PERFORM citus_internal.ensure_table_owner(table_name);
    IF citus_internal.kind(table_name) = 'local' THEN
        PERFORM citus_internal.write_converted(c, false) FROM citus_internal.connected_tables(table_name) c;
        RETURN;
    END IF;
    PERFORM citus_internal.ensure_can_be_local(table_name);
    IF citus_internal.has_external_foreign_keys(table_name) THEN
        IF NOT cascade_via_foreign_keys THEN  -- :276
            PERFORM citus_internal.refuse('0A000',
                format('relation %s is involved in a foreign key relationship with another table', name),
                hint => format('Use cascade_via_foreign_keys option to add all the relations involved in a foreign key '
                    'relationship with %s to citus metadata by executing SELECT citus_add_local_table_to_metadata($$%s$$, '
                    'cascade_via_foreign_keys=>true)', name, name));
        END IF;
        PERFORM citus_internal.convert_connected(table_name, false);
        RETURN;
    END IF;
    PERFORM citus_internal.ensure_no_own_keys(ARRAY(SELECT citus_internal.partitions(table_name)));
    PERFORM citus_internal.record_local(table_name, false);
END $body$;

-- ErrorIfUnsupportedCreateCitusLocalTable and the checks it calls, with ErrorIfAddingPartitionTableToMetadata (:488)
CREATE FUNCTION citus_internal.ensure_can_be_local(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    class pg_catalog.pg_class;
    parent text := citus_internal.name_of(citus_internal.partition_parent(relation));
BEGIN
    SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
    PERFORM citus_internal.ensure_table_owner(relation);
    PERFORM citus_internal.ensure_no_catalog(relation);
    IF NOT citus_internal.has_coordinator() THEN  -- worker_node_manager.c:267
        PERFORM citus_internal.refuse('XX000',
            'operation is not allowed when coordinator is not added into metadata',
            hint => 'Use "SELECT citus_set_coordinator_host(''<hostname>'', <port>)" to configure the coordinator hostname');
    ELSIF citus_internal.inherits(class) THEN  -- :642
        PERFORM citus_internal.refuse('0A000',
            format('cannot add local table "%s" to metadata, local tables '
                'added to metadata cannot be involved in inheritance relationships', class.relname));
    ELSIF class.relkind NOT IN ('r', 'f', 'p') THEN
        PERFORM citus_internal.refuse('0A000',
            format('cannot add local table "%s" to metadata, only regular '
                'tables, partitioned tables and foreign tables can be added to citus metadata ', class.relname));
    ELSIF class.relpersistence = 't' THEN  -- :669
        PERFORM citus_internal.refuse('0A000', 'constraints on temporary tables may reference only temporary tables');
    END IF;
    PERFORM citus_internal.ensure_not_distributed(relation);
    PERFORM citus_internal.ensure_no_extension_triggers(relation);
    PERFORM citus_internal.check_policies(relation);
    IF parent IS NOT NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('cannot add local table %s to metadata since it is a '
                'partition of %s. Instead, add the parent table %s to metadata.', class.relname, parent, parent));
    END IF;
END $$;

-- CreateCitusLocalTable, once all is checked; a partitioned table takes its partitions along
CREATE FUNCTION citus_internal.record_local(relation regclass, converted boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    part oid;
BEGIN
    FOR part IN SELECT citus_internal.partitions(relation) LOOP
        IF citus_internal.relkind(part) = 'p' THEN
            PERFORM citus_internal.refuse('0A000',
                'Citus does not support multi-level partitioned tables',
                detail => format('Relation "%s" is partitioned table itself so cannot be partition of relation "%s".',
                    citus_internal.name_of(part), citus_internal.name_of(relation)));
        END IF;
        PERFORM citus_internal.record_local(part, converted);
    END LOOP;
    PERFORM citus_internal.check_sequence_types(relation);
    PERFORM citus_internal.check_dependencies(relation);
    PERFORM citus_internal.write_table(relation, 'n', NULL, 0, 's', converted);
END $$;
