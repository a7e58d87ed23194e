-- Migrations as people write them, by hand or as ORMs and pg_dump do. A row: its name, then each finding that verify gives
-- (rule and line), then the SQL. Lines count in the SQL, where @BETS and the like stand for what the test defines.

-- ## no-escape-settings

-- # session setting => no-escape-settings:1
SET citus.enable_unsafe_triggers TO 'on';

-- # session keyword => no-escape-settings:1
SET SESSION citus.allow_unsafe_constraints = yes;

-- # lower case, short value => no-escape-settings:1
set local citus.enable_ddl_propagation to f;

-- # quoted name => no-escape-settings:1
SET "citus.enable_unsafe_triggers" = true;

-- # over two lines => no-escape-settings:1
SET citus.enable_unsafe_triggers
  = 1;

-- # set_config in a query => no-escape-settings:1
SELECT set_config('citus.allow_unsafe_constraints', 'true', true), 1;

-- # set_config with a subquery => no-escape-settings:1
SELECT set_config('citus.enable_ddl_propagation', (SELECT 'off'), true);

-- # ALTER ROLE ALL => no-escape-settings:1
ALTER ROLE current_user IN DATABASE app SET citus.enable_unsafe_triggers = on;

-- # in EXECUTE => no-escape-settings:1
DO $$ BEGIN EXECUTE 'SET citus.allow_unsafe_constraints = on'; END $$;

-- # in a function, never called => no-escape-settings:2
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$
SELECT set_config('citus.enable_unsafe_triggers', 'on', false) $$;

-- # and its trigger: one cause => no-triggers:7
@TOUCH
@BETS
SET citus.enable_unsafe_triggers = on;
CREATE TRIGGER t BEFORE UPDATE ON bets FOR EACH ROW EXECUTE FUNCTION touch();

-- # back to safe
SET citus.enable_ddl_propagation = on;
RESET ALL;
SET citus.enable_unsafe_triggers TO DEFAULT;

-- # other settings
SET LOCAL citus.shard_count = 4;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = 0;

-- # only said
@BETS
COMMENT ON TABLE bets IS 'never SET citus.enable_unsafe_triggers = on';

-- ## tenant-table-not-distributed

-- # forgotten => tenant-table-not-distributed:5
@BETS
CREATE TABLE notes (tenant_id bigint, body text);

-- # forgotten, as an ORM writes it => tenant-table-not-distributed:5
@BETS
CREATE TABLE "notes" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" BIGINT NOT NULL,
    CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);

-- # forgotten in another schema => tenant-table-not-distributed:6
CREATE SCHEMA risk;
@BETS
CREATE TABLE risk.limits (tenant_id bigint);

-- # forgotten, by CREATE TABLE AS => engine-limit:5 tenant-table-not-distributed:5
@BETS
CREATE TABLE copied AS SELECT tenant_id FROM bets;

-- # distributed two files later
@BETS
CREATE TABLE notes (tenant_id bigint);
SELECT 1;
SELECT create_distributed_table('notes', 'tenant_id');

-- # a lookup table of tenants
@BETS
CREATE TABLE plans (tenant_id bigint PRIMARY KEY);
SELECT create_reference_table('plans');

-- # temporary
@BETS
CREATE TEMP TABLE work (tenant_id bigint) ON COMMIT DROP;

-- # a partition of its parent
@BETS
CREATE TABLE log (tenant_id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
SELECT create_distributed_table('log', 'tenant_id');

-- # dropped again
@BETS
CREATE TABLE notes (tenant_id bigint);
DROP TABLE notes;

-- ## tenant-in-primary-key

-- # INCLUDE in a constraint => tenant-in-primary-key:5
@BETS
ALTER TABLE bets ADD CONSTRAINT u UNIQUE (id) INCLUDE (tenant_id);

-- # INCLUDE before distribution => tenant-in-primary-key:3
@CITUS
CREATE TABLE t (tenant_id bigint, id int,
  UNIQUE (id) INCLUDE (tenant_id));
SELECT create_distributed_table('t', 'tenant_id');

-- # the tenant last
@BETS
CREATE UNIQUE INDEX bets_note ON bets (note, tenant_id);

-- # a key of the lookup table
@BETS
CREATE UNIQUE INDEX sports_name ON sports (name);

-- # refused: primary key => engine-refusal:2
@CITUS
CREATE TABLE t (id uuid PRIMARY KEY, tenant_id bigint);
SELECT create_distributed_table('t', 'tenant_id');

-- # refused: unique index => engine-refusal:5
@BETS
CREATE UNIQUE INDEX CONCURRENTLY bets_id ON bets (id);

-- ## no-triggers

-- # refused: trigger => engine-refusal:6
@TOUCH
@BETS
CREATE TRIGGER t AFTER INSERT ON bets FOR EACH ROW EXECUTE FUNCTION touch();

-- # trigger of a plain table
@TOUCH
@BETS
CREATE TRIGGER t BEFORE UPDATE ON sports FOR EACH ROW EXECUTE FUNCTION touch();

-- # trigger of a view
@TOUCH
@BETS
CREATE VIEW v AS SELECT * FROM bets;
CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION touch();

-- # pg_dump --disable-triggers => engine-refusal:5
@BETS
ALTER TABLE bets DISABLE TRIGGER ALL;

-- ## no-rules-on-distributed

-- # a rule that notifies => no-rules-on-distributed:5
@BETS
CREATE RULE r AS ON INSERT TO bets DO ALSO NOTIFY bets;

-- # a rule made by a block => no-rules-on-distributed:6
@BETS
DO $$ BEGIN
  CREATE RULE r AS ON DELETE TO bets DO INSTEAD NOTHING;
END $$;

-- # a rule of a view
@BETS
CREATE VIEW v AS SELECT * FROM bets;
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;

-- ## distribution-before-data

-- # rows first => distribution-before-data:4
@CITUS
CREATE TABLE t (tenant_id bigint);
INSERT INTO t SELECT generate_series(1, 10);
SELECT create_distributed_table('t', 'tenant_id');

-- # lookup rows first => distribution-before-data:4
@CITUS
CREATE TABLE t (id int);
INSERT INTO t VALUES (1);
SELECT create_reference_table('t');

-- # rows of a block first => distribution-before-data:5
@CITUS
CREATE TABLE t (tenant_id bigint);
DO $$ BEGIN
  INSERT INTO t VALUES (1);
  PERFORM create_distributed_table('t', 'tenant_id');
END $$;

-- # rows of two partitions first: one cause => distribution-before-data:7
@CITUS
CREATE TABLE log (tenant_id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
INSERT INTO log
VALUES (1, '2026-01-05'), (1, '2026-02-05');
SELECT create_distributed_table('log', 'tenant_id');

-- # rows after it
@BETS
INSERT INTO bets VALUES (1, 1, 'x') ON CONFLICT DO NOTHING;

-- # emptied before it
@CITUS
CREATE TABLE t (tenant_id bigint);
INSERT INTO t VALUES (1);
TRUNCATE t;
SELECT create_distributed_table('t', 'tenant_id');

-- ## foreign-key-stays-local

-- # a plain table's key to a distributed one => foreign-key-stays-local:6
@BETS
CREATE TABLE slips (tenant bigint, bet bigint,
  FOREIGN KEY (tenant, bet) REFERENCES bets (tenant_id, id));

-- # the same key, distributed
@BETS
CREATE TABLE slips (tenant bigint, bet bigint,
  FOREIGN KEY (tenant, bet) REFERENCES bets (tenant_id, id));
SELECT create_distributed_table('slips', 'tenant');

-- # and never distributed: one cause => tenant-table-not-distributed:5
@BETS
CREATE TABLE slips (tenant_id bigint, bet bigint, FOREIGN KEY (tenant_id, bet) REFERENCES bets (tenant_id, id));

-- # between plain tables
@BETS
CREATE TABLE teams (sport int REFERENCES sports (id));

-- # refused: to a plain table => engine-refusal:6
@BETS
ALTER TABLE bets ADD COLUMN sport int;
ALTER TABLE bets ADD CONSTRAINT s FOREIGN KEY (sport) REFERENCES sports;

-- ## narrow-sequence

-- # serial => narrow-sequence:4
@CITUS
CREATE TABLE t (
  tenant_id bigint,
  id serial,
  PRIMARY KEY (tenant_id, id));
SELECT create_distributed_table('t', 'tenant_id');

-- # bigserial and identity
@CITUS
CREATE TABLE t (tenant_id bigint, a bigserial, b bigint GENERATED ALWAYS AS IDENTITY);
SELECT create_distributed_table('t', 'tenant_id');

-- ## tenants-not-colocated

-- # integer beside bigint => tenants-not-colocated:5
@BETS
CREATE TABLE t (tenant_id integer);
SELECT create_distributed_table('t', 'tenant_id');

-- # another shard count => tenants-not-colocated:5
@BETS
CREATE TABLE t (tenant_id bigint);
SELECT create_distributed_table('t', 'tenant_id', shard_count => 64);

-- # colocated by name
@BETS
CREATE TABLE t (tenant_id bigint);
SELECT create_distributed_table('t', 'tenant_id', colocate_with => 'bets');

-- ## unsafe-in-transaction

-- # key to a lookup table, in parallel => unsafe-in-transaction:7
@BETS
SELECT create_reference_table('sports');
ALTER TABLE bets ADD COLUMN sport int;
ALTER TABLE bets ADD CONSTRAINT s FOREIGN KEY (sport) REFERENCES sports (id);

-- # the same, sequential
@SEQUENTIAL
@BETS
SELECT create_reference_table('sports');
ALTER TABLE bets ADD COLUMN sport int;
ALTER TABLE bets ADD CONSTRAINT s FOREIGN KEY (sport) REFERENCES sports (id);

-- # a function after shards => unsafe-in-transaction:5
@BETS
@TOUCH

-- # CONCURRENTLY between others => engine-limit:5
@BETS
CREATE INDEX CONCURRENTLY bets_note ON bets (note);

-- # BEGIN and COMMIT by hand
BEGIN;
CREATE TABLE a (id int);
COMMIT;

-- # BEGIN twice => unsafe-in-transaction:2
BEGIN;
BEGIN;
CREATE TABLE a (id int);
COMMIT;

-- ## caught-refusal

-- # a caught refusal => caught-refusal:6
@BETS
DO $$ BEGIN
  ALTER TABLE bets DROP COLUMN tenant_id;
EXCEPTION WHEN OTHERS THEN NULL;
END $$;

-- # only if it is there already
DO $$ BEGIN
  CREATE TYPE s AS ENUM ('a');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;

-- # everything, but only rows
@BETS
DO $$ BEGIN
  INSERT INTO sports VALUES (1);
EXCEPTION WHEN OTHERS THEN NULL;
END $$;

-- # everything around a schema change => caught-refusal:3
DO $$ BEGIN
  ALTER TABLE missing ADD COLUMN a int;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'no';
END $$;

-- ## reaches-outside

-- # a role for the reports => reaches-outside:1
CREATE USER reports;

-- # a role, if there is none
DO $$ BEGIN CREATE ROLE reports; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

-- # a grant
@BETS
GRANT SELECT ON bets TO PUBLIC;

-- # a pause between steps => reaches-outside:2
SELECT 1;
SELECT pg_sleep(0.01);

-- # harmless functions of the server
SELECT pg_relation_size('pg_class'), pg_backend_pid(), pg_stat_get_backend_pid(1), pg_stat_clear_snapshot(), pg_advisory_xact_lock(1);

-- ## name-cut-short

-- # an ORM's index name => name-cut-short:5
@BETS
CREATE INDEX bets_tenant_id_note_id_created_at_updated_at_deleted_at_status_index ON bets (note);

-- ## what a generator leaves

-- # pg_dump's head
SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE TABLE public.a (id bigint NOT NULL);
ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);

-- # a table in quotes with its case => engine-refusal:3
@CITUS
CREATE TABLE "OrderItems" ("TenantId" bigint, "Id" int);
SELECT create_distributed_table('"OrderItems"', 'tenantid');
