-- Sequences behind column defaults: one sequence, one type, and nobody changes it afterwards.

-- GetDependentSequencesWithRelation (commands/table.c:2802): the sequences in the defaults of a table's columns
CREATE FUNCTION citus_internal.default_sequences(relation oid) RETURNS TABLE (attnum smallint, sequences oid[])
LANGUAGE sql STABLE AS $$
    SELECT a.adnum, array_agg(DISTINCT d.refobjid)
      FROM pg_catalog.pg_attrdef a
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = a.oid
                                 AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
     WHERE a.adrelid = relation
     GROUP BY a.adnum ORDER BY a.adnum
$$;

-- EnsureRelationHasCompatibleSequenceTypes, EnsureSequenceTypeSupported (create_distributed_table.c:1727)
CREATE FUNCTION citus_internal.check_sequence_types(relation oid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    used record;
    other record;
    type oid;
BEGIN
    FOR used IN SELECT * FROM citus_internal.default_sequences(relation) LOOP
        IF cardinality(used.sequences) > 1 THEN  -- table.c:2867
            PERFORM citus_internal.refuse('XX000',
                'More than one sequence in a column default is not '
                    'supported for distribution or for adding local tables to metadata');
        END IF;
        SELECT a.atttypid INTO type FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attnum = used.attnum;
        SELECT d.adrelid, d.adnum INTO other
          FROM pg_catalog.pg_depend p
          JOIN pg_catalog.pg_attrdef d ON d.oid = p.objid
          JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
         WHERE p.classid = 'pg_catalog.pg_attrdef'::regclass AND p.refobjid = used.sequences[1] AND a.atttypid <> type
           AND (d.adrelid = relation OR citus_internal.kind(d.adrelid) IS NOT NULL) LIMIT 1;
        IF other.adrelid IS NOT NULL THEN
            PERFORM citus_internal.refuse('XX000',
                format('The sequence %s is already used for a different type in column %s of the table %s',
                    citus_internal.qualified_name(used.sequences[1]), other.adnum, citus_internal.qualified_name(other.adrelid)));
        END IF;
        IF type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)  -- AlterSequenceType
           AND (SELECT s.seqtypid <> type FROM pg_catalog.pg_sequence s WHERE s.seqrelid = used.sequences[1]) THEN
            EXECUTE format('ALTER SEQUENCE %s AS %s', citus_internal.qualified_name(used.sequences[1]), type::regtype);
        END IF;
    END LOOP;
END $$;

-- SequenceUsedInDistributedTable: by a column's default, or as its serial or identity sequence. Such a sequence is
-- a distributed object itself as soon as the table is one.
CREATE FUNCTION citus_internal.is_distributed_sequence(sequence oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef a ON a.oid = d.objid
                    WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                      AND d.refobjid = sequence AND citus_internal.kind(a.adrelid) IS NOT NULL)
        OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = sequence AND d.deptype IN ('i', 'a')
                      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND citus_internal.kind(d.refobjid) IS NOT NULL)
$$;

-- ErrorIfUnsupportedSeqStmt (commands/sequence.c:57)
CREATE FUNCTION citus_internal.after_create_sequence(sequence oid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = sequence AND d.deptype = 'a'
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND citus_internal.kind(d.refobjid) IS NOT NULL) THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot create sequences that specify a distributed table in their OWNED BY option',
            hint => 'Use a sequence in a distributed table by specifying a serial column type before creating any shards.');
    END IF;
END $$;

-- ALTER SEQUENCE but for its owner, name and schema: ErrorIfDistributedAlterSeqOwnedBy (commands/sequence.c:107), then
-- PreprocessAlterSequenceStmt (:466). `owned_by` is the table that OWNED BY names, or 'none'.
CREATE FUNCTION citus_internal.before_alter_sequence(sequence oid, owned_by text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    owner oid := (SELECT d.refobjid FROM pg_catalog.pg_depend d
                   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = sequence AND d.deptype IN ('a', 'i')
                     AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 LIMIT 1);
BEGIN
    IF owned_by IS NOT NULL AND citus_internal.kind(owner) IS NOT NULL
       AND to_regclass(owned_by) IS DISTINCT FROM owner::regclass THEN
        PERFORM citus_internal.refuse('0A000',
            'cannot alter OWNED BY option of a sequence already owned by a distributed table');
    ELSIF citus_internal.is_distributed_sequence(sequence) THEN
        PERFORM citus_internal.refuse('XX000', 'Altering a distributed sequence is currently not supported.');
    END IF;
END $$;
