-- A workspace is a tenant: nobody sees across.
SET LOCAL search_path TO chat, public;
CREATE TABLE workspaces (
    tenant_id bigint NOT NULL,
    name text NOT NULL,
    plan text NOT NULL DEFAULT 'free' CONSTRAINT workspaces_plan_known CHECK (plan IN ('free', 'team', 'enterprise')),
    seats smallint NOT NULL DEFAULT 5,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workspaces_pkey PRIMARY KEY (tenant_id)
);
SELECT create_distributed_table('chat.workspaces', 'tenant_id', shard_count => 32);
