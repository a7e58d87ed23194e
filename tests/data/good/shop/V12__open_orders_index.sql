-- CONCURRENTLY, since orders come in while it is built: this file runs without a transaction.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_open ON orders (tenant_id, ordered_at) WHERE status IN ('new', 'paid');
