-- What a table needs to exist, and whether Citus can make it on every node.

-- ExpandCitusSupportedTypes and the normal rows of pg_depend (metadata/dependency.c:1264, 1537): what an object of
-- `class` needs itself. Extensions bring their own objects along.
CREATE FUNCTION citus_internal.needs(class oid, object oid) RETURNS TABLE (classid oid, objid oid)
LANGUAGE sql STABLE AS $$
    SELECT n.classid, n.objid FROM (
        SELECT d.refclassid AS classid, d.refobjid AS objid FROM pg_catalog.pg_depend d
         WHERE d.classid = class AND d.objid = object AND d.deptype = 'n'
        UNION  -- of a composite type its fields, of an array its elements
        SELECT 'pg_catalog.pg_class'::regclass, t.typrelid FROM pg_catalog.pg_type t
         WHERE class = 'pg_catalog.pg_type'::regclass AND t.oid = object AND t.typtype = 'c'
        UNION
        SELECT class, t.typelem FROM pg_catalog.pg_type t
         WHERE class = 'pg_catalog.pg_type'::regclass AND t.oid = object AND t.typcategory = 'A' AND t.typelem <> 0
        UNION  -- of a domain its constraints
        SELECT 'pg_catalog.pg_constraint'::regclass, c.oid FROM pg_catalog.pg_constraint c
         WHERE class = 'pg_catalog.pg_type'::regclass AND c.contypid = object
        UNION  -- of a table its triggers' functions, the schemas of its statistics, its sequences and its indexes
        SELECT 'pg_catalog.pg_proc'::regclass, t.tgfoid FROM pg_catalog.pg_trigger t
         WHERE class = 'pg_catalog.pg_class'::regclass AND t.tgrelid = object AND NOT t.tgisinternal
        UNION
        SELECT 'pg_catalog.pg_namespace'::regclass, s.stxnamespace FROM pg_catalog.pg_statistic_ext s
         WHERE class = 'pg_catalog.pg_class'::regclass AND s.stxrelid = object
        UNION
        SELECT 'pg_catalog.pg_class'::regclass, unnest(s.sequences) FROM citus_internal.default_sequences(object) s
         WHERE class = 'pg_catalog.pg_class'::regclass
        UNION
        SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid FROM pg_catalog.pg_index i
         WHERE class = 'pg_catalog.pg_class'::regclass AND i.indrelid = object
        UNION  -- GetDependentFunctionsWithRelation (metadata_sync.c:1789): those of its defaults, checks and policies
        SELECT f.refclassid, f.refobjid FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_depend f ON f.classid = d.classid AND f.objid = d.objid
           AND f.refclassid = 'pg_catalog.pg_proc'::regclass AND f.deptype = 'n'
         WHERE class = 'pg_catalog.pg_class'::regclass AND d.refclassid = class AND d.refobjid = object
           AND (d.deptype = 'n' OR d.deptype = 'a' AND d.refobjsubid <> 0)
        UNION  -- what a view reads
        SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_rewrite r
          JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND d.deptype = 'n'
         WHERE class = 'pg_catalog.pg_class'::regclass AND r.ev_class = object AND citus_internal.relkind(object) IN ('v', 'm')
    ) n
    WHERE n.objid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend e WHERE e.classid = n.classid AND e.objid = n.objid AND e.deptype = 'e')
$$;

-- GetAllDependenciesForObject
CREATE FUNCTION citus_internal.all_needs(class oid, object oid) RETURNS TABLE (classid oid, objid oid)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE walked(classid, objid) AS (
        SELECT n.classid, n.objid FROM citus_internal.needs(class, object) n
        UNION
        SELECT n.classid, n.objid FROM walked w CROSS JOIN LATERAL citus_internal.needs(w.classid, w.objid) n
    ) SELECT w.classid, w.objid FROM walked w
$$;

-- SupportedDependencyByCitus (metadata/dependency.c:634), without text search templates and access methods, which
-- GetUndistributableDependency lets pass (:955)
CREATE FUNCTION citus_internal.can_be_carried(class oid, object oid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    catalog name := citus_internal.name_of(class);
BEGIN
    RETURN CASE catalog
        WHEN 'pg_constraint' THEN (SELECT c.contypid <> 0 FROM pg_catalog.pg_constraint c WHERE c.oid = object)
        WHEN 'pg_namespace' THEN NOT pg_is_other_temp_schema(object) AND object <> pg_my_temp_schema()
        WHEN 'pg_type' THEN (SELECT t.typtype IN ('e', 'c', 'd') OR t.typtype = 'b' AND t.typcategory = 'A'
                               FROM pg_catalog.pg_type t WHERE t.oid = object)
        WHEN 'pg_class' THEN (SELECT c.relkind IN ('c', 'r', 'p', 'f', 'S', 'v', 'i', 'I')
                                FROM pg_catalog.pg_class c WHERE c.oid = object)
        ELSE catalog IN ('pg_am', 'pg_collation', 'pg_proc', 'pg_database', 'pg_foreign_server', 'pg_authid',
            'pg_extension', 'pg_publication', 'pg_ts_config', 'pg_ts_dict', 'pg_ts_template') END;
END $$;

-- GetUndistributableDependency (metadata/dependency.c:937): the first thing in the way, if there is one
CREATE FUNCTION citus_internal.undistributable(class oid, object oid, OUT classid oid, OUT objid oid)
LANGUAGE sql STABLE AS $$
    SELECT n.classid, n.objid FROM citus_internal.all_needs(class, object) n
     WHERE n.objid <> object AND (
         NOT citus_internal.can_be_carried(n.classid, n.objid)
         OR n.classid = 'pg_catalog.pg_class'::regclass AND citus_internal.kind(n.objid) IS NULL
            AND (SELECT c.relkind NOT IN ('S', 'c', 'v', 'i', 'I') FROM pg_catalog.pg_class c WHERE c.oid = n.objid))
     LIMIT 1
$$;

-- EnsureDependenciesCanBeDistributed (commands/dependencies.c:185), DeferErrorIfHasUnsupportedDependency
-- (metadata/dependency.c:891), DeferErrorIfCircularDependencyExists (metadata/distobject.c:264)
CREATE FUNCTION citus_internal.check_dependencies(relation oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    class CONSTANT oid := 'pg_catalog.pg_class'::regclass;
    name text := pg_describe_object(class, relation, 0);
    blocking record;
    blocking_name text;
BEGIN
    IF NOT citus_internal.is_on('enable_metadata_sync', true) THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM citus_internal.all_needs(class, relation) n WHERE n.classid = class AND n.objid = relation) THEN
        PERFORM citus_internal.refuse('0A000',
            'Citus can not handle circular dependencies between distributed objects',
            detail => format('"%s" circularly depends itself, resolve circular dependency first', name));
    END IF;
    SELECT u.classid, u.objid INTO blocking FROM citus_internal.undistributable(class, relation) u;
    IF blocking.objid IS NULL THEN
        RETURN;
    END IF;
    blocking_name := pg_describe_object(blocking.classid, blocking.objid, 0);
    IF citus_internal.can_be_carried(blocking.classid, blocking.objid) THEN
        PERFORM citus_internal.refuse('0A000',
            format('"%s" has dependency to "%s" that is not in Citus'' metadata', name, blocking_name),
            hint => format(CASE WHEN citus_internal.kind(relation) IS NULL THEN 'Distribute "%s" first to distribute "%s"'
                ELSE 'Distribute "%s" first to modify "%s" on worker nodes' END, blocking_name, name));
    END IF;
    PERFORM citus_internal.refuse('0A000',
        format('"%s" has dependency on unsupported object "%s"', name, blocking_name));
END $$;
