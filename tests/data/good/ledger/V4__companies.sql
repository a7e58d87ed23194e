-- A tenant is a company that keeps books.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE ledger.companies (
    tenant_id bigint CONSTRAINT companies_pkey PRIMARY KEY,
    legal_name text COLLATE ledger.by_bytes NOT NULL CONSTRAINT companies_named CHECK (btrim(legal_name) <> ''),
    home_currency char(3) NOT NULL DEFAULT 'EUR',
    tax_numbers text[] NOT NULL DEFAULT '{}',
    founded date
);
SELECT create_distributed_table('ledger.companies', 'tenant_id');
ALTER TABLE ledger.companies ADD CONSTRAINT companies_currency
    FOREIGN KEY (home_currency) REFERENCES ledger.currencies (code) ON UPDATE RESTRICT;
