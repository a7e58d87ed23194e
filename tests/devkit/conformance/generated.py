"""Scenarios put together by chance: a few tables of every kind, and what migrations do to them.

A statement is a text with marks, which wording.py spells: <t:name> is a relation (`lot.` and `attic.` before it are its
schema), <n:name> any other name, <r:name> a relation as a function takes it, <q:name> the same as a text, <c:name> a
column as a text, <s:name> a schema, <g:name> a schema as a function takes it.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Sequence
from typing import Literal

# When another form means the same: always; when what it names was there; when it was not there yet; after an ok alone.
When = Literal["always", "there", "absent", "ok"]


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """One way to say a step: its statements, and when they mean the same as the first form."""

    statements: tuple[str, ...]
    when: When = "always"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """What a scenario does next. `alone`: as a statement of its own at the top, never inside a block."""

    kind: str
    forms: tuple[Form, ...]
    alone: bool = False


TABLES = ("orders", "items", "kinds", "notes", "ledger")
PARTS = ("spring", "autumn")
SHARDED = ("lot.rooms", "lot.beds")
NEW_TABLES = ("bills", "copies", "digest")
COLUMNS = ("tenant", "idno", "refno", "amount", "memo", "daily")
OTHERS = (
    "extra", "fresh", "rule_one", "rule_two", "quick_one", "quick_two", "watch_one", "watch_two", "touchy",
    "counter", "glance", "gatekeep", "figures", "lot", "attic", "handy", "shape", "fk_one", "fk_two",
)  # fmt: skip
NAMES = (
    *TABLES, *PARTS, *(name.partition(".")[2] for name in SHARDED), *NEW_TABLES, *COLUMNS, *OTHERS,
    *(f"pk_{table.rpartition('.')[2]}" for table in (*TABLES, *PARTS, *SHARDED, *NEW_TABLES)),
)  # fmt: skip

_RANGES = {"spring": "FOR VALUES FROM ('2026-01-01') TO ('2026-06-01')", "autumn": "DEFAULT"}
_TYPES = {"tenant": "bigint", "idno": "bigint", "refno": "bigint", "amount": "int", "memo": "text", "daily": "date"}


def scenario(seed: int) -> tuple[Step, ...]:
    """The steps of this seed, always the same."""
    return tuple(_Scenario(random.Random(seed)).steps())


def _step(kind: str, *texts: str, alone: bool = False, there: Sequence[str] = (), absent: Sequence[str] = ()) -> Step:
    forms = [Form((text,)) for text in texts]
    forms += [Form((text,), "there") for text in there]
    forms += [Form((text,), "absent") for text in absent]
    return Step(kind, tuple(forms), alone)


def _literal_args(function: str, *arguments: tuple[str, str]) -> tuple[str, ...]:
    """The call with its arguments by place, by name, and half and half."""
    places = ", ".join(value for _, value in arguments)
    names = ", ".join(f"{name} => {value}" for name, value in arguments)
    old = ", ".join(f"{name} := {value}" for name, value in reversed(arguments))
    mixed = ", ".join((arguments[0][1], *(f"{name} => {value}" for name, value in arguments[1:])))
    return tuple(f"SELECT {function}({each})" for each in (places, names, old, mixed))


class _Scenario:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._tables: list[str] = []
        self._parts: list[str] = []
        self._families = {"ledger", *PARTS}  # with partitions or children: ONLY is another thing there
        self._any = chance.choice
        self._sharded = False
        self._keys: dict[str, str] = {}  # the columns of the primary keys

    def steps(self) -> list[Step]:
        """The tables first, then whatever comes."""
        chance = self._chance
        steps = [
            _step(
                "create function",
                "CREATE FUNCTION <t:touchy>() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                alone=True,
            ),
            _step(
                "create sequence",
                "CREATE SEQUENCE <t:counter>",
                "CREATE SEQUENCE <t:counter> START 1",
                absent=["CREATE SEQUENCE IF NOT EXISTS <t:counter>"],
            ),
        ]
        if chance.random() < 0.7:
            steps.append(
                _step(
                    "coordinator",
                    "SELECT citus_set_coordinator_host('localhost')",
                    "SELECT citus_set_coordinator_host(host => 'localhost')",
                )
            )
        for name in chance.sample(TABLES, chance.randint(3, 4)):
            steps += self._table(name)
        if chance.random() < 0.3:
            steps += self._schema_of_its_own()
        makers = _makers(self)
        for _ in range(chance.randint(14, 20)):
            steps += self._any(makers)()
        return steps

    # -- tables, and what they become

    def _table(self, name: str) -> list[Step]:
        parted = name == "ledger"
        bare = name.rpartition(".")[2]
        number = self._any(["bigint", "bigint", "bigserial", "int", "bigint GENERATED BY DEFAULT AS IDENTITY",
                            "bigint DEFAULT nextval(<q:counter>)"])  # fmt: skip
        columns = (
            f"<n:tenant> bigint NOT NULL, <n:idno> {number} NOT NULL, <n:refno> bigint, <n:amount> int DEFAULT 1, "
            f"<n:memo> text, <n:daily> date{' NOT NULL' if parted else ''}"
        )
        keys = ["(<n:tenant>, <n:idno>)"] * 3 + ["(<n:idno>)", "(<n:tenant>)"]
        key = "(<n:tenant>, <n:idno>, <n:daily>)" if parted else self._any([*keys, "(<n:idno>) INCLUDE (<n:tenant>)"])
        rules = [f"CONSTRAINT <n:pk_{bare}> PRIMARY KEY {key}"] if self._chance.random() < 0.8 else []
        if self._keys and self._chance.random() < 0.4:
            rules.append(f"CONSTRAINT <n:fk_one> FOREIGN KEY {self._reference()}")
        if rules and rules[0].endswith(key):
            self._keys[name] = " ".join(re.findall(r"<n:(\w+)>", key.partition(")")[0]))
        if self._chance.random() < 0.1 and not parted:
            rules.append("CONSTRAINT <n:rule_two> UNIQUE (<n:memo>)")
        alone = name.startswith("lot.")
        made = [self._created(name, columns, rules, " PARTITION BY RANGE (<n:daily>)" if parted else "", alone=alone)]
        self._tables.append(name)
        if parted:
            for part in self._chance.sample(PARTS, self._chance.randint(0, 2)):
                made.append(self._part(part, name))
                self._parts.append(part)
        if self._chance.random() < 0.12:
            made += self._create_trigger(name)
        if self._chance.random() < 0.8 and not alone:
            made += self._convert(name)
        return made

    @staticmethod
    def _created(name: str, columns: str, rules: Sequence[str], rest: str, *, alone: bool) -> Step:
        table = f"<t:{name}>"
        shape = "<t:lot.shape>" if name.startswith("lot.") else "<t:shape>"
        whole = f"CREATE TABLE {table} ({', '.join((columns, *rules))}){rest}"
        like = f"LIKE {shape} INCLUDING ALL"
        forms = [
            Form((whole,)),
            Form((whole.replace("TABLE", "TABLE IF NOT EXISTS", 1),), "absent"),
            Form(
                (f"CREATE TABLE {table} ({columns}){rest}", *(f"ALTER TABLE {table} ADD {each}" for each in rules)),
                "ok",
            ),
        ]
        if "IDENTITY" not in columns and "bigserial" not in columns:  # a LIKE'd serial belongs to the other table
            made = f"CREATE TABLE {table} ({', '.join((like, *rules))}){rest}"
            forms.append(Form((f"CREATE TABLE {shape} ({columns})", made, f"DROP TABLE {shape}"), "ok"))
        return Step("create table", tuple(forms), alone)

    @staticmethod
    def _part(part: str, parent: str) -> Step:
        bounds = _RANGES[part]
        return Step(
            "create partition",
            (
                Form((f"CREATE TABLE <t:{part}> PARTITION OF <t:{parent}> {bounds}",)),
                Form((f"CREATE TABLE IF NOT EXISTS <t:{part}> PARTITION OF <t:{parent}> {bounds}",), "absent"),
                Form(
                    (
                        f"CREATE TABLE <t:{part}> (LIKE <t:{parent}> INCLUDING DEFAULTS)",
                        f"ALTER TABLE <t:{parent}> ATTACH PARTITION <t:{part}> {bounds}",
                    ),
                    "ok",
                ),
            ),
        )

    def _reference(self) -> str:
        """The columns of a foreign key, and where it leads."""
        other = self._any([*self._keys] or self._tables)
        columns = self._keys.get(other, "tenant idno")
        pair = self._any([f"{columns}|{columns}", f"{columns.replace('idno', 'refno')}|{columns}"])
        if self._chance.random() < 0.1:
            pair = self._any(["refno|idno", "tenant refno|tenant idno", "amount|tenant"])
        own, its = ([f"<n:{each}>" for each in side.split()] for side in pair.split("|"))
        action = self._any(["", "", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE"])
        return f"({', '.join(own)}) REFERENCES <t:{other}> ({', '.join(its)}){action}"

    def _convert(self, name: str) -> list[Step]:
        how = self._any(["hash", "hash", "hash", "with", "none", "shards", "reference", "reference", "local", "single"])
        table = ("table_name", f"<r:{name}>")
        key = ("distribution_column", "<c:tenant>" if self._chance.random() < 0.85 else "<c:idno>")
        if how == "reference":
            return [_step("create_reference_table", *_literal_args("create_reference_table", table))]
        if how == "local":
            cascade = ("cascade_via_foreign_keys", self._any(["true", "false"]))
            return [_step("add local table", *_literal_args("citus_add_local_table_to_metadata", table, cascade))]
        rest: tuple[tuple[str, str], ...] = ()
        if how == "with":
            rest = (("colocate_with", f"<q:{self._any(self._tables[:-1] or self._tables)}>"),)
        elif how == "none":
            rest = (("colocate_with", "'none'"),)
        elif how == "single":
            key = ("distribution_column", "NULL")
        kind = "create single-shard table" if how == "single" else "create_distributed_table"
        if how == "shards":
            call = f"create_distributed_table(<r:{name}>, {key[1]}, shard_count"
            return [_step(kind, f"SELECT {call} => 4)", f"SELECT {call} := 4)")]
        if rest:
            by_name = ", ".join(f"{n} => {v}" for n, v in (table, key, *rest))
            return [
                _step(
                    kind,
                    f"SELECT create_distributed_table(<r:{name}>, {key[1]}, 'hash', {rest[0][1]})",
                    f"SELECT create_distributed_table({by_name})",
                    f"SELECT pg_catalog.create_distributed_table({table[1]}, {key[1]}, colocate_with => {rest[0][1]})",
                )
            ]
        return [_step(kind, *_literal_args("create_distributed_table", table, key))]

    def _schema_of_its_own(self) -> list[Step]:
        self._sharded = True
        make = [_step("create schema", "CREATE SCHEMA <s:lot>", absent=["CREATE SCHEMA IF NOT EXISTS <s:lot>"])]
        convert = [
            _step(
                "citus_schema_distribute",
                "SELECT citus_schema_distribute(<g:lot>)",
                "SELECT citus_schema_distribute(schemaname => <g:lot>)",
            )
        ]
        tables = [step for name in SHARDED for step in self._table(name)]
        at = self._any([0, 1, len(tables)])
        return make + tables[:at] + convert + tables[at:]

    # -- one step each, for _makers

    def _one(self) -> str:
        return self._any([*self._tables, *self._tables, *self._parts])

    def _alter(self, kind: str, rest: str, *others: str, table: str | None = None) -> list[Step]:
        """ALTER TABLE of one table, with its ways to say it."""
        name = table or self._one()
        alters = [f"ALTER TABLE <t:{name}> {each}" for each in (rest, *others)]
        if name not in self._families:
            alters.append(f"ALTER TABLE ONLY <t:{name}> {rest}")
            alters.append(f"ALTER TABLE <t:{name}> * {rest}")
        return [_step(kind, *alters, there=[f"ALTER TABLE IF EXISTS <t:{name}> {self._any([rest, *others])}"])]

    def _add_column(self) -> list[Step]:
        what = self._any(
            [
                "int", "text", "numeric(10, 2)", "timestamp(3) with time zone DEFAULT now()", "int NOT NULL DEFAULT 3",
                "int CHECK (<n:extra> > 0)", "int UNIQUE", "int PRIMARY KEY", "serial", "bigserial NOT NULL",
                "bigint GENERATED ALWAYS AS IDENTITY", "bigint DEFAULT nextval(<q:counter>)",
                "bigint NOT NULL DEFAULT nextval(<q:counter>)", "int CONSTRAINT <n:rule_one> CHECK (<n:extra> > 0)",
                'text COLLATE "C" DEFAULT \'a, b\'', "text DEFAULT $x$, DROP COLUMN tenant$x$",
                "text DEFAULT E'it\\'s, x'",
                f"bigint REFERENCES <t:{self._one()}> (<n:idno>)",
                f"bigint CONSTRAINT <n:fk_two> REFERENCES <t:{self._one()}> ON DELETE SET NULL",
                "int GENERATED ALWAYS AS (<n:amount> * 2) STORED", "int[] DEFAULT '{1,2}'", "double precision NULL",
            ]
        )  # fmt: skip
        name = self._one()
        steps = self._alter("add column", f"ADD COLUMN <n:extra> {what}", f"ADD <n:extra> {what}", table=name)
        absent = Form((f"ALTER TABLE <t:{name}> ADD COLUMN IF NOT EXISTS <n:extra> {what}",), "absent")
        return [dataclasses.replace(steps[0], forms=(*steps[0].forms, absent))]

    def _drop_column(self) -> list[Step]:
        column = f"<n:{self._any(['tenant', 'tenant', 'extra', 'memo', 'refno', 'amount'])}>"
        name = self._one()
        steps = self._alter(
            "drop column", f"DROP COLUMN {column}", f"DROP {column}", f"DROP {column} RESTRICT", table=name
        )
        there = Form((f"ALTER TABLE <t:{name}> DROP COLUMN IF EXISTS {column}",), "there")
        return [dataclasses.replace(steps[0], forms=(*steps[0].forms, there))]

    def _alter_column(self) -> list[Step]:
        column = self._any(COLUMNS)
        name = f"<n:{column}>"
        kind, what = self._any(
            [
                ("set default", "SET DEFAULT NULL"), ("drop default", "DROP DEFAULT"), ("set not null", "SET NOT NULL"),
                ("drop not null", "DROP NOT NULL"), ("set statistics", "SET STATISTICS 100"),
                ("set storage", "SET STORAGE PLAIN"), ("set compression", "SET COMPRESSION default"),
                ("set column options", "SET (n_distinct = 5)"), ("drop expression", "DROP EXPRESSION IF EXISTS"),
                ("add identity", "ADD GENERATED BY DEFAULT AS IDENTITY"), ("drop identity", "DROP IDENTITY IF EXISTS"),
                ("set default nextval", "SET DEFAULT nextval(<q:counter>)"),
                ("set default nextval", "SET DEFAULT pg_catalog.nextval(<q:counter>)"),
            ]
        )  # fmt: skip
        return self._alter(kind, f"ALTER COLUMN {name} {what}", f"ALTER {name} {what}")

    def _alter_type(self) -> list[Step]:
        column = self._any(["tenant", "tenant", "idno", "memo", "amount"])
        name, new = f"<n:{column}>", self._any(["text", "varchar(40)", "numeric(20, 2)"])
        if column == "memo":
            new = "varchar(40)"
        table = self._one()
        steps = self._alter(
            "alter type", f"ALTER COLUMN {name} TYPE {new}", f"ALTER {name} SET DATA TYPE {new}", table=table
        )
        using = Form((f"ALTER TABLE <t:{table}> ALTER {name} TYPE {new} USING {name}::{new}",), "ok")
        return [dataclasses.replace(steps[0], forms=(*steps[0].forms, using))]

    def _add_constraint(self) -> list[Step]:
        what = self._any(
            [
                "PRIMARY KEY (<n:tenant>, <n:idno>)", "PRIMARY KEY (<n:idno>)", "UNIQUE (<n:memo>)",
                "UNIQUE (<n:tenant>, <n:memo>)", "UNIQUE (<n:idno>) INCLUDE (<n:tenant>)", "CHECK (<n:amount> > 0)",
                "CHECK (<n:amount> > 0) NOT VALID", "EXCLUDE USING btree (<n:memo> WITH =)",
                "EXCLUDE USING btree (<n:tenant> WITH =, <n:memo> WITH =)", f"FOREIGN KEY {self._reference()}",
                f"FOREIGN KEY {self._reference()}", f"FOREIGN KEY {self._reference()}",
            ]
        )  # fmt: skip
        named = self._chance.random() < 0.7
        name = f"CONSTRAINT <n:{self._any(['rule_one', 'rule_two', 'fk_two'])}> " if named else ""
        return self._alter("add constraint", f"ADD {name}{what}")

    def _drop_constraint(self) -> list[Step]:
        table = self._one()
        name = self._any(["rule_one", "fk_one", "fk_two", f"pk_{table.rpartition('.')[2]}"])
        steps = self._alter(
            "drop constraint", f"DROP CONSTRAINT <n:{name}>", f"DROP CONSTRAINT <n:{name}> RESTRICT", table=table
        )
        there = Form((f"ALTER TABLE <t:{table}> DROP CONSTRAINT IF EXISTS <n:{name}>",), "there")
        return [dataclasses.replace(steps[0], forms=(*steps[0].forms, there))]

    def _other_constraint(self) -> list[Step]:
        name = f"<n:{self._any(['fk_one', 'fk_one', 'rule_one'])}>"
        kind, what = self._any(
            [
                ("validate constraint", f"VALIDATE CONSTRAINT {name}"),
                ("alter constraint", f"ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"),
                ("rename constraint", f"RENAME CONSTRAINT {name} TO <n:rule_two>"),
            ]
        )
        return self._alter(kind, what)

    def _table_options(self) -> list[Step]:
        table = self._one()
        pk = f"<n:pk_{table.rpartition('.')[2]}>"
        kind, what = self._any(
            [
                ("set options", "SET (fillfactor = 70)"), ("reset options", "RESET (fillfactor)"),
                ("owner", "OWNER TO CURRENT_USER"), ("set unlogged", "SET UNLOGGED"), ("set logged", "SET LOGGED"),
                ("replica identity", "REPLICA IDENTITY FULL"), ("cluster on", f"CLUSTER ON {pk}"),
                ("set without cluster", "SET WITHOUT CLUSTER"), ("set tablespace", "SET TABLESPACE pg_default"),
                ("set access method", "SET ACCESS METHOD heap"), ("set access method", "SET ACCESS METHOD DEFAULT"),
                ("row security", "ENABLE ROW LEVEL SECURITY"), ("row security", "FORCE ROW LEVEL SECURITY"),
                ("row security", "NO FORCE ROW LEVEL SECURITY"), ("row security", "DISABLE ROW LEVEL SECURITY"),
                ("rule", "ENABLE RULE \"<none>\""), ("no inherit", f"NO INHERIT <t:{self._one()}>"),
            ]
        )  # fmt: skip
        return self._alter(kind, what.replace('"<none>"', "<n:handy>"), table=table)

    def _several_at_once(self) -> list[Step]:
        """Subcommands in one command, and one after the other. What comes first goes well everywhere."""
        first = self._any(["ALTER <n:memo> SET DEFAULT 'a, b'", "ADD COLUMN <n:fresh> int", "SET (fillfactor = 80)"])
        second = self._any(
            [
                "ALTER <n:tenant> SET DEFAULT 3", "ALTER COLUMN <n:tenant> TYPE text", "DROP COLUMN <n:tenant>",
                "ALTER <n:amount> SET STATISTICS 10", "ALTER <n:amount> SET NOT NULL", "DISABLE ROW LEVEL SECURITY",
                "CLUSTER ON <n:quick_one>", "SET UNLOGGED", "DROP COLUMN <n:daily>", "ALTER <n:amount> DROP DEFAULT",
            ]
        )  # fmt: skip
        table = f"<t:{self._one()}>"
        return [
            Step(
                "alter several",
                (
                    Form((f"ALTER TABLE {table} {first}, {second}",)),
                    Form((f"ALTER TABLE {table} {first}", f"ALTER TABLE {table} {second}"), "ok"),
                    Form((f"ALTER TABLE IF EXISTS {table} {first}, {second}",), "there"),
                ),
            )
        ]

    def _mixed_constraint(self) -> list[Step]:
        added = self._any(["ADD CONSTRAINT <n:rule_one> CHECK (<n:amount> > 0)", "ADD UNIQUE (<n:tenant>, <n:memo>)",
                           "ADD COLUMN <n:fresh> int UNIQUE",
                           "ADD COLUMN <n:fresh> bigint DEFAULT nextval(<q:counter>)",
                           "ALTER <n:refno> SET DEFAULT nextval(<q:counter>)"])  # fmt: skip
        both = [added, "ALTER <n:memo> SET NOT NULL"]
        return self._alter("constraint and more", ", ".join(self._chance.sample(both, 2)))

    def _rename(self) -> list[Step]:
        table = self._one()
        what = self._any(["table", "table", "column", "column", "index"])
        if what == "table":
            if "." in table:
                return self._rename_column(table)
            new = "bills"
            there = [f"ALTER TABLE IF EXISTS <t:{table}> RENAME TO <n:{new}>"]
            if table in self._families:
                self._families.add(new)
            self._tables = [*(each for each in self._tables if each not in {table, new}), new]
            return [_step("rename table", f"ALTER TABLE <t:{table}> RENAME TO <n:{new}>", there=there)]
        if what == "index":
            old = "quick_one"
            return [
                _step(
                    "rename index",
                    f"ALTER INDEX <t:{old}> RENAME TO <n:quick_two>",
                    f"ALTER TABLE <t:{old}> RENAME TO <n:quick_two>",
                    there=[f"ALTER INDEX IF EXISTS <t:{old}> RENAME TO <n:quick_two>"],
                )
            ]
        return self._rename_column(table)

    def _rename_column(self, table: str) -> list[Step]:
        column = f"<n:{self._any(['tenant', 'memo', 'amount'])}>"
        words = f"{column} TO <n:fresh>"
        return self._alter("rename column", f"RENAME COLUMN {words}", f"RENAME {words}", table=table)

    def _set_schema(self) -> list[Step]:
        table = self._any([name for name in self._tables if "." not in name] or ["orders"])
        to = self._any(["attic", "lot"])
        make = _step("create schema", "CREATE SCHEMA <s:attic>", alone=True)
        moved = _step(
            "set schema",
            f"ALTER TABLE <t:{table}> SET SCHEMA <s:{to}>",
            there=[f"ALTER TABLE IF EXISTS <t:{table}> SET SCHEMA <s:{to}>"],
            alone=to == "lot",
        )
        back = f"<t:{to}.{table}>"
        again = _step("set schema", f"ALTER TABLE {back} SET SCHEMA <s:main>", alone=to == "lot")
        return [make, moved, *([again] if self._chance.random() < 0.7 else [])]

    def _partition(self) -> list[Step]:
        if "ledger" not in self._tables:
            return self._again()
        part = self._any(PARTS)
        what = self._any(["create", "attach", "attach", "detach", "detach", "concurrently"])
        if what == "create":
            return [self._part(part, "ledger")]
        if what == "attach":
            other = self._any([part, part, *self._tables])
            return self._alter("attach partition", f"ATTACH PARTITION <t:{other}> {_RANGES[part]}", table="ledger")
        if what == "concurrently":
            text = f"ALTER TABLE <t:ledger> DETACH PARTITION <t:{part}> CONCURRENTLY"
            return [_step("detach concurrently", text, alone=True)]
        return self._alter("detach partition", f"DETACH PARTITION <t:{part}>", table="ledger")

    def _create_trigger(self, table: str | None = None) -> list[Step]:
        name = table or self._one()
        when = self._any(["BEFORE INSERT", "AFTER UPDATE OR DELETE", "AFTER INSERT", "BEFORE TRUNCATE"])
        each = "STATEMENT" if "TRUNCATE" in when else "ROW"
        call = f"FOR EACH {each} EXECUTE FUNCTION <t:touchy>()"
        return [
            _step(
                "create trigger",
                f"CREATE TRIGGER <n:watch_one> {when} ON <t:{name}> {call}",
                f"CREATE TRIGGER <n:watch_one> {when} ON <t:{name}> {call.replace('FUNCTION', 'PROCEDURE')}",
                absent=[f"CREATE OR REPLACE TRIGGER <n:watch_one> {when} ON <t:{name}> {call}"],
            )
        ]

    def _trigger(self) -> list[Step]:
        table = f"<t:{self._one()}>"
        what = self._any(["create", "create", "drop", "drop", "rename", "switch", "switch", "depends"])
        if what == "create":
            return self._create_trigger()
        if what == "drop":
            first = self._any(["", "IF EXISTS "])
            there = [f"DROP TRIGGER IF EXISTS <n:watch_one> ON {table}"]
            text = f"DROP TRIGGER {first}<n:watch_one> ON {table}"
            return [_step("drop trigger", text, f"{text} RESTRICT", there=there)]
        if what == "rename":
            return [_step("rename trigger", f"ALTER TRIGGER <n:watch_one> ON {table} RENAME TO <n:watch_two>")]
        if what == "depends":
            text = f"ALTER TRIGGER <n:watch_one> ON {table} DEPENDS ON EXTENSION plpgsql"
            return [_step("trigger depends", text)]
        which = self._any(["ALL", "USER", "<n:watch_one>"])
        how = self._any(["ENABLE", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])
        if which != "<n:watch_one>":
            how = how.split()[0]
        return self._alter("switch trigger", f"{how} TRIGGER {which}")

    def _index(self) -> list[Step]:
        table = f"<t:{self._one()}>"
        name = f"<n:{self._any(['quick_one', 'quick_two'])}>"
        unique = self._any(["", "UNIQUE ", "UNIQUE "])
        columns = self._any(["(<n:memo>)", "(<n:tenant>, <n:memo>)", "(lower(<n:memo>))",
                             "(<n:idno>) INCLUDE (<n:tenant>)",
                             "(<n:memo>) WHERE <n:amount> > 0"])  # fmt: skip
        if "lower" not in columns and "WHERE" not in columns and self._chance.random() < 0.15:
            columns += " TABLESPACE pg_default"
        alone = self._chance.random() < 0.15
        if alone:
            return [
                _step(
                    "create index concurrently",
                    f"CREATE {unique}INDEX CONCURRENTLY {name} ON {table} {columns}",
                    alone=True,
                )
            ]
        return [
            _step(
                "create unique index" if unique else "create index",
                f"CREATE {unique}INDEX {name} ON {table} {columns}",
                f"CREATE {unique}INDEX {name} ON {table} USING btree {columns}",
                absent=[f"CREATE {unique}INDEX IF NOT EXISTS {name} ON {table} {columns}"],
            )
        ]

    def _drop_index(self) -> list[Step]:
        if self._chance.random() < 0.5:
            both = "<t:quick_one>, <t:quick_two>"
            return [_step("drop indexes", f"DROP INDEX {both}", there=[f"DROP INDEX IF EXISTS {both}"])]
        return [_step("drop index", "DROP INDEX <t:quick_one>", there=["DROP INDEX IF EXISTS <t:quick_one> RESTRICT"])]

    def _alter_index(self) -> list[Step]:
        what = self._any(["SET (fillfactor = 60)", "SET TABLESPACE pg_default", "RESET (fillfactor)",
                          "ALTER COLUMN 1 SET STATISTICS 5"])  # fmt: skip
        index = f"<t:quick_{self._any(['one', 'two'])}>"
        return [_step("alter index", f"ALTER INDEX {index} {what}", there=[f"ALTER INDEX IF EXISTS {index} {what}"])]

    def _truncate(self) -> list[Step]:
        names = [f"<t:{name}>" for name in self._chance.sample(self._tables, min(self._any([1, 2]), len(self._tables)))]
        return [
            Step(
                "truncate",
                (
                    Form(tuple(f"TRUNCATE {name}" for name in names)),
                    Form((f"TRUNCATE {', '.join(names)}",), "ok"),
                    Form((f"TRUNCATE TABLE {', '.join(reversed(names))} RESTART IDENTITY CASCADE",), "ok"),
                ),
            )
        ]

    def _drop(self) -> list[Step]:
        gone = self._chance.sample(self._tables, min(self._any([1, 1, 2]), len(self._tables)))
        names = [f"<t:{name}>" for name in gone]
        self._tables = [name for name in self._tables if name not in gone] or ["orders"]
        return [
            Step(
                "drop table",
                (
                    Form(tuple(f"DROP TABLE {name}" for name in names)),
                    Form((f"DROP TABLE {', '.join(names)}",), "ok"),
                    Form((f"DROP TABLE IF EXISTS {', '.join(reversed(names))}",), "ok"),
                ),
            )
        ]

    def _drop_cascade(self) -> list[Step]:
        gone = self._one()
        self._tables = [name for name in self._tables if name != gone] or ["orders"]
        name = f"<t:{gone}>"
        return [_step("drop table", f"DROP TABLE {name} CASCADE", there=[f"DROP TABLE IF EXISTS {name} CASCADE"])]

    def _undistribute(self) -> list[Step]:
        table = ("table_name", f"<r:{self._any([*self._tables, *self._tables, *self._parts])}>")
        cascade = ("cascade_via_foreign_keys", self._any(["true", "false"]))
        return [_step("undistribute_table", *_literal_args("undistribute_table", table, cascade))]

    def _alter_distributed(self) -> list[Step]:
        what = self._chance.sample(
            [
                ("distribution_column", self._any(["<c:idno>", "<c:tenant>"])), ("shard_count", self._any(["4", "32"])),
                ("colocate_with", self._any(["'none'", "'default'", f"<q:{self._one()}>", f"<q:{self._one()}>"])),
                ("cascade_to_colocated", self._any(["true", "false"])),
            ],
            self._chance.randint(1, 2),
        )  # fmt: skip
        name = f"<r:{self._one()}>"
        return [
            _step(
                "alter_distributed_table",
                f"SELECT alter_distributed_table({name}, {', '.join(f'{n} => {v}' for n, v in what)})",
                f"SELECT alter_distributed_table({', '.join(f'{n} := {v}' for n, v in what)}, table_name := {name})",
            )
        ]

    def _again(self) -> list[Step]:
        return self._convert(self._any([*self._tables * 3, *self._parts, *NEW_TABLES]))

    def _policy(self) -> list[Step]:
        table = f"<t:{self._one()}>"
        using = self._any(["<n:tenant> = 1", f"<n:tenant> IN (SELECT <n:tenant> FROM <t:{self._one()}>)", "true"])
        what = self._any(["create", "create", "alter", "drop"])
        if what == "create":
            return [
                _step(
                    "create policy",
                    f"CREATE POLICY <n:gatekeep> ON {table} USING ({using})",
                    f"CREATE POLICY <n:gatekeep> ON {table} FOR ALL TO PUBLIC USING ({using})",
                )
            ]
        if what == "alter":
            return [_step("alter policy", f"ALTER POLICY <n:gatekeep> ON {table} USING ({using})")]
        there = [f"DROP POLICY IF EXISTS <n:gatekeep> ON {table}"]
        return [_step("drop policy", f"DROP POLICY <n:gatekeep> ON {table}", there=there)]

    def _statistics(self) -> list[Step]:
        table = f"<t:{self._one()}>"
        kind = self._any(["", " (ndistinct)"])
        if self._chance.random() < 0.5:
            return [_step("unnamed statistics", f"CREATE STATISTICS{kind} ON <n:amount>, <n:memo> FROM {table}")]
        text = f"<t:figures>{kind} ON <n:amount>, <n:memo> FROM {table}"
        return [
            _step("create statistics", f"CREATE STATISTICS {text}", absent=[f"CREATE STATISTICS IF NOT EXISTS {text}"])
        ]

    def _grant(self) -> list[Step]:
        names = ", ".join(f"<t:{name}>" for name in self._chance.sample(self._tables, min(2, len(self._tables))))
        verb, to = self._any([("GRANT", "TO"), ("REVOKE", "FROM")])
        if self._chance.random() < 0.6:
            texts = (
                f"{verb} SELECT (<n:memo>) ON {names} {to} PUBLIC",
                f"{verb} SELECT (<n:memo>) ON TABLE {names} {to} PUBLIC",
            )
            return [_step("grant on columns", *texts)]
        return [_step("grant", f"{verb} SELECT, INSERT ON {names} {to} PUBLIC")]

    def _sequence(self) -> list[Step]:
        owned = f"OWNED BY <t:{self._one()}>.<n:idno>"
        what = self._any(
            ["RESTART", "INCREMENT BY 2", "AS bigint", owned, "OWNED BY NONE", "CACHE 5", "OWNER TO CURRENT_USER"]
        )
        if what == owned and self._chance.random() < 0.5:
            absent = [f"CREATE SEQUENCE IF NOT EXISTS <t:handy> {owned}"]
            return [_step("sequence of a table", f"CREATE SEQUENCE <t:handy> {owned}", absent=absent)]
        there = [f"ALTER SEQUENCE IF EXISTS <t:counter> {what}"]
        return [_step("alter sequence", f"ALTER SEQUENCE <t:counter> {what}", there=there)]

    def _view(self) -> list[Step]:
        query = f"SELECT <n:tenant>, <n:memo> FROM <t:{self._one()}>"
        text = self._any(["CREATE VIEW", "CREATE MATERIALIZED VIEW"])
        if self._chance.random() < 0.3:
            return [_step("drop view", "DROP VIEW <t:glance>", there=["DROP VIEW IF EXISTS <t:glance>"])]
        forms = [f"{text} <t:glance> AS {query}", f"{text} <t:glance> AS ({query})"]
        if text == "CREATE VIEW":
            forms.append(f"{text} <t:glance> (<n:tenant>, <n:memo>) AS {query}")
        return [_step("create view", *forms)]

    def _copy(self) -> list[Step]:
        name = self._one()
        table = f"<t:{name}>"
        what = self._any(["like", "as", "inherits", "inherits"])
        if "copies" not in self._tables and what == "like":
            self._tables.append("copies")
        if what == "as":
            query = f"SELECT * FROM {table} WITH NO DATA"
            absent = [f"CREATE TABLE IF NOT EXISTS <t:digest> AS {query}"]
            texts = (f"CREATE TABLE <t:digest> AS {query}", f"CREATE UNLOGGED TABLE <t:digest> AS {query}")
            return [_step("create table as", *texts, absent=absent)]
        if what == "like":
            text = f"<t:copies> (LIKE {table} INCLUDING DEFAULTS)"
            return [_step("create table like", f"CREATE TABLE {text}", absent=[f"CREATE TABLE IF NOT EXISTS {text}"])]
        self._families.add(name)
        text = f"<t:digest> (<n:extra> int) INHERITS ({table})"
        return [_step("inherits", f"CREATE TABLE {text}", absent=[f"CREATE TABLE IF NOT EXISTS {text}"])]

    def _schemas(self) -> list[Step]:
        if not self._sharded:
            return self._again()
        back = "SELECT citus_schema_undistribute({}<g:lot>)"
        forth = "SELECT citus_schema_distribute({}<g:lot>)"
        kind, text = self._any([("citus_schema_undistribute", back), ("citus_schema_distribute", forth)])
        return [_step(kind, text.format(""), text.format("schemaname => "))]

    def _comment(self) -> list[Step]:
        table = f"<t:{self._one()}>"
        return [
            _step("comment", f"COMMENT ON TABLE {table} IS 'a, b'", f"COMMENT ON TABLE {table} IS $c$; ALTER TABLE$c$")
        ]

    def _alone(self) -> list[Step]:
        table = self._one()
        pk = f"<n:pk_{table.rpartition('.')[2]}>"
        kind, text = self._any(
            [
                ("reindex", f"REINDEX TABLE <t:{table}>"),
                ("cluster", f"CLUSTER <t:{table}> USING {pk}"),
                ("cluster", f"CLUSTER VERBOSE <t:{table}> USING {pk}"),
            ]
        )
        return [_step(kind, text, alone=True)]


def _makers(of: _Scenario) -> tuple[Callable[[], list[Step]], ...]:
    """Each as often as it should come."""
    return (
        of._add_column, of._add_column, of._drop_column, of._alter_column, of._alter_column, of._alter_type,
        of._add_constraint, of._add_constraint, of._add_constraint, of._drop_constraint, of._other_constraint,
        of._table_options, of._table_options, of._table_options, of._several_at_once, of._mixed_constraint,
        of._rename, of._set_schema, of._partition, of._partition, of._trigger, of._trigger, of._index, of._index,
        of._drop_index, of._alter_index, of._truncate, of._drop, of._drop_cascade, of._undistribute,
        of._undistribute, of._alter_distributed, of._alter_distributed, of._again, of._again, of._policy,
        of._statistics, of._grant, of._sequence, of._view, of._copy, of._schemas, of._comment, of._alone,
    )  # fmt: skip
