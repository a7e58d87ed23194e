CREATE TABLE ledger.currencies (code char(3) PRIMARY KEY, digits smallint NOT NULL CHECK (digits BETWEEN 0 AND 4));
SELECT create_reference_table('ledger.currencies');
INSERT INTO ledger.currencies VALUES ('EUR', 2), ('JPY', 0);
