-- Colocation: which shards lie together. Groups are told by shard count, replication factor, type and collation.

CREATE FUNCTION citus_internal.factor() RETURNS integer
LANGUAGE sql STABLE AS $$ SELECT citus_internal.setting('shard_replication_factor', '1')::integer $$;

-- ColocationIdForNewTable (create_distributed_table.c:1870): the default group of the column's type, or a new one;
-- 'none' always a new one, and never the default of anybody after it.
CREATE FUNCTION citus_internal.default_colocation(key pg_catalog.pg_attribute, colocate_with text, shards integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    found integer;
BEGIN
    IF colocate_with = 'default' THEN
        -- ColocationId (colocation_utils.c): the lowest id whose tables did not ask for a group of their own
        SELECT min(c.colocationid) INTO found FROM pg_catalog.pg_dist_colocation c
         WHERE c.shardcount = shards AND c.replicationfactor = citus_internal.factor()
           AND c.distributioncolumntype = key.atttypid AND c.distributioncolumncollation = key.attcollation
           AND EXISTS (SELECT FROM pg_catalog.pg_dist_partition p WHERE p.colocationid = c.colocationid)
           AND NOT EXISTS (SELECT FROM citus_internal.own_groups o WHERE o.colocationid = c.colocationid);
        IF found IS NOT NULL THEN
            RETURN found;
        END IF;
    END IF;
    found := citus_internal.new_colocation(shards, citus_internal.factor(), key.atttypid, key.attcollation);
    IF colocate_with = 'none' THEN
        PERFORM citus_internal.mark_own_group(found);
    END IF;
    RETURN found;
END $$;

CREATE TABLE citus_internal.own_groups (colocationid integer PRIMARY KEY);
GRANT SELECT ON citus_internal.own_groups TO public;

CREATE FUNCTION citus_internal.mark_own_group(id integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO citus_internal.own_groups VALUES (id) ON CONFLICT DO NOTHING
$$;

-- EnsureTableCanBeColocatedWith (utils/colocation_utils.c:1420-1497): the group of a table named in colocate_with
CREATE FUNCTION citus_internal.colocation_with(relation oid, key pg_catalog.pg_attribute, target text) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    source regclass := citus_internal.existing(target);
    kind text;
    source_key pg_catalog.pg_attribute;
BEGIN
    kind := citus_internal.kind(source);
    IF kind IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('relation %s is not distributed', citus_internal.name_of(source));
    END IF;
    IF kind IN ('append', 'local', 'single_shard') AND key.attnum IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = 'cannot distribute relation',
            DETAIL = 'Currently, colocate_with option is not supported with append / range distributed tables and '
                     'local tables added to metadata.';
    END IF;
    SELECT a.* INTO source_key FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = source AND a.attnum = citus_internal.distribution_attnum(source);
    IF (key.atttypid, key.attcollation) IS DISTINCT FROM (source_key.atttypid, source_key.attcollation) THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('cannot colocate tables %s and %s',
                citus_internal.name_of(source), citus_internal.name_of(relation)),
            DETAIL = format('Distribution column types don''t match for %s and %s.',
                citus_internal.name_of(source), citus_internal.name_of(relation));
    END IF;
    RETURN (SELECT p.colocationid FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = source);
END $$;

-- RangeVarGetRelidExtended with missing_ok false: the text that a missing colocate_with table gives
CREATE FUNCTION citus_internal.existing(name text) RETURNS regclass
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN name::regclass;
END $$;
