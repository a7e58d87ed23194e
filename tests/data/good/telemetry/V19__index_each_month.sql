-- An index for the months that are still written, by name and only where it is missing.
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN
        SELECT inhrelid::regclass FROM pg_inherits
         WHERE inhparent = 'readings'::regclass AND inhrelid::regclass::text >= 'readings_2026_04'
         ORDER BY 1
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s (tenant_id, metric, taken_at DESC)', part || '_by_metric', part);
    END LOOP;
END $$;
