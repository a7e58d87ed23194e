-- The rest of the year, a table a month.
DO $$
DECLARE
    month date;
BEGIN
    FOR month IN SELECT generate_series(date '2026-03-01', date '2026-12-01', interval '1 month') LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF readings FOR VALUES FROM (%L) TO (%L)',
            'readings_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
    END LOOP;
END
$$;
