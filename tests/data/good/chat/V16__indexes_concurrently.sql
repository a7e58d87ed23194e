-- devkit: no-transaction
-- Two at once, each of them without keeping writers waiting.
CREATE INDEX CONCURRENTLY messages_author_index ON messages (tenant_id, author);
CREATE INDEX CONCURRENTLY messages_words ON messages USING gin (to_tsvector('simple', markdown));
