-- The interface has called it the display name for years.
ALTER TABLE chat.members RENAME COLUMN shown_as TO display_name;
COMMENT ON COLUMN chat.members.display_name IS 'As the member wrote it; the handle is used when it is null';
