-- What the back office asks for most: open orders, newest first, and the orders of a customer.
CREATE INDEX orders_open ON orders (tenant_id, placed_at DESC) WHERE status IN ('placed', 'paid');
CREATE INDEX orders_by_customer ON orders (tenant_id, customer_id, placed_at DESC NULLS LAST) INCLUDE (status);
CREATE INDEX products_attributes ON products USING gin (attributes jsonb_path_ops);
