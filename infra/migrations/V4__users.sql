-- Players of a tenant. The e-mail address is unique within a tenant: across tenants nothing can be.
CREATE TABLE users (
    tenant_id bigint NOT NULL REFERENCES tenants (id),
    id uuid NOT NULL DEFAULT uuid_generate_v4(),
    email text NOT NULL,
    display_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
);
SELECT create_distributed_table('users', 'tenant_id', colocate_with => 'tenants');
