-- Keys of distributed tables: each shard enforces its own, so every key must hold the distribution column.

-- ErrorIfUnsupportedConstraint (commands/table.c:3167, message at 3225). Counts INCLUDE columns as keys, as Citus
-- does: ii_NumIndexAttrs at table.c:3198. Expressions never count. An EXCLUDE needs btree equality on the column.
CREATE FUNCTION citus_internal.check_constraints(relation oid, method "char", distribution smallint) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    key record;
BEGIN
    IF method = 'n' THEN
        RETURN;
    END IF;
    FOR key IN
        SELECT i.indexrelid, i.indisexclusion, i.indkey::int2[] AS columns, con.conexclop
          FROM pg_catalog.pg_index i
          LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = i.indexrelid AND con.contype = 'x'
         WHERE i.indrelid = relation AND (i.indisunique OR i.indisexclusion) AND i.indislive
         ORDER BY i.indexrelid
    LOOP
        IF method = 'a' THEN  -- table.c:3179
            RAISE WARNING USING ERRCODE = '0A000',
                MESSAGE = format('table "%s" has a UNIQUE or EXCLUDE constraint', citus_internal.name_of(relation)),
                DETAIL = 'UNIQUE constraints, EXCLUDE constraints, and PRIMARY KEYs on append-partitioned tables cannot '
                         'be enforced.',
                HINT = 'Consider using hash partitioning.';
        END IF;
        CONTINUE WHEN citus_internal.is_on('allow_unsafe_constraints', false);
        IF NOT EXISTS (
            SELECT FROM unnest(key.columns) WITH ORDINALITY AS each(number, position)
             WHERE each.number = distribution
               AND (NOT key.indisexclusion OR EXISTS (
                    SELECT FROM pg_catalog.pg_amop o JOIN pg_catalog.pg_am am ON am.oid = o.amopmethod
                     WHERE am.amname = 'btree' AND o.amopstrategy = 3 AND o.amopopr = key.conexclop[each.position]))
        ) THEN
            PERFORM citus_internal.refuse('0A000',
                format('cannot create constraint on "%s"', citus_internal.name_of(relation)),
                detail => 'Distributed relations cannot have UNIQUE, EXCLUDE, or PRIMARY KEY constraints that do not '
                    'include the partition column (with an equality operator if EXCLUDE).');
        END IF;
    END LOOP;
END $$;

-- The same for a table that Citus knows already.
CREATE FUNCTION citus_internal.check_constraints(relation oid) RETURNS void
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.check_constraints(p.logicalrelid, p.partmethod, citus_internal.distribution_attnum(p.logicalrelid))
      FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = relation::regclass
$$;

-- ErrorIfUnsupportedIndexStmt (commands/index.c:1188): key columns only, by name, before PostgreSQL looks at them.
CREATE FUNCTION citus_internal.check_unique_index(relation oid, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF citus_internal.kind(relation) = 'append' THEN  -- index.c:1218
        PERFORM citus_internal.refuse('0A000',
            'creating unique indexes on append-partitioned tables is currently unsupported');
    END IF;
    IF citus_internal.kind(relation) IN ('hash', 'range')
       AND NOT citus_internal.is_on('allow_unsafe_constraints', false)
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation
                          AND a.attnum = citus_internal.distribution_attnum(relation) AND a.attname = ANY (columns)) THEN
        PERFORM citus_internal.refuse('0A000',  -- index.c:1254
            'creating unique indexes on non-partition columns is currently unsupported');
    END IF;
END $$;

-- The same for an index that was just made inside a function or a DO block.
CREATE FUNCTION citus_internal.check_unique_index(index oid) RETURNS void
LANGUAGE sql STABLE AS $$
    SELECT citus_internal.check_unique_index(i.indrelid, ARRAY(
        SELECT a.attname::text FROM unnest((i.indkey::int2[])[:i.indnkeyatts - 1]) number
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = number))
      FROM pg_catalog.pg_index i WHERE i.indexrelid = index AND i.indisunique
$$;
