-- The keys of the order lines, one statement each: Citus takes ADD CONSTRAINT only alone.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE order_lines ADD CONSTRAINT order_lines_order
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE order_lines ADD CONSTRAINT order_lines_sku
    FOREIGN KEY (tenant_id, sku) REFERENCES product_variants (tenant_id, sku) ON DELETE RESTRICT;
ALTER TABLE orders ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR';
ALTER TABLE orders ADD CONSTRAINT orders_currency FOREIGN KEY (currency) REFERENCES currencies (code);
