-- The channel list shows when something was last said: kept in the channel, back-filled from the messages.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE chat.channels ADD COLUMN IF NOT EXISTS last_message_at timestamptz;
WITH latest AS (
    SELECT tenant_id, channel_id, max(sent_at) AS at
      FROM chat.messages
     GROUP BY tenant_id, channel_id
)
UPDATE chat.channels c
   SET last_message_at = latest.at
  FROM latest
 WHERE c.tenant_id = latest.tenant_id AND c.channel_id = latest.channel_id;
