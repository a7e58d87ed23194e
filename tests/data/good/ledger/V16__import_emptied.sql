-- The importer wrote amounts as text until now: what is staged is thrown away and read again in the new shape.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
TRUNCATE TABLE ledger.import_lines;
ALTER TABLE ledger.import_lines ADD COLUMN amount numeric(20, 4) NOT NULL;
ALTER TABLE ledger.import_lines ADD CONSTRAINT import_lines_object CHECK (jsonb_typeof(raw) = 'object');
