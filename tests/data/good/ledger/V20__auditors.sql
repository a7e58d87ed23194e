DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'ledger_auditor') THEN
        CREATE ROLE ledger_auditor;
    END IF;
END $$;
GRANT USAGE ON SCHEMA ledger TO ledger_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_auditor;
