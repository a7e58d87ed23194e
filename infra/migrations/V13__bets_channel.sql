-- Where a bet was placed. Existing bets came from the web: there was nothing else.
-- One shard after the other, so that the statements see each other's work in one transaction.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
ALTER TABLE bets ADD COLUMN channel text;
UPDATE bets SET channel = 'web' WHERE channel IS NULL;
ALTER TABLE bets ALTER COLUMN channel SET DEFAULT 'web';
ALTER TABLE bets ALTER COLUMN channel SET NOT NULL;
