-- Balances belong to a period, too. NOT VALID takes no long lock; V13 looks at the rows that are there.
ALTER TABLE ledger.balances ADD CONSTRAINT balances_period
    FOREIGN KEY (tenant_id, period_id) REFERENCES ledger.periods (tenant_id, period_id) NOT VALID;
