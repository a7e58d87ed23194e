-- Who may do what. The application sees one tenant at a time; reports see everything but change nothing.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_app') THEN
        CREATE ROLE shop_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_reports') THEN
        CREATE ROLE shop_reports NOLOGIN;
    END IF;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON customers, orders, order_lines, refunds TO shop_app;
GRANT SELECT ON countries, currencies TO shop_app, shop_reports;
GRANT SELECT ON order_totals, sales_by_day TO shop_reports;
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY customers_of_tenant ON customers TO shop_app
    USING (tenant_id = current_setting('app.tenant_id', true)::bigint);
REVOKE DELETE ON customers FROM shop_app;
