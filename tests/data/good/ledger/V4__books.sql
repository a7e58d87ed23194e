CREATE TABLE ledger.books (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    title text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('ledger.books', 'tenant_id');
