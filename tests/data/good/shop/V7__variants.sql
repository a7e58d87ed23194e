-- What is really sold: a product in one size and colour, known to the warehouse by its SKU.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE product_variants (
    tenant_id bigint NOT NULL,
    product_id uuid NOT NULL,
    sku sku_code NOT NULL,
    weight_grams integer CHECK (weight_grams > 0),
    stock integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, sku),
    CONSTRAINT variants_product FOREIGN KEY (tenant_id, product_id)
        REFERENCES products (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX variants_by_product ON product_variants (tenant_id, product_id) INCLUDE (stock);
SELECT create_distributed_table('product_variants', 'tenant_id', colocate_with => 'tenants');
