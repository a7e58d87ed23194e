-- Balances by account and period, which the application keeps in the transaction that posts.
CREATE TABLE ledger.balances (
    tenant_id bigint NOT NULL,
    period_id bigint NOT NULL,
    account ledger.account_code NOT NULL,
    debit_minor bigint NOT NULL DEFAULT 0,
    credit_minor bigint NOT NULL DEFAULT 0,
    net_minor bigint GENERATED ALWAYS AS (debit_minor - credit_minor) STORED,
    CONSTRAINT balances_pkey PRIMARY KEY (tenant_id, period_id, account),
    CONSTRAINT balances_account FOREIGN KEY (tenant_id, account) REFERENCES ledger.accounts (tenant_id, code)
) WITH (fillfactor = 80);
SELECT create_distributed_table('ledger.balances', 'tenant_id', colocate_with => 'ledger.companies');
