-- Citus-local tables: known to Citus, on the coordinator only.

-- citus_set_coordinator_host (metadata/node_metadata.c)
CREATE FUNCTION pg_catalog.citus_set_coordinator_host(
    host text, port integer DEFAULT current_setting('port')::integer, node_role text DEFAULT 'primary', node_cluster name DEFAULT 'default'
) RETURNS void LANGUAGE sql AS $$ SELECT citus_internal.enter_coordinator(host, port) $$;

-- citus_set_node_property: one node holds everything here, so the answer is all it changes
CREATE FUNCTION pg_catalog.citus_set_node_property(nodename text, nodeport integer, property text, value boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.nodename = citus_set_node_property.nodename
                      AND n.nodeport = citus_set_node_property.nodeport) THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('node at "%s:%s" does not exist', nodename, nodeport);
    ELSIF property <> 'shouldhaveshards' THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = 'only the ''shouldhaveshards'' property can be set using this function';
    END IF;
END $$;

-- citus_add_local_table_to_metadata (commands/citus_add_local_table_to_metadata.c)
CREATE FUNCTION pg_catalog.citus_add_local_table_to_metadata(table_name regclass, cascade_via_foreign_keys boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node) THEN  -- worker_node_manager.c:267
        RAISE EXCEPTION USING ERRCODE = 'XX000',
            MESSAGE = 'operation is not allowed when coordinator is not added into metadata',
            HINT = 'Use "SELECT citus_set_coordinator_host(''<hostname>'', <port>)" to configure the coordinator hostname';
    END IF;
    PERFORM citus_internal.ensure_owner(table_name);
    PERFORM citus_internal.write_table(table_name, 'n', NULL, 0, 's', false);
END $$;
