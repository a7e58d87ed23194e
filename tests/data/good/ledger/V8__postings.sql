-- Debit or credit, never both. The key to the entry is deferred: importers write postings first.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE ledger.postings (
    tenant_id bigint NOT NULL,
    entry_no bigint NOT NULL,
    line integer NOT NULL CONSTRAINT postings_line CHECK (line BETWEEN 1 AND 999),
    account ledger.account_code NOT NULL,
    debit_minor bigint,
    credit_minor bigint,
    original ledger.amount,
    CONSTRAINT postings_pkey PRIMARY KEY (tenant_id, entry_no, line),
    CONSTRAINT postings_one_side CHECK (num_nonnulls(debit_minor, credit_minor) = 1),
    CONSTRAINT postings_positive CHECK (coalesce(debit_minor, credit_minor) > 0),
    CONSTRAINT postings_account FOREIGN KEY (tenant_id, account) REFERENCES ledger.accounts (tenant_id, code),
    CONSTRAINT postings_entry FOREIGN KEY (tenant_id, entry_no) REFERENCES ledger.entries (tenant_id, entry_no)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
SELECT create_distributed_table('ledger.postings', 'tenant_id', colocate_with => 'ledger.companies');
