-- People of a workspace, by handle. citext: @Sam and @sam are one.
SET LOCAL search_path TO chat, public;
CREATE TABLE members (
    tenant_id bigint NOT NULL REFERENCES workspaces (tenant_id),
    member_id bigint NOT NULL,
    handle citext NOT NULL,
    shown_as text COLLATE "C",
    status_line varchar(80),
    last_seen timestamptz,
    PRIMARY KEY (tenant_id, member_id),
    UNIQUE (tenant_id, handle)
);
SELECT create_distributed_table('members', 'tenant_id', colocate_with => 'workspaces');
