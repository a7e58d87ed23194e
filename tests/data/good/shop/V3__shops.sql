CREATE TYPE shop_plan AS ENUM ('free', 'basic', 'pro');
CREATE TABLE shops (
    tenant_id bigint PRIMARY KEY,
    name text NOT NULL,
    plan shop_plan NOT NULL DEFAULT 'free',
    created_at timestamptz NOT NULL DEFAULT now()
);
SELECT create_distributed_table('shops', 'tenant_id');
