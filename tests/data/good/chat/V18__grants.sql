DO $do$
BEGIN
    CREATE ROLE chat_reader;
EXCEPTION
    WHEN duplicate_object THEN NULL;
END
$do$;
GRANT SELECT ON messages TO chat_reader;
REVOKE SELECT ON messages FROM chat_reader;
