CREATE TABLE members (
    tenant_id bigint NOT NULL REFERENCES workspaces,
    user_id uuid NOT NULL,
    nick varchar(80) NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (tenant_id, user_id)
);
SELECT create_distributed_table('members', 'tenant_id', colocate_with => 'workspaces');
