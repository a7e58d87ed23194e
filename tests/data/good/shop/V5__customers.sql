-- Customers belong to one shop: the same person at two shops is two customers.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE customers (
    tenant_id bigint NOT NULL REFERENCES tenants (tenant_id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email email_address NOT NULL,
    full_name text,
    billing postal_address,
    country_code char(2),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
SELECT create_distributed_table('customers', 'tenant_id', colocate_with => 'tenants');
ALTER TABLE customers ADD CONSTRAINT customers_country FOREIGN KEY (country_code) REFERENCES countries (code);
CREATE UNIQUE INDEX customers_email_once ON customers (tenant_id, lower(email));
