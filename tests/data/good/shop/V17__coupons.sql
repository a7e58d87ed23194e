DO $$
BEGIN
    CREATE TABLE coupons (tenant_id bigint NOT NULL, code text NOT NULL, percent smallint NOT NULL,
                          PRIMARY KEY (tenant_id, code));
EXCEPTION WHEN duplicate_table THEN
    RAISE NOTICE 'coupons exist already';
END
$$;
SELECT create_distributed_table('coupons', 'tenant_id', colocate_with => 'shops');
