-- A role for each tenant, which sees its own schema and the lookups.
DO $$
DECLARE
    tenant text;
BEGIN
    FOREACH tenant IN ARRAY '{tenant_a,tenant_north}'::text[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = tenant || '_user') THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', tenant || '_user');
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', tenant, tenant || '_user');
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', tenant, tenant || '_user');
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', tenant, tenant || '_user');
        EXECUTE format('GRANT SELECT ON public.plans, public.regions TO %I', tenant || '_user');
    END LOOP;
END $$;
