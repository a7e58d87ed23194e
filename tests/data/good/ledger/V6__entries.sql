CREATE TABLE ledger.entries (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    book_id bigint NOT NULL,
    booked_on date NOT NULL,
    memo text,
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('ledger.entries', 'tenant_id', colocate_with => 'ledger.books');
