SET LOCAL search_path TO ledger, public;
CREATE TABLE accounts (
    tenant_id bigint NOT NULL,
    book_id bigint NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
    CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id, book_id, number),
    CONSTRAINT accounts_book FOREIGN KEY (tenant_id, book_id) REFERENCES books (tenant_id, id)
);
SELECT create_distributed_table('accounts', 'tenant_id', colocate_with => 'ledger.books');
