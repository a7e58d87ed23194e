-- The messages. A reply points at a message of the same workspace.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE chat.messages (
    tenant_id bigint NOT NULL,
    message_id uuid NOT NULL DEFAULT gen_random_uuid(),
    channel_id bigint NOT NULL,
    author_id bigint NOT NULL,
    reply_to uuid,
    body text NOT NULL,
    body_length integer GENERATED ALWAYS AS (char_length(body)) STORED,
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, message_id),
    CONSTRAINT messages_channel FOREIGN KEY (tenant_id, channel_id) REFERENCES chat.channels (tenant_id, channel_id),
    CONSTRAINT messages_author FOREIGN KEY (tenant_id, author_id) REFERENCES chat.members (tenant_id, member_id),
    CONSTRAINT messages_reply FOREIGN KEY (tenant_id, reply_to) REFERENCES chat.messages (tenant_id, message_id)
);
SELECT create_distributed_table('chat.messages', 'tenant_id', colocate_with => 'chat.workspaces');
