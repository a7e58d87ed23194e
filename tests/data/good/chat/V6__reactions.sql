-- Which reactions there are is the same for all workspaces; who reacted is not.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE chat.emoji (
    code text PRIMARY KEY,
    glyph text NOT NULL,
    aliases text[] NOT NULL DEFAULT ARRAY[]::text[]
);
SELECT create_reference_table('chat.emoji');
INSERT INTO chat.emoji VALUES ('thumbs_up', '👍', '{+1,ok}'), ('heart', '❤', '{}'), ('semicolon', ';', '{";;"}');
CREATE TABLE chat.reactions (
    tenant_id bigint NOT NULL,
    message_id uuid NOT NULL,
    member_id bigint NOT NULL,
    emoji text NOT NULL,
    PRIMARY KEY (tenant_id, message_id, member_id, emoji),
    FOREIGN KEY (tenant_id, message_id) REFERENCES chat.messages (tenant_id, message_id) ON DELETE CASCADE
);
SELECT create_distributed_table('chat.reactions', 'tenant_id', colocate_with => 'chat.workspaces');
ALTER TABLE chat.reactions ADD CONSTRAINT reactions_emoji FOREIGN KEY (emoji) REFERENCES chat.emoji (code);
