/* Channels, public and private.
   /* Direct messages are channels of two members; see docs of the service. */
   The type guard lets the file run where an earlier tool has made the type. */
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
DO $$
BEGIN
    CREATE TYPE chat.channel_kind AS ENUM ('public', 'private', 'direct');
EXCEPTION WHEN duplicate_object THEN
    NULL;  -- it is there
END $$;
CREATE TABLE chat.channels (
    tenant_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    kind chat.channel_kind NOT NULL DEFAULT 'public',
    topic text NOT NULL DEFAULT '',
    archived boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, channel_id),
    FOREIGN KEY (tenant_id) REFERENCES chat.workspaces (tenant_id) ON DELETE CASCADE
);
SELECT create_distributed_table('chat.channels', 'tenant_id', colocate_with => 'chat.workspaces');
