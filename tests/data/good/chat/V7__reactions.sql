CREATE TABLE reactions (
    tenant_id bigint NOT NULL,
    room_id bigint NOT NULL,
    message_id bigint NOT NULL,
    member uuid NOT NULL,
    emoji text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, room_id, message_id, member, emoji),
    FOREIGN KEY (tenant_id, room_id, message_id) REFERENCES messages ON DELETE CASCADE
);
SELECT create_distributed_table('reactions', 'tenant_id', colocate_with => 'workspaces');
