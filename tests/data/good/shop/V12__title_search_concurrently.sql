-- Typing in the search box: products is large by now, so without a lock.
-- A file of its own, since CONCURRENTLY cannot run in a transaction.
CREATE INDEX CONCURRENTLY IF NOT EXISTS products_title_trgm ON products USING gin (title gin_trgm_ops);
