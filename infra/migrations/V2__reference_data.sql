-- Small tables that every shard joins with: one copy on every node.
-- Sequential: a foreign key between tables made in the same transaction must not meet parallel work (Citus refuses).
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';
CREATE TABLE currencies (
    code char(3) PRIMARY KEY,
    name text NOT NULL,
    minor_units smallint NOT NULL CHECK (minor_units BETWEEN 0 AND 4)
);
CREATE TABLE sports (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE
);
CREATE TABLE markets (
    id integer PRIMARY KEY,
    sport_id integer NOT NULL,
    name text NOT NULL,
    UNIQUE (sport_id, name)
);
SELECT create_reference_table('currencies');
SELECT create_reference_table('sports');
SELECT create_reference_table('markets');
ALTER TABLE markets ADD CONSTRAINT markets_sport FOREIGN KEY (sport_id) REFERENCES sports (id);

INSERT INTO currencies (code, name, minor_units) VALUES
    ('EUR', 'Euro', 2),
    ('JPY', 'Yen', 0),
    ('USD', 'US dollar', 2);
INSERT INTO sports (id, name) VALUES (1, 'football'), (2, 'tennis'), (3, 'basketball');
INSERT INTO markets (id, sport_id, name) VALUES
    (10, 1, 'match winner'),
    (11, 1, 'total goals'),
    (20, 2, 'match winner'),
    (30, 3, 'point spread');
