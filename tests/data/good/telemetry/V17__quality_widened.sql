-- Quality was 0 to 100; new devices send parts per million. All partitions follow their parent.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE readings ALTER COLUMN quality TYPE integer;
ALTER TABLE readings ALTER COLUMN quality SET DEFAULT 1000000;
ALTER TABLE readings ADD COLUMN ingested_at timestamptz NOT NULL DEFAULT now();
