-- Who may change the metadata. Everything else in this extension runs as its caller and looks at catalogs that
-- everybody may read; the functions of this file alone run as the extension's owner. They write what they are told,
-- but only about tables and schemas whose owner the session may act as, so nobody gains power over others' tables.

-- EnsureTableOwner (metadata_utility.c): asked of the current user, before anything else
CREATE FUNCTION citus_internal.ensure_table_owner(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT (SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid = relation) THEN
        PERFORM citus_internal.refuse('42501', format('must be owner of table %s', citus_internal.name_of(relation)));
    END IF;
END $$;

-- EnsureSchemaOwner
CREATE FUNCTION citus_internal.ensure_schema_owner(schema regnamespace) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT (SELECT pg_has_role(current_user, n.nspowner, 'USAGE') FROM pg_catalog.pg_namespace n WHERE n.oid = schema) THEN
        PERFORM citus_internal.refuse('42501',
            format('must be owner of schema %s',
                (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = schema)));
    END IF;
END $$;

-- In a function of the extension's owner, the session's user is all that is left of the caller: MEMBER, since the
-- caller may have come here by SET ROLE.
CREATE FUNCTION citus_internal.guard_table(relation oid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce((SELECT pg_has_role(session_user, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = relation), true) THEN
        PERFORM citus_internal.refuse('42501', format('must be owner of table %s', relation::regclass));
    END IF;
END $$;

-- DeleteColocationGroupIfNoTablesBelong
CREATE FUNCTION citus_internal.forget_group_if_empty(colocation integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM pg_dist_colocation c WHERE c.colocationid = colocation
       AND NOT EXISTS (SELECT FROM pg_dist_partition p WHERE p.colocationid = c.colocationid)
       AND NOT EXISTS (SELECT FROM pg_dist_schema s WHERE s.colocationid = c.colocationid)
$$;

-- InsertIntoPgDistPartition; replaces what is known of a Citus-local table
CREATE FUNCTION citus_internal.write_table(
    relation regclass, method "char", key text, colocation integer, replication "char", converted boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    left_group integer := (SELECT p.colocationid FROM pg_dist_partition p WHERE p.logicalrelid = relation);
BEGIN
    PERFORM citus_internal.guard_table(relation);
    INSERT INTO pg_dist_partition VALUES (relation, method, key, colocation, replication, converted)
    ON CONFLICT (logicalrelid) DO UPDATE SET partmethod = excluded.partmethod, partkey = excluded.partkey,
        colocationid = excluded.colocationid, repmodel = excluded.repmodel, autoconverted = excluded.autoconverted;
    PERFORM citus_internal.forget_group_if_empty(left_group);
END $$;

-- UpdatePgDistPartitionAutoConverted
CREATE FUNCTION citus_internal.write_converted(relation regclass, converted boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM citus_internal.guard_table(relation);
    UPDATE pg_dist_partition SET autoconverted = converted
     WHERE logicalrelid = relation AND autoconverted <> converted AND partmethod = 'n' AND repmodel <> 't' AND colocationid = 0;
END $$;

-- DeletePartitionRow
CREATE FUNCTION citus_internal.forget_table(relation oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    left_group integer;
BEGIN
    PERFORM citus_internal.guard_table(relation);
    DELETE FROM pg_dist_partition WHERE logicalrelid = relation::regclass RETURNING colocationid INTO left_group;
    PERFORM citus_internal.forget_group_if_empty(left_group);
END $$;

-- CreateColocationGroup
CREATE FUNCTION citus_internal.new_colocation(shards integer, factor integer, type oid, coll oid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO pg_dist_colocation VALUES (nextval('pg_dist_colocationid_seq'), shards, factor, type, coll)
    RETURNING colocationid
$$;

-- InsertTenantSchemaLocally
CREATE FUNCTION citus_internal.write_schema(schema regnamespace, colocation integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (SELECT pg_has_role(session_user, n.nspowner, 'MEMBER') FROM pg_namespace n WHERE n.oid = schema) THEN
        PERFORM citus_internal.refuse('42501', format('must be owner of schema %s', schema));
    END IF;
    INSERT INTO pg_dist_schema VALUES (schema, colocation);
END $$;

-- UnregisterTenantSchemaGlobally; without an owner to ask when the schema is gone
CREATE FUNCTION citus_internal.forget_schema(schema oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    left_group integer;
BEGIN
    IF NOT coalesce((SELECT pg_has_role(session_user, n.nspowner, 'MEMBER') FROM pg_namespace n WHERE n.oid = schema), true) THEN
        PERFORM citus_internal.refuse('42501', format('must be owner of schema %s', schema::regnamespace));
    END IF;
    DELETE FROM pg_dist_schema WHERE schemaid = schema::regnamespace RETURNING colocationid INTO left_group;
    DELETE FROM pg_dist_colocation WHERE colocationid = left_group;
END $$;

-- citus_set_coordinator_host writes the one node there is
CREATE FUNCTION citus_internal.write_coordinator(host text, port integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO pg_dist_node (nodeid, groupid, nodename, nodeport) VALUES (1, 0, host, port)
    ON CONFLICT (nodeid) DO UPDATE SET nodename = excluded.nodename, nodeport = excluded.nodeport
$$;

-- InsertCoordinatorIfClusterEmpty (metadata/node_metadata.c:2778): the first create_… call enters the coordinator
CREATE FUNCTION citus_internal.insert_coordinator_if_empty() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node) THEN
        PERFORM citus_internal.write_coordinator('localhost', current_setting('port')::integer);
    END IF;
END $$;
