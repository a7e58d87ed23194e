-- Orders and their lines. An order keeps the prices of the day it was placed.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE orders (
    tenant_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    customer_id uuid NOT NULL,
    status order_status NOT NULL DEFAULT 'draft',
    ship_to postal_address,
    placed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE TABLE order_lines (
    tenant_id bigint NOT NULL,
    order_id bigint NOT NULL,
    line_no integer NOT NULL,
    sku sku_code NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_minor bigint NOT NULL CHECK (unit_minor >= 0),
    total_minor bigint GENERATED ALWAYS AS (quantity * unit_minor) STORED,
    PRIMARY KEY (tenant_id, order_id, line_no)
);
SELECT create_distributed_table('orders', 'tenant_id', colocate_with => 'tenants');
SELECT create_distributed_table('order_lines', 'tenant_id', colocate_with => 'tenants');
