-- Variants oversold before V13: a stock below nothing is nothing.
UPDATE product_variants SET stock = 0 WHERE stock < 0;
UPDATE orders SET status = 'cancelled' WHERE tenant_id = 17 AND status = 'draft' AND placed_at < '2025-06-01';
