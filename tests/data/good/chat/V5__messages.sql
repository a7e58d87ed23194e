CREATE TABLE messages (
    tenant_id bigint NOT NULL,
    room_id bigint NOT NULL,
    id bigserial,
    author uuid NOT NULL,
    body text NOT NULL CHECK (length(body) <= 10000),
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, room_id, id),
    CONSTRAINT messages_author FOREIGN KEY (tenant_id, author) REFERENCES members (tenant_id, user_id)
);
SELECT create_distributed_table('messages', 'tenant_id', colocate_with => 'workspaces');
