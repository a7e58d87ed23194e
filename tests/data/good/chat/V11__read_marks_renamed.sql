-- Read marks hold more than marks since muting came: the table is called what it is.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE chat.read_marks RENAME TO channel_memberships;
ALTER INDEX chat.read_marks_pkey RENAME TO channel_memberships_pkey;
ALTER TABLE chat.channel_memberships
    ADD COLUMN muted_until timestamptz,
    ADD COLUMN role text NOT NULL DEFAULT 'member',
    ADD COLUMN preferences jsonb NOT NULL DEFAULT '{"notify": "mentions"}';
