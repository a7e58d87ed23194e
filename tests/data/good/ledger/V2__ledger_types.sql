-- The words of bookkeeping, as types: every table below uses them.
CREATE SCHEMA ledger;
CREATE TYPE ledger.side AS ENUM ('debit', 'credit');
CREATE TYPE ledger.entry_state AS ENUM ('draft', 'posted');
CREATE TYPE ledger.amount AS (minor bigint, currency char(3));
CREATE DOMAIN ledger.account_code AS text
    CONSTRAINT account_code_digits CHECK (VALUE ~ '^[0-9]{3,10}$');
CREATE COLLATION IF NOT EXISTS ledger.by_bytes (provider = libc, locale = 'C');
