-- A tenant is one betting brand. Distributed by its own id, so that everything of a tenant lies in one shard group.
CREATE TYPE tenant_status AS ENUM ('trial', 'active', 'suspended');

CREATE TABLE tenants (
    id bigint PRIMARY KEY,
    slug text NOT NULL,
    name text NOT NULL,
    status tenant_status NOT NULL DEFAULT 'trial',
    created_at timestamptz NOT NULL DEFAULT now()
);
SELECT create_distributed_table('tenants', 'id');
