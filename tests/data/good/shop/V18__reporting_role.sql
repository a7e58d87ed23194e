DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shop_reporting') THEN
        CREATE ROLE shop_reporting NOLOGIN;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO shop_reporting;
GRANT SELECT ON orders, order_lines TO shop_reporting;
