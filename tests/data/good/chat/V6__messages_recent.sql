CREATE INDEX messages_recent ON messages (tenant_id, room_id, sent_at DESC) INCLUDE (author);
