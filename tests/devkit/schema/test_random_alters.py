"""Whatever one statement changes in a schema that chance made, the snapshot shows; and undone, it is as it was."""

from __future__ import annotations

import collections
import dataclasses
import random
from collections.abc import Iterator

import psycopg
import pytest

from devkit.postgres.cache import Cache
from devkit.postgres.embedded import Embedded, server
from devkit.progress import silent
from devkit.schema.reading import read_snapshot
from devkit.schema.snapshot import Snapshot, differences
from tests.devkit.schema.generated import statements
from tests.everyday import first

EACH = 10  # changes of one schema

# Something of each kind, so that every change finds something; the rest is chance's.
SOMETHING = """
CREATE EXTENSION hstore;
CREATE SCHEMA elsewhere;
CREATE SCHEMA app;
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
CREATE TYPE app.mood AS ENUM ('calm', 'cross');
CREATE TYPE app.pair AS (a int, b text);
CREATE DOMAIN app.amount AS numeric(12, 2) CONSTRAINT positive CHECK (VALUE >= 0);
CREATE COLLATION app.bytes FROM "C";
CREATE SEQUENCE app.counter;
CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION app.heard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER hears ON ddl_command_end WHEN TAG IN ('CREATE RULE') EXECUTE FUNCTION app.heard();
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int);
CREATE TABLE app.accounts (id int PRIMARY KEY, name text NOT NULL, note text);
CREATE TABLE app.kinds (id int);
CREATE TABLE app.bets (id int CONSTRAINT whose REFERENCES app.accounts, amount app.amount DEFAULT 1, mood app.mood,
    no int GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (id * 2) STORED,
    CONSTRAINT small CHECK (amount < 1000));
ALTER TABLE app.bets ADD CONSTRAINT smaller CHECK (amount < 900) NOT VALID;
ALTER TABLE app.kinds ADD UNIQUE (id) DEFERRABLE;
CREATE INDEX ON app.bets (amount);
CREATE INDEX ON app.bets ((id + 1));
CREATE STATISTICS app.pairs ON amount, mood FROM app.bets;
CREATE TABLE app.child () INHERITS (app.accounts);
CREATE TABLE app.parted (id int, day date) PARTITION BY RANGE (day);
CREATE TABLE app.parted_1 PARTITION OF app.parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE VIEW app.shown AS SELECT id, name FROM app.accounts;
CREATE MATERIALIZED VIEW app.kept AS SELECT id FROM app.accounts;
CREATE TRIGGER touched BEFORE UPDATE ON app.bets FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE quiet AS ON DELETE TO app.bets DO INSTEAD NOTHING;
CREATE POLICY mine ON app.accounts USING (name = current_user);
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE CAST (app.mood AS int) WITH INOUT;
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY app.book (TEMPLATE = simple);
CREATE OPERATOR FAMILY app.family USING btree;
CREATE PUBLICATION feed FOR TABLE app.accounts (id, name);
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER there FOREIGN DATA WRAPPER far;
CREATE FOREIGN TABLE app.away (id int) SERVER there;
"""

# What the queries below ask: relations, tables, columns, routines, types, and all that there is, by its address.
VIEWS = """
CREATE TEMP VIEW space AS SELECT oid, quote_ident(nspname) AS name, nspacl AS acl FROM pg_namespace
 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema';
CREATE TEMP VIEW rel AS
SELECT c.oid, c.oid::regclass::text AS name, quote_ident(c.relname) AS bare, s.name AS space, c.relkind AS kind,
       CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                      WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' WHEN 'f' THEN 'FOREIGN TABLE'
                      ELSE 'TABLE' END AS word,
       c.relpersistence AS persistence, c.relispartition AS part, c.reloptions AS options, c.relacl AS acl,
       quote_ident(pg_get_userbyid(c.relowner)) AS owner,
       c.relreplident AS identity, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
       EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) AS parent,
       EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid) AS child, c.relam AS am, c.reloftype AS of,
       c.relpartbound AS bound
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace;
CREATE TEMP VIEW tab AS SELECT * FROM rel WHERE kind IN ('r', 'p');
CREATE TEMP VIEW col AS
SELECT r.*, quote_ident(a.attname) AS col, a.attnum AS num, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS filled, a.attidentity AS counted, a.attgenerated AS made, pg_get_expr(d.adbin, d.adrelid) AS def,
       a.attstorage AS storage, y.typstorage AS usual, a.attstattarget AS target, a.attcompression AS compression,
       a.attoptions AS told, a.attinhcount AS inherited, a.attcollation AS sorted, y.typcollation AS usually,
       EXISTS (SELECT FROM pg_depend p WHERE p.refobjid = r.oid AND p.refobjsubid = a.attnum) AS used
  FROM tab r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum;
CREATE TEMP VIEW con AS
SELECT r.*, k.oid AS con, quote_ident(k.conname) AS constr, k.contype AS type, pg_get_constraintdef(k.oid) AS def,
       k.convalidated AS valid, k.condeferrable AS late, k.conparentid AS above
  FROM tab r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.conislocal AND k.contype <> 't';
CREATE TEMP VIEW ind AS
SELECT r.*, i.indrelid::regclass::text AS table, pg_get_indexdef(r.oid) AS def, i.indisclustered AS clustered,
       i.indisreplident AS replident, i.indisunique AS uniq,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = r.oid) AS behind, m.amname AS how, t.parent AS wide
  FROM rel r JOIN pg_index i ON i.indexrelid = r.oid JOIN rel t ON t.oid = i.indrelid
  JOIN pg_class c ON c.oid = r.oid JOIN pg_am m ON m.oid = c.relam;
CREATE TEMP VIEW func AS
SELECT p.*, p.oid::regprocedure::text AS name, quote_ident(p.proname) AS bare, s.name AS space,
       format('%s.%s(%s)', s.name, 'renamed', pg_get_function_identity_arguments(p.oid)) AS renamed,
       CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS word
  FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                    AND d.deptype IN ('e', 'i'));
CREATE TEMP VIEW typ AS
SELECT y.*, y.oid::regtype::text AS name, quote_ident(y.typname) AS bare, s.name AS space,
       CASE y.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END AS word
  FROM pg_type y JOIN space s ON s.oid = y.typnamespace LEFT JOIN pg_class c ON c.oid = y.typrelid
 WHERE (y.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = y.oid
                     AND d.deptype = 'e');
CREATE TEMP VIEW rule AS
SELECT r.*, quote_ident(w.rulename) AS rule, pg_get_ruledef(w.oid) AS def, w.ev_enabled AS enabled
  FROM tab r JOIN pg_rewrite w ON w.ev_class = r.oid;
CREATE TEMP VIEW trig AS
SELECT r.*, quote_ident(g.tgname) AS trigger, pg_get_triggerdef(g.oid) AS def, g.tgenabled AS enabled
  FROM tab r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal AND g.tgparentid = 0;
CREATE TEMP VIEW policy AS SELECT r.*, quote_ident(p.polname) AS policy, p.polpermissive AS permissive
  FROM tab r JOIN pg_policy p ON p.polrelid = r.oid;
CREATE TEMP VIEW described AS
SELECT upper(i.type) AS word, i.identity AS name, obj_description(a.objid, a.classid::regclass::name) AS old
  FROM (SELECT 'pg_class'::regclass AS classid, oid AS objid FROM rel WHERE kind NOT IN ('t', 'c')
        UNION ALL SELECT 'pg_namespace'::regclass, oid FROM space UNION ALL SELECT 'pg_proc'::regclass, oid FROM func
        UNION ALL SELECT 'pg_type'::regclass, oid FROM typ
        UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
        UNION ALL SELECT 'pg_operator'::regclass, o.oid FROM pg_operator o JOIN space s ON s.oid = o.oprnamespace
        UNION ALL SELECT 'pg_collation'::regclass, o.oid FROM pg_collation o JOIN space s ON s.oid = o.collnamespace
        UNION ALL SELECT 'pg_ts_config'::regclass, o.oid FROM pg_ts_config o JOIN space s ON s.oid = o.cfgnamespace
        UNION ALL SELECT 'pg_ts_dict'::regclass, o.oid FROM pg_ts_dict o JOIN space s ON s.oid = o.dictnamespace
        UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
        UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server) a
 CROSS JOIN pg_identify_object(a.classid, a.objid, 0) i
 WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = a.classid AND d.objid = a.objid AND d.deptype = 'e');
"""

# Each makes (a statement that surely changes the schema, what undoes it or NULL) for whatever there is.
ALTERS = {
    # tables
    "create table": "SELECT format('CREATE TABLE %s.fresh ()', name), format('DROP TABLE %s.fresh', name) FROM space",
    "drop table": "SELECT format('DROP TABLE %s CASCADE', name), NULL FROM tab",
    "rename": (
        "SELECT format('ALTER %s %s RENAME TO renamed', word, name), format('ALTER %s %s.renamed RENAME TO %s',"
        " word, space, bare) FROM rel"
    ),
    "set schema": (
        "SELECT format('ALTER %s %s SET SCHEMA elsewhere', word, name), format('ALTER %s elsewhere.%s SET SCHEMA"
        " %s', word, bare, space) FROM rel WHERE space <> 'elsewhere'"
    ),
    "owner": (
        "SELECT format('ALTER %s %s OWNER TO writer', word, name), CASE WHEN acl IS NULL THEN format('ALTER %s %s"
        " OWNER TO %s', word, name, owner) END FROM rel WHERE kind NOT IN ('i', 'I')"
    ),
    "unlogged": (
        "SELECT format('ALTER %s %s SET %s', word, name, CASE persistence WHEN 'u' THEN 'LOGGED' ELSE 'UNLOGGED'"
        " END), format('ALTER %s %s SET %s', word, name, CASE persistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED'"
        " END) FROM rel r WHERE kind IN ('r', 'S') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = r.oid AND"
        " d.deptype IN ('a', 'i') AND kind = 'S')"
    ),
    "option": (
        "SELECT format('ALTER TABLE %s SET (autovacuum_vacuum_threshold = 123)', name), format('ALTER TABLE %s"
        " RESET (autovacuum_vacuum_threshold)', name) FROM tab WHERE kind = 'r'"
    ),
    "toast option": (
        "SELECT format('ALTER TABLE %s SET (toast.vacuum_truncate = off)', name), format('ALTER TABLE %s RESET"
        " (toast.vacuum_truncate)', name) FROM tab t WHERE (SELECT reltoastrelid FROM pg_class c WHERE c.oid ="
        " t.oid) <> 0"
    ),
    "replica identity": (
        "SELECT format('ALTER TABLE %s REPLICA IDENTITY %s', name, w), format('ALTER TABLE %s REPLICA IDENTITY"
        " DEFAULT', name) FROM tab, unnest('{FULL,NOTHING}'::text[]) w WHERE identity = 'd'"
    ),
    "replica identity index": (
        "SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %s', i.table, i.bare), CASE WHEN t.identity ="
        " 'd' THEN format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', t.name) END FROM ind i JOIN tab t ON t.name ="
        " i.table WHERE i.uniq AND NOT i.replident"
    ),
    "cluster on": (
        "SELECT format('ALTER TABLE %s CLUSTER ON %s', i.table, i.bare), CASE WHEN NOT EXISTS (SELECT FROM ind o"
        " WHERE o.table = i.table AND o.clustered) THEN format('ALTER TABLE %s SET WITHOUT CLUSTER', i.table) END"
        " FROM ind i WHERE NOT i.clustered"
    ),
    "security": (
        "SELECT format('ALTER TABLE %s %s ROW LEVEL SECURITY', name, CASE WHEN secured THEN 'DISABLE' ELSE 'ENABLE'"
        " END), format('ALTER TABLE %s %s ROW LEVEL SECURITY', name, CASE WHEN secured THEN 'ENABLE' ELSE 'DISABLE'"
        " END) FROM tab"
    ),
    "forced security": (
        "SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name), format('ALTER TABLE %s NO FORCE ROW LEVEL"
        " SECURITY', name) FROM tab WHERE NOT forced"
    ),
    "inherit": (
        "SELECT format('ALTER TABLE %s NO INHERIT %s', name, i.inhparent::regclass), CASE WHEN (SELECT count(*)"
        " FROM pg_inherits o WHERE o.inhrelid = i.inhrelid) = 1 THEN format('ALTER TABLE %s INHERIT %s', name,"
        " i.inhparent::regclass) END FROM tab JOIN pg_inherits i ON i.inhrelid = tab.oid WHERE NOT part"
    ),
    "detach": (
        "SELECT format('ALTER TABLE %s DETACH PARTITION %s', i.inhparent::regclass, name), format('ALTER TABLE %s"
        " ATTACH PARTITION %s %s', i.inhparent::regclass, name, pg_get_expr(bound, oid)) FROM tab JOIN pg_inherits i"
        " ON i.inhrelid = tab.oid WHERE part"
    ),
    "new partition": (
        "SELECT format('CREATE TABLE elsewhere.rest PARTITION OF %s DEFAULT', name), 'DROP TABLE elsewhere.rest'"
        " FROM tab WHERE kind = 'p'"
    ),
    "access method": (
        "SELECT format('ALTER %s %s SET ACCESS METHOD pile', word, name), format('ALTER %s %s SET ACCESS METHOD"
        " heap', word, name) FROM rel WHERE kind IN ('r', 'm')"
    ),
    "access method of partitions": (
        "SELECT format('ALTER TABLE %s SET ACCESS METHOD pile', name), format('ALTER TABLE %s SET ACCESS METHOD"
        " DEFAULT', name) FROM tab WHERE kind = 'p'"
    ),
    "tablespace": (
        "SELECT format('ALTER %s %s SET TABLESPACE there', word, name), format('ALTER %s %s SET TABLESPACE"
        " pg_default', word, name) FROM rel WHERE kind IN ('r', 'i', 'm')"
    ),
    "of type": "SELECT 'CREATE TABLE app.typed OF app.pair', 'DROP TABLE app.typed'",
    # columns
    "add column": (
        "SELECT format('ALTER TABLE %s ADD COLUMN added int DEFAULT 5', name), format('ALTER TABLE %s DROP COLUMN"
        " added', name) FROM tab WHERE NOT part"
    ),
    "drop column": (
        "SELECT format('ALTER TABLE %s DROP COLUMN %s CASCADE', name, col), NULL FROM col WHERE inherited = 0"
    ),
    "column type": (
        "SELECT format('ALTER TABLE %s ALTER %s TYPE varchar(99) USING NULL', name, col), CASE WHEN NOT used AND"
        " NOT parent AND storage = usual AND compression = '' AND sorted = usually THEN format('ALTER TABLE %s ALTER"
        " %s TYPE %s USING NULL', name, col, type) END FROM col WHERE def IS NULL AND counted = ''"
    ),
    "set default": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s SET DEFAULT ''77''', name, col), coalesce(format('ALTER TABLE"
        " ONLY %s ALTER %s SET DEFAULT ', name, col) || def, format('ALTER TABLE ONLY %s ALTER %s DROP DEFAULT',"
        " name, col)) FROM col WHERE type IN ('integer', 'bigint', 'text', 'numeric') AND counted = '' AND made = ''"
    ),
    "drop default": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s DROP DEFAULT', name, col), format('ALTER TABLE ONLY %s ALTER"
        " %s SET DEFAULT %s', name, col, def) FROM col WHERE def IS NOT NULL AND made = ''"
    ),
    "drop expression": (
        "SELECT format('ALTER TABLE %s ALTER %s DROP EXPRESSION', name, col), NULL FROM col WHERE made = 's'"
    ),
    "set not null": (
        "SELECT format('ALTER TABLE %s ALTER %s SET NOT NULL', name, col), CASE WHEN NOT parent THEN format('ALTER"
        " TABLE %s ALTER %s DROP NOT NULL', name, col) END FROM col WHERE NOT filled"
    ),
    "drop not null": (
        "SELECT format('ALTER TABLE %s ALTER %s DROP NOT NULL', name, col), CASE WHEN NOT parent THEN format('ALTER"
        " TABLE %s ALTER %s SET NOT NULL', name, col) END FROM col WHERE filled"
    ),
    "rename column": (
        "SELECT format('ALTER TABLE %s RENAME %s TO renamed', name, col), format('ALTER TABLE %s RENAME renamed TO"
        " %s', name, col) FROM col"
    ),
    "storage": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s SET STORAGE EXTERNAL', name, col), format('ALTER TABLE ONLY %s"
        " ALTER %s SET STORAGE %s', name, col, CASE storage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm'"
        " THEN 'MAIN' ELSE 'EXTENDED' END) FROM col WHERE usual = 'x' AND storage <> 'e'"
    ),
    "statistics of a column": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s SET STATISTICS 33', name, col), format('ALTER TABLE ONLY %s"
        " ALTER %s SET STATISTICS %s', name, col, coalesce(target, -1)) FROM col"
    ),
    "column option": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s SET (n_distinct = 9)', name, col), format('ALTER TABLE ONLY %s"
        " ALTER %s RESET (n_distinct)', name, col) FROM col WHERE told IS NULL"
    ),
    "compression": (
        "SELECT format('ALTER TABLE ONLY %s ALTER %s SET COMPRESSION pglz', name, col), format('ALTER TABLE ONLY %s"
        " ALTER %s SET COMPRESSION default', name, col) FROM col WHERE usual <> 'p' AND compression = ''"
    ),
    "collation of a column": (
        "SELECT format('ALTER TABLE %s ALTER %s TYPE text COLLATE app.bytes', name, col), NULL FROM col WHERE type"
        " = 'text'"
    ),
    "make identity": (
        "SELECT format('ALTER TABLE %s ALTER %s SET NOT NULL, ALTER %2$s ADD GENERATED ALWAYS AS IDENTITY', name,"
        " col), CASE WHEN filled THEN format('ALTER TABLE %s ALTER %s DROP IDENTITY', name, col) END FROM col WHERE"
        " type IN ('integer', 'bigint', 'smallint') AND def IS NULL AND counted = ''"
    ),
    "kind of identity": (
        "SELECT format('ALTER TABLE %s ALTER %s SET GENERATED %s', name, col, CASE counted WHEN 'a' THEN 'BY"
        " DEFAULT' ELSE 'ALWAYS' END), format('ALTER TABLE %s ALTER %s SET GENERATED %s', name, col, CASE counted"
        " WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END) FROM col WHERE counted <> ''"
    ),
    "drop identity": (
        "SELECT format('ALTER TABLE %s ALTER %s DROP IDENTITY', name, col), NULL FROM col WHERE counted <> ''"
    ),
    # constraints and indexes
    "add check": (
        "SELECT format('ALTER TABLE %s ADD CONSTRAINT added CHECK (%s IS NULL) NO INHERIT NOT VALID', name, col),"
        " format('ALTER TABLE %s DROP CONSTRAINT added', name) FROM col WHERE kind = 'r'"
    ),
    "add unique": (
        "SELECT format('ALTER TABLE %s ADD CONSTRAINT added UNIQUE (%s)', name, col), format('ALTER TABLE %s DROP"
        " CONSTRAINT added', name) FROM col"
    ),
    "add foreign key": (
        "SELECT format('ALTER TABLE %s ADD CONSTRAINT added FOREIGN KEY (%s) REFERENCES app.accounts NOT VALID',"
        " name, col), format('ALTER TABLE %s DROP CONSTRAINT added', name) FROM col WHERE type = 'integer'"
    ),
    "rename constraint": (
        "SELECT format('ALTER TABLE %s RENAME CONSTRAINT %s TO renamed', name, constr), format('ALTER TABLE %s"
        " RENAME CONSTRAINT renamed TO %s', name, constr) FROM con"
    ),
    "drop constraint": (
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %s', name, constr), CASE WHEN NOT parent AND NOT EXISTS"
        " (SELECT FROM pg_constraint k JOIN ind ON ind.oid = k.conindid WHERE k.oid = con AND (clustered OR"
        " replident)) THEN format('ALTER TABLE %s ADD CONSTRAINT %s %s', name, constr, def) END FROM con WHERE above"
        " = 0"
    ),
    "validate": "SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %s', name, constr), NULL FROM con WHERE NOT valid",
    "deferrable": (
        "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %s DEFERRABLE INITIALLY DEFERRED', name, constr),"
        " format('ALTER TABLE %s ALTER CONSTRAINT %s NOT DEFERRABLE', name, constr) FROM con WHERE type = 'f' AND"
        " NOT late AND above = 0"
    ),
    "create index": (
        "SELECT format('CREATE INDEX added ON %s ((%s IS NULL))', name, col), format('DROP INDEX %s.added', space)"
        " FROM col"
    ),
    "drop index": (
        "SELECT format('DROP INDEX %s', name), CASE WHEN NOT wide AND NOT clustered AND NOT replident AND kind ="
        " 'i' AND NOT child THEN def END FROM ind WHERE NOT behind"
    ),
    "index option": (
        "SELECT format('ALTER INDEX %s SET (fillfactor = 77)', name), CASE WHEN options IS NULL THEN format('ALTER"
        " INDEX %s RESET (fillfactor)', name) END FROM ind WHERE kind = 'i' AND how IN ('btree', 'hash')"
    ),
    "statistics of an index": (
        "SELECT format('ALTER INDEX %s ALTER 1 SET STATISTICS 9', name), format('ALTER INDEX %s ALTER 1 SET"
        " STATISTICS -1', name) FROM ind JOIN pg_index i ON i.indexrelid = ind.oid WHERE i.indkey[0] = 0"
    ),
    # triggers, rules, policies
    "switch trigger": (
        "SELECT format('ALTER TABLE %s %s TRIGGER %s', name, w, trigger), format('ALTER TABLE %s ENABLE TRIGGER"
        " %s', name, trigger) FROM trig, unnest('{DISABLE,ENABLE REPLICA,ENABLE ALWAYS}'::text[]) w WHERE enabled ="
        " 'O'"
    ),
    "switch all triggers": (
        "SELECT DISTINCT format('ALTER TABLE %s DISABLE TRIGGER ALL', name), format('ALTER TABLE %s ENABLE TRIGGER"
        " ALL', name) FROM tab JOIN pg_trigger g ON g.tgrelid = tab.oid WHERE NOT EXISTS (SELECT FROM pg_trigger o"
        " WHERE o.tgrelid = tab.oid AND o.tgenabled <> 'O')"
    ),
    "rename trigger": (
        "SELECT format('ALTER TRIGGER %s ON %s RENAME TO renamed', trigger, name), format('ALTER TRIGGER renamed ON"
        " %2$s RENAME TO %1$s', trigger, name) FROM trig"
    ),
    "drop trigger": (
        "SELECT format('DROP TRIGGER %s ON %s', trigger, name), CASE WHEN enabled = 'O' THEN def END FROM trig"
    ),
    "switch rule": (
        "SELECT format('ALTER TABLE %s %s RULE %s', name, w, rule), format('ALTER TABLE %s ENABLE RULE %s', name,"
        " rule) FROM rule, unnest('{DISABLE,ENABLE REPLICA,ENABLE ALWAYS}'::text[]) w WHERE enabled = 'O'"
    ),
    "rename rule": (
        "SELECT format('ALTER RULE %s ON %s RENAME TO renamed', rule, name), format('ALTER RULE renamed ON %2$s"
        " RENAME TO %1$s', rule, name) FROM rule"
    ),
    "drop rule": "SELECT format('DROP RULE %s ON %s', rule, name), CASE WHEN enabled = 'O' THEN def END FROM rule",
    "create policy": (
        "SELECT format('CREATE POLICY added ON %s AS RESTRICTIVE', name), format('DROP POLICY added ON %s', name)"
        " FROM tab"
    ),
    "rename policy": (
        "SELECT format('ALTER POLICY %s ON %s RENAME TO renamed', policy, name), format('ALTER POLICY renamed ON"
        " %2$s RENAME TO %1$s', policy, name) FROM policy"
    ),
    "roles of a policy": "SELECT format('ALTER POLICY %s ON %s TO writer', policy, name), NULL FROM policy",
    "policy": "SELECT format('ALTER POLICY %s ON %s USING (7 = 8)', policy, name), NULL FROM policy",
    "drop policy": "SELECT format('DROP POLICY %s ON %s', policy, name), NULL FROM policy",
    # sequences, views
    "sequence": (
        "SELECT format('ALTER SEQUENCE %s %s', name, w.there), format('ALTER SEQUENCE %s %s', name, w.back) FROM"
        " rel JOIN pg_sequence s ON s.seqrelid = rel.oid CROSS JOIN LATERAL (VALUES (format('INCREMENT %s',"
        " s.seqincrement + 1), format('INCREMENT %s', s.seqincrement)), (format('CACHE %s', s.seqcache + 1),"
        " format('CACHE %s', s.seqcache)), (CASE WHEN s.seqcycle THEN 'NO CYCLE' ELSE 'CYCLE' END, CASE WHEN"
        " s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END), (format('MAXVALUE %s', s.seqmax - 1), format('MAXVALUE %s',"
        " s.seqmax)), (format('MINVALUE %s', s.seqmin - 1), format('MINVALUE %s', s.seqmin)), (format('START %s',"
        " s.seqstart + 1), format('START %s', s.seqstart))) w (there, back)"
    ),
    "owner of a sequence": (
        "SELECT format('ALTER SEQUENCE %s OWNED BY app.accounts.id', name), CASE WHEN NOT EXISTS (SELECT FROM"
        " pg_depend d WHERE d.objid = rel.oid AND d.deptype = 'a') THEN format('ALTER SEQUENCE %s OWNED BY NONE',"
        " name) END FROM rel WHERE kind = 'S' AND space = 'app'"
    ),
    "view option": (
        "SELECT format('ALTER VIEW %s SET (security_barrier = on)', name), format('ALTER VIEW %s RESET"
        " (security_barrier)', name) FROM rel WHERE kind = 'v' AND options IS NULL"
    ),
    "option of a materialized view": (
        "SELECT format('ALTER MATERIALIZED VIEW %s SET (fillfactor = 55)', name), format('ALTER MATERIALIZED VIEW"
        " %s RESET (fillfactor)', name) FROM rel WHERE kind = 'm'"
    ),
    "column of a view": (
        "SELECT format('ALTER VIEW %s RENAME %I TO renamed', name, attname), format('ALTER VIEW %s RENAME renamed"
        " TO %I', name, attname) FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid WHERE kind = 'v'"
    ),
    "default of a view": (
        "SELECT format('ALTER VIEW %s ALTER %I SET DEFAULT ''5''', name, attname), format('ALTER VIEW %s ALTER %I"
        " DROP DEFAULT', name, attname) FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid WHERE kind = 'v'"
    ),
    "view": (
        "SELECT format('CREATE OR REPLACE VIEW %s AS SELECT * FROM (%s) AS w LIMIT 7', name,"
        " rtrim(pg_get_viewdef(oid), ';')), CASE WHEN options IS NULL THEN format('CREATE OR REPLACE VIEW %s AS %s',"
        " name, pg_get_viewdef(oid)) END FROM rel WHERE kind = 'v'"
    ),
    "drop view": "SELECT format('DROP %s %s CASCADE', word, name), NULL FROM rel WHERE kind IN ('v', 'm')",
    # routines
    "volatility": (
        "SELECT format('ALTER %s %s %s', word, name, w.word_), format('ALTER %s %s %s', word, name, CASE"
        " provolatile WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END) FROM func, (VALUES ('v',"
        " 'VOLATILE'), ('s', 'STABLE'), ('i', 'IMMUTABLE')) w (letter, word_) WHERE prokind = 'f' AND"
        " provolatile::text <> w.letter"
    ),
    "cost": (
        "SELECT format('ALTER %s %s COST 77', word, name), format('ALTER %s %s COST %s', word, name, procost) FROM"
        " func WHERE prokind = 'f'"
    ),
    "strict": (
        "SELECT format('ALTER %s %s %s', word, name, CASE WHEN proisstrict THEN a ELSE b END), format('ALTER %s %s"
        " %s', word, name, CASE WHEN proisstrict THEN b ELSE a END) FROM func, (VALUES ('CALLED ON NULL INPUT',"
        " 'STRICT')) w (a, b) WHERE prokind = 'f'"
    ),
    "security definer": (
        "SELECT format('ALTER %s %s SECURITY %s', word, name, CASE WHEN prosecdef THEN a ELSE b END), format('ALTER"
        " %s %s SECURITY %s', word, name, CASE WHEN prosecdef THEN b ELSE a END) FROM func, (VALUES ('INVOKER',"
        " 'DEFINER')) w (a, b) WHERE prokind <> 'a'"
    ),
    "leakproof": (
        "SELECT format('ALTER %s %s LEAKPROOF', word, name), format('ALTER %s %s NOT LEAKPROOF', word, name) FROM"
        " func WHERE prokind = 'f'"
    ),
    "parallel": (
        "SELECT format('ALTER %s %s PARALLEL RESTRICTED', word, name), format('ALTER %s %s PARALLEL %s', word,"
        " name, CASE proparallel WHEN 'u' THEN 'UNSAFE' ELSE 'SAFE' END) FROM func WHERE prokind = 'f'"
    ),
    "setting of a routine": (
        "SELECT format('ALTER %s %s SET statement_timeout TO ''7s''', word, name), format('ALTER %s %s RESET"
        " statement_timeout', word, name) FROM func WHERE prokind <> 'a'"
    ),
    "rename routine": (
        "SELECT format('ALTER %s %s RENAME TO renamed', word, name), format('ALTER %s %s RENAME TO %s', word,"
        " renamed, bare) FROM func"
    ),
    "schema of a routine": "SELECT format('ALTER %s %s SET SCHEMA elsewhere', word, name), NULL FROM func",
    "owner of a routine": (
        "SELECT format('ALTER %s %s OWNER TO writer', word, name), CASE WHEN proacl IS NULL THEN format('ALTER %s"
        " %s OWNER TO devkit', word, name) END FROM func"
    ),
    "drop routine": "SELECT format('DROP %s %s CASCADE', word, name), NULL FROM func",
    "grant on a routine": (
        "SELECT format('GRANT EXECUTE ON ROUTINE %s TO writer', name), format('REVOKE EXECUTE ON ROUTINE %s FROM"
        " writer', name) FROM func"
    ),
    "revoke from public": (
        "SELECT format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', name), format('GRANT EXECUTE ON ROUTINE %s TO"
        " PUBLIC', name) FROM func WHERE proacl IS NULL"
    ),
    # types
    "add label": (
        "SELECT format('ALTER TYPE %s ADD VALUE ''added'' BEFORE %L', name, (SELECT min(e.enumlabel) FROM pg_enum e"
        " WHERE e.enumtypid = typ.oid)), NULL FROM typ WHERE typtype = 'e'"
    ),
    "rename label": (
        "SELECT format('ALTER TYPE %s RENAME VALUE %L TO ''renamed''', name, e.enumlabel), format('ALTER TYPE %s"
        " RENAME VALUE ''renamed'' TO %L', name, e.enumlabel) FROM typ JOIN pg_enum e ON e.enumtypid = typ.oid"
    ),
    "rename type": (
        "SELECT format('ALTER %s %s RENAME TO renamed', word, name), format('ALTER %s %s.renamed RENAME TO %s',"
        " word, space, bare) FROM typ"
    ),
    "schema of a type": (
        "SELECT format('ALTER %s %s SET SCHEMA elsewhere', word, name), format('ALTER %s elsewhere.%s SET SCHEMA"
        " %s', word, bare, space) FROM typ WHERE typtype <> 'r'"
    ),
    "owner of a type": (
        "SELECT format('ALTER %s %s OWNER TO writer', word, name), CASE WHEN typacl IS NULL THEN format('ALTER %s"
        " %s OWNER TO devkit', word, name) END FROM typ"
    ),
    "grant on a type": (
        "SELECT format('GRANT USAGE ON TYPE %s TO writer', name), format('REVOKE USAGE ON TYPE %s FROM writer',"
        " name) FROM typ"
    ),
    "drop type": "SELECT format('DROP %s %s CASCADE', word, name), NULL FROM typ",
    "attribute": (
        "SELECT format('ALTER TYPE %s ADD ATTRIBUTE added int CASCADE', name), format('ALTER TYPE %s DROP ATTRIBUTE"
        " added CASCADE', name) FROM typ WHERE typtype = 'c'"
    ),
    "attribute's name": (
        "SELECT format('ALTER TYPE %s RENAME ATTRIBUTE a TO renamed', name), format('ALTER TYPE %s RENAME ATTRIBUTE"
        " renamed TO a', name) FROM typ WHERE typtype = 'c'"
    ),
    "not null of a domain": (
        "SELECT format('ALTER DOMAIN %s %s NOT NULL', name, CASE WHEN typnotnull THEN 'DROP' ELSE 'SET' END),"
        " format('ALTER DOMAIN %s %s NOT NULL', name, CASE WHEN typnotnull THEN 'SET' ELSE 'DROP' END) FROM typ"
        " WHERE typtype = 'd'"
    ),
    "default of a domain": (
        "SELECT format('ALTER DOMAIN %s SET DEFAULT 77', name), coalesce(format('ALTER DOMAIN %s SET DEFAULT ',"
        " name) || typdefault, format('ALTER DOMAIN %s DROP DEFAULT', name)) FROM typ WHERE typtype = 'd'"
    ),
    "add constraint of a domain": (
        "SELECT format('ALTER DOMAIN %s ADD CONSTRAINT added CHECK (VALUE <> 77)', name), format('ALTER DOMAIN %s"
        " DROP CONSTRAINT added', name) FROM typ WHERE typtype = 'd'"
    ),
    "rename constraint of a domain": (
        "SELECT format('ALTER DOMAIN %s RENAME CONSTRAINT %I TO renamed', name, conname), format('ALTER DOMAIN %s"
        " RENAME CONSTRAINT renamed TO %I', name, conname) FROM typ JOIN pg_constraint k ON k.contypid = typ.oid AND"
        " k.contype = 'c'"
    ),
    "drop constraint of a domain": (
        "SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', name, conname), format('ALTER DOMAIN %s ADD CONSTRAINT"
        " %I %s', name, conname, pg_get_constraintdef(k.oid)) FROM typ JOIN pg_constraint k ON k.contypid = typ.oid"
        " AND k.contype = 'c'"
    ),
    # grants and comments
    "grant": (
        "SELECT format('GRANT %s ON %s TO writer%s', w, name, x), format('REVOKE ALL ON %s FROM writer', name) FROM"
        " rel, unnest('{SELECT,UPDATE}'::text[]) w, unnest(ARRAY['', ' WITH GRANT OPTION']) x WHERE kind IN ('r',"
        " 'p', 'v', 'm')"
    ),
    "grant on a sequence": (
        "SELECT format('GRANT USAGE ON SEQUENCE %s TO writer', name), format('REVOKE ALL ON SEQUENCE %s FROM"
        " writer', name) FROM rel WHERE kind = 'S'"
    ),
    "grant on a column": (
        "SELECT format('GRANT %s (%s) ON %s TO writer', w, col, name), format('REVOKE ALL (%s) ON %s FROM writer',"
        " col, name) FROM col, unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) w"
    ),
    "revoke from the owner": (
        "SELECT format('REVOKE TRUNCATE ON %s FROM %s', name, owner), format('GRANT TRUNCATE ON %s TO"
        " %s', name, owner) FROM tab WHERE acl IS NULL"
    ),
    "revoke all": (
        "SELECT format('REVOKE ALL ON %s FROM %s', name, owner), format('GRANT ALL ON %s TO %s', name, owner)"
        " FROM tab WHERE acl IS NULL"
    ),
    "grant on a schema": (
        "SELECT format('GRANT %s ON SCHEMA %s TO writer', w, name), format('REVOKE ALL ON SCHEMA %s FROM writer',"
        " name) FROM space, unnest('{USAGE,CREATE}'::text[]) w"
    ),
    "default grant": (
        "SELECT format('ALTER DEFAULT PRIVILEGES %s GRANT %s TO writer', i, w), format('ALTER DEFAULT PRIVILEGES %s"
        " REVOKE %s FROM writer', i, w) FROM (SELECT '' AS i UNION ALL SELECT 'IN SCHEMA ' || name FROM space) s,"
        " unnest('{INSERT ON TABLES,USAGE ON SEQUENCES,EXECUTE ON FUNCTIONS,USAGE ON TYPES}'::text[]) w"
    ),
    "default revoke": (
        "SELECT format('ALTER DEFAULT PRIVILEGES REVOKE ALL ON %s FROM %s', w, x), format('ALTER DEFAULT PRIVILEGES"
        " GRANT ALL ON %s TO %s', w, x) FROM (VALUES ('FUNCTIONS', 'PUBLIC'), ('FUNCTIONS', 'devkit'), ('TABLES',"
        " 'devkit'), ('TYPES', 'PUBLIC'), ('SEQUENCES', 'devkit'), ('SCHEMAS', 'devkit')) v (w, x)"
    ),
    "comment": (
        "SELECT format('COMMENT ON %s %s IS ''another''', word, name), format('COMMENT ON %s %s IS %L', word, name,"
        " old) FROM described"
    ),
    "comment on a column": (
        "SELECT format('COMMENT ON COLUMN %s.%s IS ''another''', name, col), format('COMMENT ON COLUMN %s.%s IS"
        " %L', name, col, col_description(oid, num)) FROM col"
    ),
    "comment on a constraint": (
        "SELECT format('COMMENT ON CONSTRAINT %s ON %s IS ''another''', constr, name), format('COMMENT ON"
        " CONSTRAINT %s ON %s IS NULL', constr, name) FROM con"
    ),
    "comment on a trigger": (
        "SELECT format('COMMENT ON TRIGGER %s ON %s IS ''another''', trigger, name), format('COMMENT ON TRIGGER %s"
        " ON %s IS NULL', trigger, name) FROM trig"
    ),
    "comment on a rule": (
        "SELECT format('COMMENT ON RULE %s ON %s IS ''another''', rule, name), format('COMMENT ON RULE %s ON %s IS"
        " NULL', rule, name) FROM rule"
    ),
    "comment on a policy": (
        "SELECT format('COMMENT ON POLICY %s ON %s IS ''another''', policy, name), format('COMMENT ON POLICY %s ON"
        " %s IS NULL', policy, name) FROM policy"
    ),
    # schemas, statistics, operators
    "rename schema": (
        "SELECT format('ALTER SCHEMA %s RENAME TO renamed', name), format('ALTER SCHEMA renamed RENAME TO %s',"
        " name) FROM space"
    ),
    "owner of a schema": (
        "SELECT format('ALTER SCHEMA %s OWNER TO writer', name), CASE WHEN acl IS NULL THEN format('ALTER SCHEMA %s"
        " OWNER TO devkit', name) END FROM space"
    ),
    "drop schema": "SELECT format('DROP SCHEMA %s CASCADE', name), NULL FROM space",
    "statistics": (
        "SELECT format('ALTER STATISTICS %s %s', name, v), format('ALTER STATISTICS %s %s', w, x) FROM (SELECT"
        " format('%s.%I', s.name, stxname) AS name, format('%s.renamed', s.name) AS renamed, quote_ident(stxname) AS"
        " bare, s.name AS space FROM pg_statistic_ext JOIN space s ON s.oid = stxnamespace) y CROSS JOIN LATERAL"
        " (VALUES ('SET STATISTICS 77', name, 'SET STATISTICS -1'), ('RENAME TO renamed', renamed, 'RENAME TO ' ||"
        " bare), ('SET SCHEMA elsewhere', 'elsewhere.' || bare, 'SET SCHEMA ' || space), ('OWNER TO writer', name,"
        " 'OWNER TO devkit')) z (v, w, x) WHERE space <> 'elsewhere'"
    ),
    "drop statistics": (
        "SELECT format('DROP STATISTICS %s.%I', s.name, stxname), pg_get_statisticsobjdef(e.oid) FROM"
        " pg_statistic_ext e JOIN space s ON s.oid = stxnamespace"
    ),
    "operator": (
        "SELECT format('%s %s %s', v, o.oid::regoperator, w), CASE x WHEN '' THEN NULL ELSE format('ALTER OPERATOR"
        " %s %s', o.oid::regoperator, x) END FROM pg_operator o JOIN space s ON s.oid = o.oprnamespace CROSS JOIN"
        " (VALUES ('DROP OPERATOR', 'CASCADE', ''), ('ALTER OPERATOR', 'SET SCHEMA elsewhere', ''), ('ALTER"
        " OPERATOR', 'OWNER TO writer', 'OWNER TO devkit'), ('ALTER OPERATOR', 'SET (RESTRICT = eqsel)', 'SET"
        " (RESTRICT = NONE)')) z (v, w, x) WHERE o.oprrest = 0::regproc AND o.oprnamespace <> (SELECT extnamespace"
        " FROM pg_extension WHERE extname = 'hstore')"
    ),
}

# Changes of what SOMETHING has one of, and what undoes them.
WRITTEN: tuple[tuple[str, str | None], ...] = (
    ("DROP CAST (app.mood AS int)", "CREATE CAST (app.mood AS int) WITH INOUT"),
    ("CREATE CAST (int AS app.mood) WITH INOUT AS ASSIGNMENT", "DROP CAST (int AS app.mood)"),
    ("ALTER COLLATION app.bytes RENAME TO renamed", "ALTER COLLATION app.renamed RENAME TO bytes"),
    ("ALTER COLLATION app.bytes SET SCHEMA elsewhere", "ALTER COLLATION elsewhere.bytes SET SCHEMA app"),
    ("ALTER COLLATION app.bytes OWNER TO writer", "ALTER COLLATION app.bytes OWNER TO devkit"),
    ("DROP COLLATION app.bytes", 'CREATE COLLATION app.bytes FROM "C"'),
    (
        "ALTER TEXT SEARCH CONFIGURATION app.words RENAME TO renamed",
        "ALTER TEXT SEARCH CONFIGURATION app.renamed RENAME TO words",
    ),
    (
        "ALTER TEXT SEARCH CONFIGURATION app.words OWNER TO writer",
        "ALTER TEXT SEARCH CONFIGURATION app.words OWNER TO devkit",
    ),
    (
        "ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR word WITH app.book, simple",
        "ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR word WITH simple",
    ),
    (
        "ALTER TEXT SEARCH CONFIGURATION app.words DROP MAPPING FOR word",
        "ALTER TEXT SEARCH CONFIGURATION app.words ADD MAPPING FOR word WITH simple",
    ),
    ("ALTER TEXT SEARCH DICTIONARY app.book (accept = false)", "ALTER TEXT SEARCH DICTIONARY app.book (accept)"),
    ("ALTER TEXT SEARCH DICTIONARY app.book OWNER TO writer", "ALTER TEXT SEARCH DICTIONARY app.book OWNER TO devkit"),
    ("DROP TEXT SEARCH DICTIONARY app.book", "CREATE TEXT SEARCH DICTIONARY app.book (TEMPLATE = simple)"),
    ("ALTER PUBLICATION feed ADD TABLE app.bets", "ALTER PUBLICATION feed DROP TABLE app.bets"),
    (
        "ALTER PUBLICATION feed SET TABLE app.accounts (id, note)",
        "ALTER PUBLICATION feed SET TABLE app.accounts (id, name)",
    ),
    (
        "ALTER PUBLICATION feed SET TABLE app.accounts (id, name) WHERE (id > 7)",
        "ALTER PUBLICATION feed SET TABLE app.accounts (id, name)",
    ),
    (
        "ALTER PUBLICATION feed SET (publish = 'insert')",
        "ALTER PUBLICATION feed SET (publish = 'insert, update, delete, truncate')",
    ),
    (
        "ALTER PUBLICATION feed SET (publish_via_partition_root = on)",
        "ALTER PUBLICATION feed SET (publish_via_partition_root = off)",
    ),
    ("ALTER PUBLICATION feed RENAME TO renamed", "ALTER PUBLICATION renamed RENAME TO feed"),
    ("ALTER PUBLICATION feed OWNER TO writer", "ALTER PUBLICATION feed OWNER TO devkit"),
    ("DROP PUBLICATION feed", "CREATE PUBLICATION feed FOR TABLE app.accounts (id, name)"),
    ("CREATE PUBLICATION more FOR TABLES IN SCHEMA app", "DROP PUBLICATION more"),
    ("CREATE PUBLICATION more FOR ALL TABLES", "DROP PUBLICATION more"),
    ("ALTER EVENT TRIGGER hears DISABLE", "ALTER EVENT TRIGGER hears ENABLE"),
    ("ALTER EVENT TRIGGER hears RENAME TO renamed", "ALTER EVENT TRIGGER renamed RENAME TO hears"),
    ("DROP EVENT TRIGGER hears", None),
    ("ALTER EXTENSION hstore SET SCHEMA elsewhere", "ALTER EXTENSION hstore SET SCHEMA public"),
    ("CREATE EXTENSION pg_trgm SCHEMA app", "DROP EXTENSION pg_trgm"),
    (
        "ALTER OPERATOR FAMILY app.family USING btree ADD OPERATOR 3 app.=== (int, int), FUNCTION 1 btint4cmp",
        "ALTER OPERATOR FAMILY app.family USING btree DROP OPERATOR 3 (int, int), FUNCTION 1 (int, int)",
    ),
    (
        "ALTER OPERATOR FAMILY app.family USING btree RENAME TO renamed",
        "ALTER OPERATOR FAMILY app.renamed USING btree RENAME TO family",
    ),
    (
        "CREATE OPERATOR CLASS app.class FOR TYPE int USING btree FAMILY app.family AS FUNCTION 1 btint4cmp (int, int)",
        "DROP OPERATOR CLASS app.class USING btree",
    ),
    ("ALTER SERVER there OPTIONS (ADD host 'h')", "ALTER SERVER there OPTIONS (DROP host)"),
    ("ALTER SERVER there RENAME TO renamed", "ALTER SERVER renamed RENAME TO there"),
    ("CREATE SERVER more FOREIGN DATA WRAPPER far", "DROP SERVER more"),
    ("ALTER FOREIGN DATA WRAPPER far OPTIONS (ADD a 'b')", "ALTER FOREIGN DATA WRAPPER far OPTIONS (DROP a)"),
    ("CREATE USER MAPPING FOR writer SERVER there", "DROP USER MAPPING FOR writer SERVER there"),
    ("GRANT USAGE ON FOREIGN SERVER there TO writer", "REVOKE USAGE ON FOREIGN SERVER there FROM writer"),
    ("ALTER FOREIGN TABLE app.away OPTIONS (ADD a 'b')", "ALTER FOREIGN TABLE app.away OPTIONS (DROP a)"),
    (
        "ALTER FOREIGN TABLE app.away ALTER id OPTIONS (ADD a 'b')",
        "ALTER FOREIGN TABLE app.away ALTER id OPTIONS (DROP a)",
    ),
    ("CREATE ACCESS METHOD more TYPE TABLE HANDLER heap_tableam_handler", "DROP ACCESS METHOD more"),
    ("ALTER AGGREGATE app.total (int) RENAME TO renamed", "ALTER AGGREGATE app.renamed (int) RENAME TO total"),
    (
        "CREATE OR REPLACE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '7')",
        "CREATE OR REPLACE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int)",
    ),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Alter:
    """A statement, and what undoes it, where something does."""

    kind: str
    statement: str
    inverse: str | None


@pytest.fixture(scope="module")
def running(found: Cache) -> Iterator[Embedded]:
    """A server with a template that has something of each kind."""
    with server(found, silent) as started:
        with started.admin() as admin:
            admin.execute("CREATE ROLE reader; CREATE ROLE writer SUPERUSER")
            admin.execute("SET allow_in_place_tablespaces TO on")
            admin.execute("CREATE TABLESPACE there LOCATION ''")
            admin.execute("CREATE DATABASE something")
        with started.admin("something") as database:
            database.execute(SOMETHING)
        yield started


@pytest.fixture
def database(running: Embedded) -> Iterator[psycopg.Connection]:
    """A copy of the template."""
    with running.admin("postgres") as admin:
        admin.execute("CREATE DATABASE chance TEMPLATE something STRATEGY FILE_COPY")
        with running.admin("chance") as inside:
            inside.execute(VIEWS)
            yield inside
        admin.execute("DROP DATABASE chance WITH (FORCE)")


@pytest.mark.full
@pytest.mark.parametrize("seed", first(3, range(200)))
def test_what_chance_changes_is_seen(database: psycopg.Connection, seed: int) -> None:
    before = _make(database, seed)
    chance = random.Random(seed)
    changed = 0
    for kind in chance.sample((*ALTERS, "written"), EACH):
        changed += _is_seen(database, before, kind, chance)
    assert changed >= EACH * 0.7  # the others found nothing, or the server refused them


@pytest.mark.full
@pytest.mark.parametrize("round_", range(4))
def test_each_kind_of_change_is_seen(database: psycopg.Connection, round_: int) -> None:
    """And none of them is one that the server always refuses."""
    before = _make(database, 1000 + round_)
    chance = random.Random(round_)
    seen = collections.Counter(kind for kind in ALTERS if _is_seen(database, before, kind, chance))
    assert set(ALTERS) - set(seen) == set()


@pytest.mark.full
def test_each_written_change_is_seen(database: psycopg.Connection) -> None:
    before, missed = read_snapshot(database), []
    for each in _found(database, "written"):
        try:
            assert _alter_is_seen(database, before, each), f"refused: {each}"
        except AssertionError as error:
            missed.append(str(error).partition("\n")[0])
    assert missed == []


def _make(database: psycopg.Connection, seed: int) -> Snapshot:
    for statement in statements(seed):
        try:
            database.execute(statement.encode())
        except psycopg.Error:
            continue  # chance does not know every rule
    database.execute("SET search_path TO ''")
    return read_snapshot(database)


def _is_seen(database: psycopg.Connection, before: Snapshot, kind: str, chance: random.Random) -> bool:
    """Whether one of the changes of that kind could be made; if so, it was seen, and its undoing."""
    found = _found(database, kind)
    chance.shuffle(found)
    return any(_alter_is_seen(database, before, each) for each in found[:20])


def _alter_is_seen(database: psycopg.Connection, before: Snapshot, alter: Alter) -> bool:
    """False when the server refuses it; it is rolled back."""
    with database.transaction(force_rollback=True):
        try:
            with database.transaction():
                database.execute(alter.statement.encode())
        except psycopg.Error:
            return False
        assert differences(before, read_snapshot(database)) != (), f"not seen: {alter}"
        if alter.inverse is not None:
            database.execute(alter.inverse.encode())
            left = differences(before, read_snapshot(database))
            assert left == (), f"not undone: {alter}: {left}"
    return True


def _found(database: psycopg.Connection, kind: str) -> list[Alter]:
    if kind == "written":
        return [Alter(kind, *each) for each in WRITTEN]
    rows = database.execute(f'SELECT * FROM ({ALTERS[kind]}) a (b, c) ORDER BY b COLLATE "C"'.encode()).fetchall()
    return [Alter(kind, statement, inverse) for statement, inverse in rows]
