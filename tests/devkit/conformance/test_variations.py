"""What a migration says in other words gets the same verdict: scenarios put together by chance, in many wordings."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

import pytest

from devkit.postgres.asking import Answer, Verdict, ask
from devkit.postgres.cache import Cache
from devkit.postgres.fresh import Engine, embedded_engine
from devkit.progress import silent
from tests.devkit.conformance.generated import Step, scenario
from tests.devkit.conformance.wording import (
    DRESSES,
    PLAIN,
    SCHEMAS,
    STYLES,
    WRAPS,
    Script,
    Translator,
    chosen,
    judged,
    spell,
)
from tests.everyday import first

SEEDS_AT_ONCE = 4
BLOCKS = 75
WORDINGS = 3
SEEDS = range(SEEDS_AT_ONCE * BLOCKS)
# How often each kind of statement, and each way to say it, comes at least over all the seeds.
AT_LEAST = 8


@pytest.fixture(scope="module")
def engine(found: Cache) -> Iterator[Engine]:
    """A server of this module's own."""
    with contextlib.ExitStack() as running:
        yield running.enter_context(embedded_engine(found, silent))


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """Where a wording goes another way than the plain one."""

    seed: int
    wording: int
    step: str
    plain: object
    varied: object


def answer_to(engine: Engine, script: Script) -> Answer:
    with engine.fresh(script.statements) as database:
        return ask(database, script.statements, whole=True)


def differences(engine: Engine, seed: int, number: int, steps: Sequence[Step], plain: Answer) -> list[Difference]:
    """The first statement that the wording has another verdict on; without one, other Citus tables at the end."""
    verdicts = judged(spell(steps, PLAIN), plain)
    wording = chosen(seed, number)
    script = spell(steps, wording, verdicts)
    answer = answer_to(engine, script)
    translator = Translator(wording)
    for places, expected, said in zip(script.places, verdicts, judged(script, answer), strict=False):
        if translator.expected(expected) != translator.spoken(said):
            text = "; ".join(script.statements[place] for place in places)
            return [Difference(seed, number, text, expected, said)]
    before, after = Translator(PLAIN).tables(plain), translator.tables(answer)
    return [Difference(seed, number, "the tables", before, after)] if script.whole and before != after else []


@pytest.mark.full
@pytest.mark.parametrize("block", first(1, range(BLOCKS)))
def test_other_words_do_not_change_the_verdicts_and_the_tables(engine: Engine, block: int) -> None:
    """Also that both verdicts are common, or there would be nothing to tell apart."""
    different: list[Difference] = []
    said: collections.Counter[str] = collections.Counter()
    for seed in SEEDS[block * SEEDS_AT_ONCE : (block + 1) * SEEDS_AT_ONCE]:
        steps = scenario(seed)
        plain = answer_to(engine, spell(steps, PLAIN))
        said.update(map(_kind, judged(spell(steps, PLAIN), plain)))
        for number in range(WORDINGS):
            different += differences(engine, seed, number, steps, plain)
    assert not different
    assert said["ok"] > 8 * SEEDS_AT_ONCE, said
    assert said["refused by Citus"] > SEEDS_AT_ONCE, said
    assert said["refused"] > SEEDS_AT_ONCE, said


def _kind(verdict: Verdict) -> str:
    if verdict == "ok":
        return "ok"
    return "refused by Citus" if verdict.source_function == "exec_stmt_raise" else "refused"


@pytest.mark.full
@pytest.mark.parametrize(
    ("texts", "refused"),
    [
        (("ALTER TABLE a ADD COLUMN x int; ALTER TABLE a DROP COLUMN t",), True),
        (("ALTER TABLE b DROP COLUMN t; ALTER TABLE a ADD COLUMN x int; ALTER TABLE a ALTER t TYPE text",), True),
        (("ALTER TABLE b DROP COLUMN t; ALTER TABLE a ADD COLUMN x int",), False),
        (("ALTER TABLE a ADD x text DEFAULT $$; DROP COLUMN t$$; ALTER TABLE a SET (fillfactor = 70)",), False),
        (("ALTER TABLE b ADD x int; ALTER TABLE b DROP x",) * 2, False),
        (("ALTER TABLE b ADD x int; ALTER TABLE b DROP x", "ALTER TABLE a SET TABLESPACE pg_default; SELECT 1"), True),
        (("SELECT 1; GRANT SELECT (v) ON b TO PUBLIC; GRANT SELECT (v) ON a TO PUBLIC",), True),
        (("ALTER TABLE a ADD x text DEFAULT E'it\\'s; x', ADD y text DEFAULT $q$, SET TABLESPACE z$q$",), False),
        (("ALTER /* a /* b */ c */ TABLE a SET TABLESPACE pg_default",), True),
        (('ALTER TABLE U&"\\0061" SET TABLESPACE pg_default',), True),
    ],
)
def test_the_reader_of_nested_statements_finds_the_one_that_runs(
    engine: Engine, texts: tuple[str, ...], *, refused: bool
) -> None:
    """Several statements in one EXECUTE, the same text twice, and what only looks like a statement."""
    block = " ".join(f"EXECUTE $run${text}$run$;" for text in texts)
    statements = (
        "CREATE TABLE a (t bigint, v text)",
        "CREATE TABLE b (t bigint, v text)",
        "SELECT create_distributed_table('a', 't')",
        f"DO $do$ BEGIN {block} END $do$",
    )
    with engine.fresh(statements) as database:
        verdicts = ask(database, statements, whole=True).verdicts
    assert verdicts[:3] == ("ok",) * 3
    assert (_kind(verdicts[3]) == "refused by Citus") is refused, verdicts[3]


def test_a_difference_would_be_seen(engine: Engine) -> None:
    """A wording that means something else is told apart, by its verdicts or by its tables."""
    steps = scenario(0)
    plain = answer_to(engine, spell(steps, PLAIN))
    without = [step for step in steps if not step.kind.startswith("create_")]
    assert len(without) < len(steps)
    kept = tuple(dataclasses.replace(step, forms=step.forms[:1]) for step in without)
    varied = answer_to(engine, spell(kept, PLAIN))
    assert Translator(PLAIN).tables(plain) != Translator(PLAIN).tables(varied)


def test_every_kind_of_statement_comes_often() -> None:
    kinds = collections.Counter(step.kind for seed in SEEDS for step in scenario(seed))
    assert len(kinds) > 80
    assert {kind: count for kind, count in kinds.items() if count < AT_LEAST} == {}


def test_every_way_to_say_it_comes_often() -> None:
    wordings = [chosen(seed, number) for seed in SEEDS for number in range(WORDINGS)]
    assert {each for each, count in collections.Counter(w.style for w in wordings).items() if count >= AT_LEAST} == {
        *STYLES
    }
    assert {each for each, count in collections.Counter(w.schema for w in wordings).items() if count >= AT_LEAST} == {
        *SCHEMAS
    }
    assert {each for each, count in collections.Counter(w.dress for w in wordings).items() if count >= AT_LEAST} == {
        *DRESSES
    }
    wraps = collections.Counter(wrap for wording in wordings for wrap in wording.wraps)
    assert {each for each, count in wraps.items() if count >= AT_LEAST} == {*WRAPS}
    assert {wording.qualified for wording in wordings} == {True, False}


def test_a_seed_is_always_the_same_scenario() -> None:
    steps = scenario(7)
    assert scenario(7) == steps
    assert spell(steps, chosen(7, 1)) == spell(steps, chosen(7, 1))
    assert spell(steps, chosen(7, 1)) != spell(steps, chosen(7, 2))
