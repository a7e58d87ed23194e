ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY messages_of_tenant ON messages USING (tenant_id = current_setting('chat.tenant')::bigint);
