-- What the client asks for when it starts.
CREATE OR REPLACE VIEW chat.unread AS
SELECT s.tenant_id, s.member_id, s.channel_id, count(m.message_id) AS messages
  FROM chat.channel_memberships s
  JOIN chat.messages m
    ON m.tenant_id = s.tenant_id AND m.channel_id = s.channel_id AND m.sent_at > s.read_until
 WHERE coalesce(s.muted_until, '-infinity') < now()
 GROUP BY s.tenant_id, s.member_id, s.channel_id;
