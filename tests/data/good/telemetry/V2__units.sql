-- Units of measurement and the metrics that use them, on every node.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE units (
    id integer PRIMARY KEY,
    symbol text NOT NULL UNIQUE,
    label text NOT NULL
);
CREATE TABLE metrics (
    name text PRIMARY KEY,
    unit_id integer NOT NULL,
    lowest double precision NOT NULL DEFAULT '-Infinity',
    highest double precision NOT NULL DEFAULT 'Infinity',
    CHECK (lowest < highest)
);
SELECT create_reference_table('units');
SELECT create_reference_table('metrics');
ALTER TABLE metrics ADD CONSTRAINT metrics_unit FOREIGN KEY (unit_id) REFERENCES units (id);
