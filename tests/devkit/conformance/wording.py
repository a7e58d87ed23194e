"""The same scenario in other words: other names, another schema, inside blocks and functions."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator, Sequence

from devkit.postgres.asking import Answer, CitusTable, Refusal, Verdict
from tests.devkit.conformance.generated import NAMES, Form, Step

_MARK = re.compile(r"<([tnrqcsg]):([a-z_.]+)>")
_NOT_THERE = frozenset({"42P01", "42704", "42703", "3F000"})
_ALREADY_THERE = frozenset({"42P07", "42701", "42710", "42P06"})
_RESERVED = (
    "select", "user", "order", "group", "limit", "add", "column", "constraint", "drop", "trigger", "index", "table",
    "on", "references", "unique", "primary", "check", "foreign", "partition", "exists", "if", "set", "nextval", "type",
    "rename", "to", "default", "only", "schema", "attach", "detach", "all", "null", "not", "identity", "tablespace",
    "using", "serial", "concurrently", "data", "enable", "disable", "row", "owned", "by", "none", "key", "cascade",
    "in", "as", "where", "with", "values", "from", "for", "when", "case", "end", "begin", "update", "delete",
)  # fmt: skip


def _reserved(name: str) -> str:
    """In the order of the names themselves, in which Citus goes through the tables of a schema."""
    return sorted(_RESERVED)[sorted(NAMES).index(name)]


STYLES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "loud": str,
    "escaped": str,
    "mixed case": lambda name: f"{name.title()} X",
    "blanks": lambda name: f" {name} ",
    "line break": lambda name: f"{name}\nx",
    "quotes": lambda name: f'{name[:2]}"{name[2:]}"',
    "apostrophe": lambda name: f"{name[:2]}'{name[2:]}",
    "dots": lambda name: f"{name}.x.y",
    "unicode": lambda name: f"é{name}_表",
    "reserved": _reserved,
    "long": lambda name: f"{name}_{'x' * 60}"[:60],
    "signs": lambda name: f"{name}, (drop",
    "comment": lambda name: f"{name}--/* ;",
    "dollars": lambda name: f"{name}$$x",
    "percent": lambda name: f"{name}%s%",
    "backslash": lambda name: f"{name[:2]}\\{name[2:]}",
}
SCHEMAS = ("public", "plainly", "Ap.p s", 'qu"oted', "select")
DRESSES = ("as it is", "lower case", "comments", "comments in comments")


@dataclasses.dataclass(frozen=True, slots=True)
class Wording:
    """How a scenario is said. `qualified`: with the schema before every name, otherwise by the search path."""

    style: str
    schema: str
    qualified: bool
    wraps: tuple[str, ...]
    dress: str
    seed: str


PLAIN = Wording("plain", "public", qualified=False, wraps=("top",), dress="as it is", seed="")


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """Statements to ask; `places` has those that a step is judged by. `whole`: up to the end of the scenario."""

    statements: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    whole: bool


def chosen(seed: int, number: int) -> Wording:
    """The wording number so and so for the scenario of this seed."""
    chance = random.Random(f"{seed}/{number}")
    return Wording(
        chance.choice(list(STYLES)),
        chance.choice(SCHEMAS),
        chance.random() < 0.5,
        tuple(chance.sample(tuple(WRAPS), chance.randint(1, 3))),
        chance.choice(DRESSES),
        f"{seed}/{number}",
    )


def spell(steps: Sequence[Step], wording: Wording, verdicts: Sequence[Verdict] | None = None) -> Script:
    """The scenario in this wording. `verdicts` are those of the plain one: which other forms mean the same."""
    return _Speller(wording).script(steps, verdicts)


def judged(script: Script, answer: Answer) -> tuple[Verdict, ...]:
    """A verdict a step: the first refusal of its statements."""
    return tuple(
        next((answer.verdicts[place] for place in places if answer.verdicts[place] != "ok"), "ok")
        for places in script.places
    )


class _Speller:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._chance = random.Random(wording.seed)
        self._statements: list[str] = []
        self._count = 0

    def script(self, steps: Sequence[Step], verdicts: Sequence[Verdict] | None) -> Script:
        self._begin()
        places: list[tuple[int, ...]] = []
        for number, step in enumerate(steps):
            verdict = verdicts[number] if verdicts else None
            form = self._form(step, verdict) if verdict else step.forms[0]
            places.append(tuple(place for text in form.statements for place in self._say(text, alone=step.alone)))
            if verdict not in {None, "ok"} and max(len(form.statements), len(step.forms[0].statements)) > 1:
                return Script(tuple(self._statements), tuple(places), whole=False)  # what went before the refusal stays
        return Script(tuple(self._statements), tuple(places), whole=True)

    def _begin(self) -> None:
        schema = quoted(self._wording.schema)
        self._statements.append(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        if not self._wording.qualified:
            self._statements.append(f"SET search_path TO {schema}")
        self._statements.append("SET check_function_bodies TO off")

    def _form(self, step: Step, verdict: Verdict) -> Form:
        state = verdict.sqlstate if isinstance(verdict, Refusal) else ""
        there = state not in _NOT_THERE
        # IF NOT EXISTS does not even look at the rest where the table is there
        fits = {"always": True, "there": there, "absent": there and state not in _ALREADY_THERE, "ok": not state}
        forms = [form for form in step.forms if fits[form.when]]
        short = [form for form in forms if len(form.statements) == 1]
        if state and short and self._chance.random() < 0.85:
            forms = short  # a refusal after the first of several statements is the end of the comparison
        return self._chance.choice(forms)

    def _say(self, text: str, *, alone: bool) -> Iterator[int]:
        """The places of the statements whose verdict counts."""
        wrap = "top" if alone else self._chance.choice(self._wording.wraps)
        self._count += 1
        for statement, counts in WRAPS[wrap](self, _dressed(text, self._wording.dress)):
            if counts:
                yield len(self._statements)
            self._statements.append(statement)

    # -- marks

    def static(self, text: str) -> str:
        """The statement with its names written out."""
        return _MARK.sub(lambda mark: self._written(mark[1], mark[2]), text)

    def formatted(self, text: str) -> str:
        """A call of format() that makes the statement."""
        arguments: list[str] = []

        def place(mark: re.Match[str]) -> str:
            kind, name = mark[1], mark[2]
            if kind in "tns":
                schema, bare = self._schema_of(name) if kind == "t" else ("", name)
                if kind == "s":
                    bare = ""
                    schema = self._raw_schema(name)
                parts = [each for each in (schema, self._raw(bare) if bare else "") if each]
                arguments.extend(map(literal, parts))
                return ".".join(["%I"] * len(parts))
            arguments.append(self._text(kind, name))
            return "%L"

        pattern = "".join(
            piece if number % 2 else piece.replace("%", "%%") for number, piece in enumerate(_split(text))
        )
        pattern = _MARK.sub(place, pattern)
        return f"format({', '.join([f'$fmt${pattern}$fmt$', *arguments])})"

    def _written(self, kind: str, name: str) -> str:
        if kind == "t":
            schema, bare = self._schema_of(name)
            return f"{quoted(schema)}.{self._identifier(bare)}" if schema else self._identifier(bare)
        if kind == "n":
            return self._identifier(name)
        if kind == "s":
            return quoted(self._raw_schema(name))
        text = self._text(kind, name)
        if kind == "r" and self._wording.seed:
            return self._chance.choice(
                [text, f"{text}::regclass", f"CAST({text} AS regclass)", f"{text}::text::regclass"]
            )
        return text

    def _text(self, kind: str, name: str) -> str:
        """The literal of a text."""
        if kind == "c":
            return literal(self._raw(name))
        if kind == "g":
            return literal(quoted(self._raw_schema(name)))
        schema, bare = self._schema_of(name)
        is_loud = self._wording.style == "loud" and kind == "r"  # a text is told as it is
        spelled = bare.upper() if is_loud else quoted(self._raw(bare))
        return literal(f"{quoted(schema)}.{spelled}" if schema else spelled)

    def _raw(self, name: str) -> str:
        return STYLES[self._wording.style](name)

    def _raw_schema(self, name: str) -> str:
        return self._wording.schema if name == "main" else self._raw(name)

    def _schema_of(self, name: str) -> tuple[str, str]:
        """The schema to write, or nothing, and the name."""
        schema, _, bare = name.rpartition(".")
        if schema:
            return self._raw_schema(schema), bare
        return (self._wording.schema if self._wording.qualified else ""), bare

    def _identifier(self, name: str) -> str:
        if self._wording.style == "loud":
            return name.upper()
        if self._wording.style == "escaped":
            return f'U&"\\{ord(name[0]):04X}{name[1:]}"'
        return quoted(self._raw(name))

    # -- wraps

    def top(self, text: str) -> Iterator[tuple[str, bool]]:
        yield self.static(text), True

    def transaction(self, text: str) -> Iterator[tuple[str, bool]]:
        yield "BEGIN", False
        yield self.static(text), True
        yield "COMMIT", False

    def block(self, text: str) -> Iterator[tuple[str, bool]]:
        yield f"DO $wrap$ BEGIN {self._performed(text)}; END $wrap$", True

    def executed(self, text: str) -> Iterator[tuple[str, bool]]:
        yield f"DO $wrap$ BEGIN EXECUTE $run${self.static(text)}$run$; END $wrap$", True

    def among_others(self, text: str) -> Iterator[tuple[str, bool]]:
        """One of several statements of one EXECUTE."""
        before = (
            "SELECT 1; DROP INDEX IF EXISTS public.nowhere; ALTER TABLE IF EXISTS public.nowhere ADD COLUMN a int; "
        )
        yield f"DO $wrap$ BEGIN EXECUTE $run${before}{self.static(text)}; SELECT 2$run$; END $wrap$", True

    def in_a_loop(self, text: str) -> Iterator[tuple[str, bool]]:
        """Far down: a loop in a block that catches errors, in a function that a function calls."""
        inner, outer = f"public.inner_{self._count}", f"public.outer_{self._count}"
        yield (
            f"CREATE FUNCTION {inner}(said text) RETURNS void LANGUAGE plpgsql AS $wrap$ DECLARE each text;\n"
            "BEGIN FOREACH each IN ARRAY ARRAY[said] LOOP BEGIN EXECUTE each; EXCEPTION WHEN others THEN RAISE; END; "
            "END LOOP; END $wrap$",
            False,
        )
        yield (
            f"CREATE FUNCTION {outer}() RETURNS int LANGUAGE sql AS "
            f"$wrap$ SELECT {inner}({self.formatted(text)}); SELECT 1 $wrap$",
            False,
        )
        yield f"SELECT {outer}()", True

    def by_format(self, text: str) -> Iterator[tuple[str, bool]]:
        yield f"DO $wrap$ BEGIN EXECUTE {self.formatted(text)}; END $wrap$", True

    def function(self, text: str) -> Iterator[tuple[str, bool]]:
        name = f"wrapped_{self._count}"
        yield (
            f"CREATE FUNCTION public.{name}() RETURNS void LANGUAGE plpgsql AS "
            f"$wrap$ BEGIN {self._performed(text)}; END $wrap$",
            False,
        )
        yield f"SELECT public.{name}()", True

    def own_path(self, text: str) -> Iterator[tuple[str, bool]]:
        """A function that brings its search path along; around it there is none."""
        name = f"wrapped_{self._count}"
        path = "pg_catalog" if self._wording.qualified else quoted(self._wording.schema)
        yield (
            f"CREATE FUNCTION public.{name}() RETURNS void LANGUAGE plpgsql SET search_path = {path} AS "
            f"$wrap$ BEGIN EXECUTE {self.formatted(text)}; END $wrap$",
            False,
        )
        yield f"SELECT public.{name}()", True

    def procedure(self, text: str) -> Iterator[tuple[str, bool]]:
        name = f"wrapped_{self._count}"
        yield (
            f"CREATE PROCEDURE public.{name}() LANGUAGE plpgsql AS $wrap$ "
            f"DECLARE said text := {self.formatted(text)};\nBEGIN EXECUTE said; END $wrap$",
            False,
        )
        yield f"CALL public.{name}()", True

    def sql_function(self, text: str) -> Iterator[tuple[str, bool]]:
        name = f"wrapped_{self._count}"
        yield (
            f"CREATE FUNCTION public.{name}() RETURNS void LANGUAGE sql AS $wrap$ SELECT 1; {self.static(text)} $wrap$",
            False,
        )
        yield f"SELECT public.{name}()", True

    def _performed(self, text: str) -> str:
        return self.static(re.sub(r"^SELECT\b", "PERFORM", text, flags=re.IGNORECASE))


WRAPS: dict[str, Callable[[_Speller, str], Iterator[tuple[str, bool]]]] = {
    "top": _Speller.top,
    "transaction": _Speller.transaction,
    "block": _Speller.block,
    "execute": _Speller.executed,
    "among others": _Speller.among_others,
    "loop": _Speller.in_a_loop,
    "format": _Speller.by_format,
    "function": _Speller.function,
    "own path": _Speller.own_path,
    "procedure": _Speller.procedure,
    "sql function": _Speller.sql_function,
}


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it; backslashes stand for themselves."""
    return "'" + text.replace("'", "''") + "'"


def _split(text: str) -> list[str]:
    """The text between marks, and at the odd places the marks."""
    return re.split(r"(<[tnrqcsg]:[a-z_.]+>)", text)


_PIECES = re.compile(r"(<[tnrqcsg]:[a-z_.]+>|E?'(?:[^'\\]|\\.|'')*'|\"[^\"]*\"|\$x\$.*?\$x\$|\$c\$.*?\$c\$)")


def _dressed(text: str, dress: str) -> str:
    """The statement with its keywords in lower case, or with comments between them."""
    if dress == "lower case":
        return "".join(piece if number % 2 else piece.lower() for number, piece in enumerate(_PIECES.split(text)))
    if dress != "as it is":
        first, second, *rest = text.split(" ", 2)
        comment = "/* it's; add (, */" if dress == "comments" else "/* it's; add (, /* drop */ trigger */"
        return " ".join([first, comment, second, "-- it's (;\n\t", *rest])
    return text


_PLAIN_NAMES = re.compile(rf"\b(?:{'|'.join(sorted(NAMES, key=len, reverse=True))})\b")


class Translator:
    """Makes what a server says of a wording, and of the plain one, comparable."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        style = STYLES[wording.style]
        self._names = {style(name): name for name in NAMES}
        schemas = {wording.schema: "main", style("lot"): "lot", style("attic"): "attic"}
        self._tables = {
            f"{schema}.{new}": f"{plain}.{name}"
            for schema, plain in schemas.items()
            for new, name in self._names.items()
        }
        prefixes = "|".join(re.escape(schema.replace('"', "")) for schema in (*schemas, "public"))
        self._schemas = re.compile(rf"(?<!\w)(?:{prefixes})\.(?=\w| )")
        self._bare = {name: style(name).replace('"', "") for name in NAMES}

    def spoken(self, verdict: Verdict) -> Verdict:
        """A verdict of this wording, without quotes, and without schemas before names."""
        if not isinstance(verdict, Refusal):
            return verdict
        return Refusal(
            verdict.sqlstate, self._spoken(verdict.message), self._spoken(verdict.detail), self._spoken(verdict.hint)
        )

    def expected(self, verdict: Verdict) -> Verdict:
        """A verdict of the plain wording as this one should have it."""
        spoken = Translator(PLAIN).spoken(verdict)
        if not isinstance(spoken, Refusal):
            return spoken
        return Refusal(
            spoken.sqlstate, self._styled(spoken.message), self._styled(spoken.detail), self._styled(spoken.hint)
        )

    def _spoken(self, text: str | None) -> str:
        plain = self._schemas.sub("", (text or "").replace('"', ""))
        if plain.startswith("Perhaps you meant") or " depends on index " in plain:
            return ""  # a name that looks alike, or that PostgreSQL made
        # the name may be one that PostgreSQL made, and cut
        return re.sub(
            r"foreign key constraint .* cannot be implemented", "foreign key: cannot be", plain, flags=re.DOTALL
        )

    def _styled(self, text: str | None) -> str:
        return _PLAIN_NAMES.sub(lambda found: self._bare[found[0]], text or "")

    def tables(self, answer: Answer) -> dict[str, CitusTable]:
        """The Citus tables by their plain names; a group is named by the first of those."""
        named = {self._tables[name]: table for name, table in answer.tables.items()}
        first: dict[str, str] = {}
        for name, table in named.items():
            if table.colocated_with:
                first[table.colocated_with] = min(name, first.get(table.colocated_with, name))
        return {
            name: CitusTable(
                table.kind,
                self._names[table.column] if table.column else None,
                first[table.colocated_with] if table.colocated_with else None,
            )
            for name, table in named.items()
        }
