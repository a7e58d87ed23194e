CREATE TABLE orders (
    tenant_id bigint NOT NULL,
    id bigserial,
    customer_id bigint NOT NULL,
    status text NOT NULL DEFAULT 'new',
    net numeric(12, 2) NOT NULL DEFAULT 0,
    tax numeric(12, 2) NOT NULL DEFAULT 0,
    gross numeric(12, 2) GENERATED ALWAYS AS (net + tax) STORED,
    ordered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);
SELECT create_distributed_table('orders', 'tenant_id', colocate_with => 'shops');
