-- No row is left that breaks the rule of V13, so PostgreSQL may rely on it.
-- The lock is light: reading and writing go on.
ALTER TABLE product_variants VALIDATE CONSTRAINT variants_stock_not_negative;
