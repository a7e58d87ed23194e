-- One price a variant at any moment: periods of one SKU may not overlap.
-- The exclusion constraint starts with the tenant, compared by equality, so each shard can hold it alone.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE prices (
    tenant_id bigint NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    sku sku_code NOT NULL,
    currency char(3) NOT NULL,
    valid tstzrange NOT NULL CHECK (NOT isempty(valid)),
    amount_minor bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT prices_do_not_overlap EXCLUDE USING gist
        (tenant_id WITH =, (sku::text) WITH =, currency WITH =, valid WITH &&),
    FOREIGN KEY (tenant_id, sku) REFERENCES product_variants (tenant_id, sku) ON DELETE CASCADE
);
SELECT create_distributed_table('prices', 'tenant_id', colocate_with => 'tenants');
