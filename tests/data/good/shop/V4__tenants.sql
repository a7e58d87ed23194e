-- A tenant is one shop. Everything else hangs on its id.
CREATE TABLE tenants (
    tenant_id bigint PRIMARY KEY,
    slug text NOT NULL CHECK (slug = lower(slug)),
    display_name text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
SELECT create_distributed_table('tenants', 'tenant_id');
COMMENT ON TABLE tenants IS 'One row a shop; the slug is unique by agreement of the sign-up service, not by an index';
