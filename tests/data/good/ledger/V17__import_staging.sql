-- Rows of the monthly import, gone after it: nobody joins with them, and no tenant is in them yet.
CREATE UNLOGGED TABLE ledger.staging (line text NOT NULL, read_at timestamptz DEFAULT now());
TRUNCATE ledger.staging;
