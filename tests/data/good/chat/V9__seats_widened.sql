-- The largest customers have more than 32767 seats. Neither column is the one the tables are distributed by.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE chat.workspaces ALTER COLUMN seats TYPE integer;
ALTER TABLE chat.members ALTER COLUMN status_line TYPE varchar(280);
