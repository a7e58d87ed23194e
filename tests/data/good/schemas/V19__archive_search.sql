-- devkit: no-transaction
-- Searching the archive by any part of a title or a tag, without stopping those who read it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS documents_title ON archive.documents USING gin (title gin_trgm_ops);
DROP INDEX CONCURRENTLY IF EXISTS archive.documents_by_day;
CREATE INDEX CONCURRENTLY documents_by_day ON archive.documents (archived_on DESC, id);
