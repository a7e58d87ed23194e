-- Bank references are longer than 120 characters, and amounts in some currencies need more digits.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE ledger.entries ALTER COLUMN memo TYPE text;
ALTER TABLE ledger.import_lines ALTER COLUMN amount TYPE numeric(30, 6);
ALTER TABLE ledger.entries ADD COLUMN source text;
UPDATE ledger.entries SET source = 'manual' WHERE source IS NULL;
ALTER TABLE ledger.entries ALTER COLUMN source SET DEFAULT 'manual';
ALTER TABLE ledger.entries ALTER COLUMN source SET NOT NULL;
