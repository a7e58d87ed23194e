-- One shard after the other: the key leads to a reference table.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE customers ADD CONSTRAINT customers_country FOREIGN KEY (country) REFERENCES countries (code);
