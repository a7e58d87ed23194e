-- The second tenant, schema and tables in one go.
SET LOCAL citus.enable_schema_based_sharding TO on;
CREATE SCHEMA IF NOT EXISTS tenant_b;
CREATE TABLE tenant_b.customers (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    plan text NOT NULL DEFAULT 'free' REFERENCES public.plans (code),
    region text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tenant_b.projects (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES tenant_b.customers (id) ON DELETE CASCADE,
    title text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}',
    UNIQUE (customer_id, title)
);
