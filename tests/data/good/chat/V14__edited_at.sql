ALTER TABLE messages ADD COLUMN edited_at timestamptz;
ALTER TABLE messages ADD CONSTRAINT messages_edited CHECK (edited_at IS NULL OR edited_at >= sent_at) NOT VALID;
