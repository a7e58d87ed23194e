CREATE TABLE units (code text PRIMARY KEY, factor numeric NOT NULL DEFAULT 1);
SELECT create_reference_table('units');
INSERT INTO units VALUES ('C', 1), ('F', 0.5556);
