CREATE INDEX readings_at ON readings USING brin (at);
