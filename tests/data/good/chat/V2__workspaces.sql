CREATE TABLE workspaces (
    tenant_id bigint NOT NULL,
    slug text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{"theme": "light"}',
    CONSTRAINT workspaces_pkey PRIMARY KEY (tenant_id),
    CONSTRAINT workspaces_slug UNIQUE (tenant_id, slug)
);
SELECT create_distributed_table('workspaces', 'tenant_id', shard_count => 8);
