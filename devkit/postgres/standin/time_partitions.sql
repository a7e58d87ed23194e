-- Partitions by time: what is there, what is missing, and the calls that make and drop them. They only make and drop
-- tables, which the rules of partitions.sql look at like any others.

-- time_partition_range (utils/multi_partitioning_utils.c): the bounds of a partition by range of one column. Two empty
-- texts for a default partition; NULL for MINVALUE and MAXVALUE.
CREATE FUNCTION pg_catalog.time_partition_range(table_name regclass, OUT lower_bound text, OUT upper_bound text)
LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    bound text := (SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_catalog.pg_class c WHERE c.oid = table_name);
    found text[] := regexp_match(bound, '^FOR VALUES FROM \((.*)\) TO \((.*)\)$');
    value text;
BEGIN
    IF bound IS NULL THEN
        PERFORM citus_internal.refuse('XX000',
            format('relation %s is not a partition', quote_ident(citus_internal.name_of(table_name))));
    ELSIF bound = 'DEFAULT' THEN
        lower_bound := '';
        upper_bound := '';
    ELSIF found IS NOT NULL THEN
        lower_bound := CASE WHEN found[1] NOT IN ('MINVALUE', 'MAXVALUE') THEN citus_internal.constant(found[1]) END;
        upper_bound := CASE WHEN found[2] NOT IN ('MINVALUE', 'MAXVALUE') THEN citus_internal.constant(found[2]) END;
    END IF;
END $$;

-- The value of a constant as PostgreSQL writes it
CREATE FUNCTION citus_internal.constant(written text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN written LIKE '''%''' THEN replace(substr(written, 2, length(written) - 2), '''''', '''') ELSE written END
$$;

-- sql/udfs/time_partitions
CREATE VIEW citus.time_partitions AS
SELECT p.partrelid::regclass AS parent_table, a.attname AS partition_column, c.oid::regclass AS partition,
       b.lower_bound AS from_value, b.upper_bound AS to_value, m.amname AS access_method
  FROM pg_catalog.pg_partitioned_table p
  JOIN pg_catalog.pg_inherits i ON i.inhparent = p.partrelid
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relpartbound IS NOT NULL
  JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = (p.partattrs::int2[])[0]
  LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
 CROSS JOIN LATERAL pg_catalog.time_partition_range(c.oid) b
 WHERE p.partstrat = 'r' AND p.partnatts = 1
 ORDER BY p.partrelid::regclass::text, b.lower_bound;
ALTER VIEW citus.time_partitions SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.time_partitions TO public;

-- The type of the one column that a table is partitioned by, which times can be told from (the checks at the beginning
-- of get_missing_time_partition_ranges and drop_old_time_partitions)
CREATE FUNCTION citus_internal.time_partition_type(relation regclass) RETURNS regtype
LANGUAGE plpgsql STABLE AS $$
DECLARE
    columns integer;
    type oid;
BEGIN
    SELECT p.partnatts, a.atttypid INTO columns, type
      FROM pg_catalog.pg_partitioned_table p
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = (p.partattrs::int2[])[0]
     WHERE p.partrelid = relation;
    IF columns IS NULL THEN
        PERFORM citus_internal.refuse('P0001', format('%s is not partitioned', relation));
    ELSIF columns <> 1 THEN
        PERFORM citus_internal.refuse('P0001', 'partitioned tables with multiple partition columns are not supported');
    ELSIF type NOT IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) AND (
            SELECT count(*) < 2 FROM pg_catalog.pg_cast c
             WHERE (c.castsource, c.casttarget) IN ((type, 'timestamptz'::regtype), ('timestamptz'::regtype, type))) THEN
        PERFORM citus_internal.refuse('P0001',
            format('type of the partition column of the table %s must be date, timestamp or timestamptz', relation));
    END IF;
    RETURN type;
END $$;

-- A bound of a partition as a time, and a time as a bound
CREATE FUNCTION citus_internal.bound_time(bound text, type regtype) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found timestamptz;
BEGIN
    IF bound <> '' THEN
        EXECUTE format('SELECT %L::%s::timestamptz', bound, type) INTO found;
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION citus_internal.time_bound(moment timestamptz, type regtype) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format('SELECT $1::%s::text', type) INTO found USING moment;
    RETURN found;
END $$;

-- Where the first partition of a table begins that has none yet: a round time, by the length of a partition
CREATE FUNCTION citus_internal.first_time(length interval, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT date_trunc(CASE WHEN length < '1 hour' THEN 'minute' WHEN length < '1 day' THEN 'hour'
                           WHEN length < '1 week' THEN 'day' WHEN length < '1 month' THEN 'week'
                           WHEN length = '3 months' THEN 'quarter' WHEN length < '1 year' THEN 'month' ELSE 'year' END, moment)
$$;

-- The name of a partition, as pg_partman gives it: the table's, cut to leave room, and its beginning
CREATE FUNCTION citus_internal.time_partition_name(relation regclass, length interval, moment timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    pattern text := CASE WHEN length = '3 months' THEN 'YYYY"q"Q' WHEN length = '1 week' THEN 'IYYY"w"IW'
        ELSE concat('YYYY', CASE WHEN length < '1 year' THEN '_MM' END, CASE WHEN length < '1 month' THEN '_DD' END,
                    CASE WHEN length < '1 day' THEN '_HH24MI' END, CASE WHEN length < '1 minute' THEN 'SS' END) END;
    ending text := to_char(moment, pattern);
    room integer := current_setting('max_identifier_length')::integer - length(ending) - 1;
BEGIN
    -- from the 0th character on: one less than room
    RETURN substring(citus_internal.name_of(relation), 0, room) || '_p' || ending;
END $$;

-- sql/udfs/get_missing_time_partition_ranges
CREATE FUNCTION pg_catalog.get_missing_time_partition_ranges(
    table_name regclass, partition_interval interval, to_value timestamptz, from_value timestamptz DEFAULT now()
) RETURNS TABLE (partition_name text, range_from_value text, range_to_value text) LANGUAGE plpgsql AS $$
DECLARE
    type regtype := citus_internal.time_partition_type(table_name);
    moment timestamptz;
    ending timestamptz;
    step interval;
    other record;
BEGIN
    IF type = 'date'::regtype AND date_trunc('day', partition_interval) <> partition_interval THEN
        PERFORM citus_internal.refuse('P0001', 'partition interval of date partitioned table must be day or multiple days');
    END IF;
    -- in step with the first partition that is there, otherwise from a round time on
    SELECT min(citus_internal.bound_time(t.from_value, type)) INTO moment
      FROM pg_catalog.time_partitions t WHERE t.parent_table = table_name AND t.to_value <> '' AND t.from_value <> '';
    IF moment IS NULL THEN
        moment := citus_internal.first_time(partition_interval, from_value);
    ELSE
        step := CASE WHEN from_value >= moment THEN partition_interval ELSE -partition_interval END;
        WHILE CASE WHEN step = partition_interval THEN moment < from_value ELSE moment > from_value END LOOP
            moment := moment + step;
        END LOOP;
    END IF;
    WHILE moment < to_value LOOP
        ending := moment + partition_interval;
        SELECT t.partition, t.from_value, t.to_value,
               citus_internal.bound_time(t.from_value, type) = moment AND citus_internal.bound_time(t.to_value, type) = ending AS same
          INTO other
          FROM pg_catalog.time_partitions t
         WHERE t.parent_table = table_name
           AND (moment >= citus_internal.bound_time(t.from_value, type) AND moment < citus_internal.bound_time(t.to_value, type)
                OR ending > citus_internal.bound_time(t.from_value, type) AND ending < citus_internal.bound_time(t.to_value, type))
         LIMIT 1;
        IF other.partition IS NULL THEN
            partition_name := citus_internal.time_partition_name(table_name, partition_interval, moment);
            range_from_value := citus_internal.time_bound(moment, type);
            range_to_value := citus_internal.time_bound(ending, type);
            RETURN NEXT;
        ELSIF other.same IS NOT TRUE THEN
            PERFORM citus_internal.refuse('P0001',
                format('partition %s with the range from %s to %s does not align with the initial partition given the '
                    'partition interval', other.partition, other.from_value, other.to_value),
                hint => 'Only use partitions of the same size, without gaps between partitions.');
        END IF;
        moment := ending;
    END LOOP;
END $$;

-- sql/udfs/create_time_partitions
CREATE FUNCTION pg_catalog.create_time_partitions(
    table_name regclass, partition_interval interval, end_at timestamptz, start_from timestamptz DEFAULT now()
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    missing record;
    made boolean := false;
    parent text := citus_internal.qualified_name(table_name);
    schema text := (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = citus_internal.schema_of(table_name));
BEGIN
    IF start_from >= end_at THEN
        PERFORM citus_internal.refuse('P0001', format('start_from (%s) must be older than end_at (%s)', start_from, end_at));
    ELSIF NOT isfinite(partition_interval) THEN
        PERFORM citus_internal.refuse('P0001', 'Partition interval must be a finite value');
    END IF;
    FOR missing IN SELECT * FROM get_missing_time_partition_ranges(table_name, partition_interval, end_at, start_from) LOOP
        EXECUTE format('CREATE TABLE %I.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
            schema, missing.partition_name, parent, missing.range_from_value, missing.range_to_value);
        made := true;
    END LOOP;
    RETURN made;
END $$;

-- sql/udfs/drop_old_time_partitions
CREATE PROCEDURE pg_catalog.drop_old_time_partitions(table_name regclass, older_than timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    type regtype := citus_internal.time_partition_type(table_name);
    old record;
BEGIN
    FOR old IN SELECT t.* FROM pg_catalog.time_partitions t
                WHERE t.parent_table = table_name AND citus_internal.bound_time(t.to_value, type) <= older_than
                ORDER BY citus_internal.bound_time(t.to_value, type)
    LOOP
        RAISE NOTICE 'dropping % with start time % and end time %', old.partition, old.from_value, old.to_value;
        EXECUTE format('DROP TABLE %s', citus_internal.qualified_name(old.partition));
    END LOOP;
END $$;
