-- The functions below run as their caller and look at catalogs that everybody may read; what they decide is written
-- by the functions of this file, which alone run as the extension's owner, and only for the table's owner.

-- EnsureTableOwner (metadata_utility.c): the same text and state as PostgreSQL's own
CREATE FUNCTION citus_internal.ensure_owner(relation regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_catalog.pg_class c WHERE c.oid = relation) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('must be owner of table %s', citus_internal.name_of(relation));
    END IF;
END $$;

CREATE FUNCTION citus_internal.write_table(
    relation regclass, method "char", key text, colocation integer, replication "char", converted boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (SELECT pg_has_role(session_user, c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = relation) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('must be owner of table %s', relation);
    END IF;
    INSERT INTO pg_dist_partition VALUES (relation, method, key, colocation, replication, converted)
    ON CONFLICT (logicalrelid) DO UPDATE SET partmethod = excluded.partmethod, partkey = excluded.partkey,
        colocationid = excluded.colocationid, repmodel = excluded.repmodel, autoconverted = excluded.autoconverted;
END $$;

CREATE FUNCTION citus_internal.forget_table(relation oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce((SELECT pg_has_role(session_user, c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = relation), true) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('must be owner of table %s', relation::regclass);
    END IF;
    DELETE FROM pg_dist_partition WHERE logicalrelid::oid = relation;
END $$;

-- EnsureCoordinatorIsInMetadata (node_metadata.c:2778): the first create_… call enters the coordinator
CREATE FUNCTION citus_internal.enter_coordinator(host text, port integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO pg_dist_node (nodeid, groupid, nodename, nodeport, shouldhaveshards) VALUES (1, 0, host, port, true)
    ON CONFLICT (nodeid) DO UPDATE SET nodename = excluded.nodename, nodeport = excluded.nodeport
$$;

CREATE FUNCTION citus_internal.new_colocation(shards integer, factor integer, type oid, coll oid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO pg_dist_colocation VALUES (nextval('pg_dist_colocationid_seq'), shards, factor, type, coll)
    RETURNING colocationid
$$;
