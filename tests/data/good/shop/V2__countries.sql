-- The same for every shop: one copy on every node.
CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL
);
SELECT create_reference_table('countries');
INSERT INTO countries (code, name) VALUES ('DE', 'Germany'), ('JP', 'Japan'), ('US', 'United States')
ON CONFLICT (code) DO NOTHING;
