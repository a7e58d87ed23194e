CREATE TYPE ledger.period AS (starts date, ends date);
CREATE TABLE ledger.closings (
    tenant_id bigint NOT NULL,
    book_id bigint NOT NULL,
    span ledger.period NOT NULL,
    closed_by text NOT NULL,
    PRIMARY KEY (tenant_id, book_id, span)
);
SELECT create_distributed_table('ledger.closings', 'tenant_id', colocate_with => 'ledger.books');
