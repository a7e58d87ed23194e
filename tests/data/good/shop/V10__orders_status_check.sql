-- Old orders are looked at in the next file, without keeping anybody waiting.
ALTER TABLE orders ADD CONSTRAINT orders_status CHECK (status IN ('new', 'paid', 'sent', 'gone')) NOT VALID;
