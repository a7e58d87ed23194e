-- Currencies and account classes are law, not a tenant's choice: reference tables, filled once they are.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE ledger.currencies (
    code char(3) CONSTRAINT currencies_pkey PRIMARY KEY,
    digits integer NOT NULL CONSTRAINT currencies_digits CHECK (digits BETWEEN 0 AND 4)
);
CREATE TABLE ledger.account_classes (
    class text CONSTRAINT account_classes_pkey PRIMARY KEY,
    normal_side ledger.side NOT NULL,
    on_balance_sheet boolean NOT NULL
);
SELECT create_reference_table('ledger.currencies');
SELECT create_reference_table('ledger.account_classes');
INSERT INTO ledger.currencies VALUES ('CHF', 2), ('EUR', 2), ('KWD', 3) ON CONFLICT (code) DO NOTHING;
INSERT INTO ledger.account_classes (class, normal_side, on_balance_sheet) VALUES
    ('asset', 'debit', true), ('liability', 'credit', true), ('equity', 'credit', true),
    ('income', 'credit', false), ('expense', 'debit', false)
ON CONFLICT (class) DO UPDATE SET normal_side = excluded.normal_side;
