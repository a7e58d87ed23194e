ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web';
COMMENT ON COLUMN orders.channel IS 'web, phone or shop; a semicolon; and -- no comment';
