-- devkit: no-transaction
-- Scrolling back, threads, and one's own messages. messages is the largest table, so without locks, one after the other.
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_by_channel ON chat.messages (tenant_id, channel_id, sent_at DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_replies ON chat.messages (tenant_id, reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_by_author ON chat.messages (tenant_id, author_id, sent_at);
