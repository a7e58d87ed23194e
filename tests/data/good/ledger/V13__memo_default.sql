ALTER TABLE ledger.entries ALTER COLUMN memo SET DEFAULT '';
UPDATE ledger.entries SET memo = '' WHERE memo IS NULL;
