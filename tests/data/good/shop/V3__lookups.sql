-- The same for all tenants, and joined by every shard: one copy on every node.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL UNIQUE,
    in_customs_union boolean NOT NULL DEFAULT false
);
CREATE TABLE currencies (
    code char(3) PRIMARY KEY,
    minor_units smallint NOT NULL DEFAULT 2 CHECK (minor_units BETWEEN 0 AND 4)
);
SELECT create_reference_table('countries');
SELECT create_reference_table('currencies');
INSERT INTO countries (code, name, in_customs_union) VALUES
    ('DE', 'Germany', true),
    ('FR', 'France', true),
    ('CI', 'Côte d''Ivoire; formerly "Ivory Coast"', false)
ON CONFLICT (code) DO UPDATE SET name = excluded.name;
INSERT INTO currencies (code, minor_units) VALUES ('EUR', 2), ('JPY', 0), ('XOF', 0) ON CONFLICT DO NOTHING;
