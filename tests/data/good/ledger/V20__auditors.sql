-- Auditors read everything that is booked, and nothing that is staged.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
DO $guard$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'ledger_auditor') THEN
        CREATE ROLE ledger_auditor NOLOGIN NOINHERIT;
    END IF;
END $guard$;
GRANT USAGE ON SCHEMA ledger TO ledger_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO ledger_auditor;
REVOKE ALL ON TABLE ledger.import_lines FROM ledger_auditor;
REVOKE EXECUTE ON FUNCTION ledger.is_balanced(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.is_balanced(bigint, bigint) TO ledger_auditor;
