-- The months until summer, in a loop: a partition of a distributed table is distributed as it is made.
-- Some installations have made a month by hand already; theirs stays.
DO $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT generate_series(timestamp '2026-01-01', timestamp '2026-06-01', interval '1 month') LOOP
        BEGIN
            EXECUTE format('CREATE TABLE %I PARTITION OF readings FOR VALUES FROM (%L) TO (%L)',
                'readings_' || to_char(month, 'YYYY_MM'),
                month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        EXCEPTION WHEN duplicate_table THEN
            NULL;
        END;
    END LOOP;
END $$;
