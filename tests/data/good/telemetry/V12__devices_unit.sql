SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE devices ADD COLUMN unit text;
ALTER TABLE devices ADD CONSTRAINT devices_unit FOREIGN KEY (unit) REFERENCES units (code);
