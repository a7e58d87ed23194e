CREATE TABLE ledger.lines (
    tenant_id bigint NOT NULL,
    entry_id uuid NOT NULL,
    line integer NOT NULL,
    account text NOT NULL,
    amount numeric(20, 4) NOT NULL,
    currency char(3) NOT NULL,
    PRIMARY KEY (tenant_id, entry_id, line),
    FOREIGN KEY (tenant_id, entry_id) REFERENCES ledger.entries (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
SELECT create_distributed_table('ledger.lines', 'tenant_id', colocate_with => 'ledger.books');
