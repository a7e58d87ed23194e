-- The distribution column: found literally, of a type that hashes.

-- BuildDistributionKeyFromColumnName (utils/distribution_column.c:118): no case folding
CREATE FUNCTION citus_internal.find_column(relation oid, name text) RETURNS pg_catalog.pg_attribute
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found pg_catalog.pg_attribute;
BEGIN
    SELECT a.* INTO found FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = relation AND a.attname = name::name AND NOT a.attisdropped;
    IF found.attnum IS NULL THEN
        PERFORM citus_internal.refuse('42703',
            format('column "%s" of relation "%s" does not exist', name, citus_internal.name_of(relation)));
    ELSIF found.attnum < 0 THEN
        PERFORM citus_internal.refuse('0A000',
            format('cannot reference system column "%s" in relation "%s"', name, citus_internal.name_of(relation)));
    END IF;
    RETURN found;
END $$;

-- EnsureRelationCanBeDistributed (create_distributed_table.c:2109-2145), the checks of the column itself
CREATE FUNCTION citus_internal.check_column(relation oid, key pg_catalog.pg_attribute, method "char") RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text := citus_internal.name_of(relation);
BEGIN
    IF key.attgenerated = 's' THEN
        PERFORM citus_internal.refuse('0A000',
            format('cannot distribute relation: %s', name),
            detail => 'Distribution column must not use GENERATED ALWAYS AS (...) STORED.');
    END IF;
    -- numeric_typmod_scale: eleven bits, signed
    IF key.atttypid = 'numeric'::regtype AND key.atttypmod >= 4
       AND ((((key.atttypmod - 4) & 2047) # 1024) - 1024) < 0 THEN
        PERFORM citus_internal.refuse('0A000',
            format('cannot distribute relation: %s', name),
            detail => 'Distribution column must not use numeric type with negative scale');
    END IF;
    PERFORM citus_internal.check_operator_class(key.atttypid, CASE method WHEN 'h' THEN 'hash' ELSE 'btree' END);
    IF method = 'h' AND EXISTS (SELECT FROM pg_catalog.pg_collation c
                                 WHERE c.oid = key.attcollation AND NOT c.collisdeterministic) THEN
        PERFORM citus_internal.refuse('0A000',
            'Hash distributed partition columns may not use a non deterministic collation');
    END IF;
END $$;

-- SupportFunctionForColumn (create_distributed_table.c:2425, message at 2452): GetDefaultOpClass of the base type,
-- or of a type that it is binary-coercible to (varchar to text), or of the polymorphic type that it is an instance of.
CREATE FUNCTION citus_internal.check_operator_class(type oid, method name) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    base oid := type;
    kind "char";
    category "char";
    subscripted boolean;
BEGIN
    LOOP
        SELECT t.typtype, t.typcategory, t.typelem <> 0 AND t.typlen = -1 AND t.typsubscript = 'array_subscript_handler'::regproc
          INTO kind, category, subscripted FROM pg_catalog.pg_type t WHERE t.oid = base;
        EXIT WHEN kind <> 'd';
        SELECT t.typbasetype INTO base FROM pg_catalog.pg_type t WHERE t.oid = base;
    END LOOP;
    IF EXISTS (
        SELECT FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am am ON am.oid = c.opcmethod AND am.amname = method
         WHERE c.opcdefault AND (
               c.opcintype = base
            OR (c.opcintype = 'anyarray'::regtype AND subscripted)
            OR (c.opcintype = 'anyenum'::regtype AND kind = 'e')
            OR (c.opcintype = 'anyrange'::regtype AND kind = 'r')
            OR (c.opcintype = 'anymultirange'::regtype AND kind = 'm')
            OR (c.opcintype = 'record'::regtype AND kind = 'c')
            OR EXISTS (SELECT FROM pg_catalog.pg_cast x
                        WHERE x.castsource = base AND x.casttarget = c.opcintype AND x.castmethod = 'b' AND x.castcontext = 'i'))
    ) THEN
        RETURN;
    END IF;
    PERFORM citus_internal.refuse('42704',
        format('data type %s has no default operator class for specified partition method', format_type(type, NULL)),
        detail => 'Partition column types must have a default operator class defined.');
END $$;
