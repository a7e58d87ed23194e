-- Projects are found by label, in every tenant alike.
DO $$
DECLARE
    tenant text;
BEGIN
    FOREACH tenant IN ARRAY ARRAY['tenant_a', 'tenant_b'] LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS projects_labels ON %I.projects USING gin (labels)', tenant);
        EXECUTE format('COMMENT ON TABLE %I.projects IS %L', tenant, 'Projects; found by label');
    END LOOP;
END $$;
