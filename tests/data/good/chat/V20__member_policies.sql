-- Row level security under the application's role: the connection pool sets app.tenant_id for each request.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'chat_app') THEN
        CREATE ROLE chat_app NOLOGIN;
    END IF;
END $do$;
GRANT USAGE ON SCHEMA chat TO chat_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA chat TO chat_app;
REVOKE UPDATE ON chat.emoji FROM chat_app;
ALTER TABLE chat.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY messages_read ON chat.messages FOR SELECT TO chat_app
    USING (tenant_id = current_setting('app.tenant_id')::bigint);
CREATE POLICY messages_write ON chat.messages FOR INSERT TO chat_app
    WITH CHECK (tenant_id = current_setting('app.tenant_id')::bigint AND body <> '');
