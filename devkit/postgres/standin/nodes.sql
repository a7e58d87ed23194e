-- Worker nodes. The stand-in has none of its own: it keeps their names, and does what it does on the coordinator.

-- citus_add_node (metadata/node_metadata.c:292 and AddNodeMetadata); a node that is there already stays as it is
CREATE FUNCTION pg_catalog.citus_add_node(
    nodename text, nodeport integer, groupid integer DEFAULT -1, noderole text DEFAULT 'primary',
    nodecluster name DEFAULT 'default'
) RETURNS integer LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    found integer := (SELECT n.nodeid FROM pg_catalog.pg_dist_node n
                       WHERE n.nodename = citus_add_node.nodename AND n.nodeport = citus_add_node.nodeport);
BEGIN
    IF found IS NOT NULL THEN
        RETURN found;
    ELSIF citus_add_node.groupid = 0 THEN
        PERFORM citus_internal.write_coordinator(citus_add_node.nodename, citus_add_node.nodeport);
        RETURN 1;
    ELSIF citus_add_node.nodename NOT IN ('localhost', '127.0.0.1', '::1')
          AND EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.groupid = 0 AND n.nodename = 'localhost') THEN  -- :2153
        PERFORM citus_internal.refuse('XX000',
            'cannot add a worker node when the coordinator hostname is set to localhost',
            'Worker nodes need to be able to connect to the coordinator to transfer data.',
            'Use SELECT citus_set_coordinator_host(''<hostname>'') to configure the coordinator hostname');
    END IF;
    INSERT INTO pg_catalog.pg_dist_node (nodeid, groupid, nodename, nodeport, noderole, nodecluster)
    SELECT greatest(max(n.nodeid), 1) + 1,
           CASE WHEN citus_add_node.groupid > 0 THEN citus_add_node.groupid ELSE coalesce(max(n.groupid), 0) + 1 END,
           citus_add_node.nodename, citus_add_node.nodeport, citus_add_node.noderole, citus_add_node.nodecluster
      FROM pg_catalog.pg_dist_node n
    RETURNING nodeid INTO found;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION pg_catalog.citus_add_node(text, integer, integer, text, name) FROM public;
