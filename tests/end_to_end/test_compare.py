"""./inv verify --report and ./inv compare: two machines' stacks, held against each other through the real ./inv."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import psycopg
import pytest

from devkit.compare.report import to_bytes
from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN
from tests.checkout import ROOT, Checkout, make_checkout
from tests.devkit.compare.reports import report
from tests.everyday import first
from tests.server import Server, running

BETS = """CREATE EXTENSION citus;
CREATE TABLE bets (tenant_id bigint, id bigint, stake numeric(10, 2), PRIMARY KEY (tenant_id, id));
SELECT create_distributed_table('bets', 'tenant_id');
"""
SECRET, LOGIN, HOME = "hunter2-s3cret", "ana.belen", "/nowhere/users/ana.belen"


@pytest.fixture
def bets(empty: Checkout) -> Checkout:
    """One distributed table and one image."""
    (empty.migrations / "V1__bets.sql").write_text(BETS)
    (empty.manifests / "redis.yaml").write_text("kind: Pod\nspec: {containers: [{name: a, image: redis:8.2.2}]}\n")
    return empty


@pytest.fixture
def colleague(bets: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The same repository on another machine, as far as that is another folder."""
    other = make_checkout(tmp_path_factory.mktemp("another"), bets.cache)
    other.clear()
    for folder, name in (("migrations", "V1__bets.sql"), ("k8s", "redis.yaml")):
        (other.root / "infra" / folder / name).write_bytes((bets.root / "infra" / folder / name).read_bytes())
    return other


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    with running(found) as started:
        yield started


def reported(checkout: Checkout, name: str = "there.json", *words: str) -> Any:  # noqa: ANN401 - JSON
    """The report that verify writes to `name`."""
    done = checkout.run("verify", "--report", name, *words)
    assert done.code in {0, 1}, done
    return json.loads((checkout.root / name).read_text())


def rows(text: str) -> list[str]:
    """What differs, of a table of compare."""
    return [line.split("  ")[1] for line in text.splitlines() if line.startswith("  ") and line.strip()][1:]


@pytest.mark.full
def test_two_checkouts_of_the_same_are_the_same_stack(bets: Checkout, colleague: Checkout) -> None:
    there = reported(colleague)
    shown = f"identity {there['identity'][:12]}\n"
    done = bets.run("compare", str(colleague.root / "there.json"))
    assert (done.code, done.out) == (0, f"✔ the same stack: {shown}")
    assert f"\n  {shown}" in bets.run("verify").out
    assert bets.verify().report()["identity"] == there["identity"]
    assert (reported(bets, "here.json"), bets.run("compare", "here.json", "here.json").code) == (there, 0)


@pytest.mark.full
def test_each_change_is_named_and_exits_1(bets: Checkout, colleague: Checkout) -> None:
    reported(colleague)
    migration, manifest = bets.migrations / "V1__bets.sql", bets.manifests / "redis.yaml"
    migration.write_text(BETS.replace("numeric(10, 2)", "numeric(12, 2)"))
    manifest.write_text(manifest.read_text().replace("8.2.2", "8.2.3"))
    (bets.root / "infra/kind.yaml").write_text("nodes: [{role: control-plane, image: 'kindest/node:v1.34.0'}]\n")
    done = bets.run("compare", str(colleague.root / "there.json"))
    images = [f"docker.io/library/redis:{each}" for each in ("8.2.2", "8.2.3")]
    named = [*images, "column public.bets.stake", "kind's nodes", "V1__bets.sql"]
    assert (done.code, rows(done.out)) == (1, named), done
    assert "✘ not the same stack, by 5 differences: identity " in done.out


@pytest.mark.full
def test_a_report_is_written_whatever_the_verdict_and_its_findings_may_differ(bets: Checkout) -> None:
    (bets.manifests / "redis.yaml").write_text("kind: Pod\nspec: {containers: [{name: a, image: redis}]}\n")
    done = bets.run("verify", "--report", "bad.json", "--format", "json")
    bad = json.loads((bets.root / "bad.json").read_text())
    assert (done.code, bad["identity"]) == (1, done.report()["identity"])
    told = [each["message"] for each in done.report()["findings"]]
    assert sorted(each["message"] for each in bad["findings"]) == sorted(told)
    with (bets.root / "pyproject.toml").open("a") as settings:
        entry = 'rule = "floating-image"\nfile = "infra/k8s/redis.yaml"\nreason = "a test"\n'
        settings.write(f"[[tool.devkit.ignore]]\n{entry}")
    compared = bets.run("compare", "bad.json")
    assert compared.code == 0, compared
    assert "findings (may differ)\n  error floating-image at infra/k8s/redis.yaml:2  redis has no tag" in compared.out
    assert "✔ the same stack" in compared.out


@pytest.mark.full
def test_one_changed_field_of_a_file_is_one_difference(bets: Checkout) -> None:
    written = reported(bets)
    for path, value, name in (
        (("stack", "settings", "TimeZone"), "Europe/Berlin", "TimeZone"),
        (("machine", "architecture"), "riscv64", "architecture"),
        (("identity",), "0" * 64, "the identity that is written in it"),
    ):
        changed = json.loads(json.dumps(written))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        (bets.root / "changed.json").write_text(json.dumps(changed))
        done = bets.run("compare", "there.json", "changed.json")
        assert (done.code, rows(done.out)) == (int(path[0] != "machine"), [name]), done


@pytest.mark.full
def test_nothing_private_is_in_a_report(bets: Checkout, tmp_path_factory: pytest.TempPathFactory) -> None:
    bets.configure('namespace = "dev-infra-{user}"')
    outside = tmp_path_factory.mktemp("ana.belen")
    (outside / "V1__a.sql").write_text(f"COPY pg_class TO PROGRAM 'cat {HOME}/.pgpass'; SELEC 1;\n")
    env = {
        "DEVKIT_DSN": f"postgresql://{LOGIN}:{SECRET}@127.0.0.1:1/app",
        "PGPASSWORD": SECRET,
        "HOME": HOME,
        "LOGNAME": LOGIN,
        "USER": LOGIN,
    }
    done = bets.run("verify", "--report", "a.json", "--migrations", str(outside), env=env)
    assert done.code == 1, done
    text = (bets.root / "a.json").read_text()
    private = (SECRET, LOGIN, "ana-belen", HOME, str(bets.root), str(outside), str(bets.cache), '"/', " /")
    assert [each for each in private if each in text] == []
    assert '"file": "migrations/V1__a.sql"' in text


@pytest.mark.full
def test_nothing_private_is_in_the_report_of_a_server_that_is_named(bets: Checkout, server: Server) -> None:
    with psycopg.connect(server.dsn(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE ROLE "{LOGIN}" LOGIN CREATEDB')
    env = {"DEVKIT_DSN": f"{server.dsn(LOGIN, 'postgres')} password={SECRET}", "PGPASSWORD": SECRET}
    (bets.migrations / "V1__bets.sql").write_text(
        f"DO $$ BEGIN RAISE 'I am %, {SECRET}, on %', quote_ident(current_user), '{server.folder}/x'; END $$"
    )
    done = bets.run("verify", "--report", "a.json", "--engine", "dsn", env=env)
    assert (done.code, LOGIN in done.out, SECRET in done.out) == (1, True, True), done
    text = (bets.root / "a.json").read_text()
    assert [each for each in (SECRET, LOGIN, str(server.folder.parent)) if each in text] == []
    assert 'I am \\"{user}\\", ***, on …/x' in text


@pytest.mark.full
def test_another_server_is_another_stack(bets: Checkout, server: Server) -> None:
    url = server.dsn(ADMIN, "postgres")
    reported(bets)
    by_dsn = bets.run("compare", "there.json", "--engine", "dsn", "--dsn", url)
    assert by_dsn.code == 1
    assert {"engine", "stand-in of citus"} <= set(rows(by_dsn.out)), by_dsn.out
    reported(bets, "dsn.json", "--engine", "dsn", "--dsn", url)
    assert bets.run("compare", "dsn.json", "--dsn", url).code == 0


@pytest.mark.full
def test_migrations_and_manifests_name_other_folders(bets: Checkout) -> None:
    reported(bets)
    for option, file, text in (
        ("--migrations", "V1__bets.sql", BETS + "SELECT 1;\n"),
        ("--manifests", "redis.yaml", "kind: Pod\nspec: {containers: [{name: a, image: redis:7.4.0}]}\n"),
    ):
        folder = bets.root / option.strip("-")
        folder.mkdir()
        (folder / file).write_text(text)
        done = bets.run("compare", "there.json", option, folder.name)
        assert (done.code, "V1__bets.sql" in done.out) == (1, option == "--migrations"), done


@pytest.mark.full
def test_no_cache_replays(bets: Checkout) -> None:
    reported(bets)
    before = set((bets.cache / "verdicts").glob("*.json"))
    (bets.migrations / "V1__bets.sql").write_text(f"{BETS}-- of this test\n")
    reported(bets)
    (stored,) = set((bets.cache / "verdicts").glob("*.json")) - before
    verdict = json.loads(stored.read_text())
    verdict["identity"]["postgres"] = "17.99"
    stored.write_text(json.dumps(verdict))
    assert rows(bets.run("compare", "there.json").out) == ["PostgreSQL"]
    assert bets.run("compare", "there.json", "--no-cache").code == 0


@pytest.mark.full
def test_the_json_keeps_its_schema(bets: Checkout) -> None:
    written = reported(bets)
    schema = json.loads((ROOT / "docs/reference/identity.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(written)
    (bets.migrations / "V2__more.sql").write_text("ALTER TABLE bets ADD COLUMN note text;\n")
    done = bets.run("compare", "there.json", "--format", "json")
    compared = done.report()
    schema = json.loads((ROOT / "docs/reference/compare.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(compared)
    assert (done.code, done.err, compared["same"]) == (1, "", False)
    assert compared["there"] == {"file": "there.json", "identity": written["identity"]}
    assert compared["here"] == {"file": None, "identity": bets.verify().report()["identity"]}
    assert [(each["what"], each["there"]) for each in compared["differences"]] == [
        ("column public.bets.note", None),
        ("V2__more.sql", None),
    ]


@pytest.mark.full
def test_a_cached_verdict_is_compared_without_heavy_imports(bets: Checkout) -> None:
    reported(bets)
    for words in (("compare", "there.json"), ("verify", "--report", "again.json")):
        said = bets.run(*words, env={"PYTHONPROFILEIMPORTTIME": "1"}).err
        imported = {line.rpartition("|")[2].strip() for line in said.splitlines()}
        assert imported & {"psycopg", "pglast", "ruamel.yaml", "rich.console", "kubernetes"} == set()


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    first(
        4,
        [
            (("compare",), "name it here: ./inv compare FILE"),
            (("compare", "nowhere.json"), "there is no file nowhere.json"),
            (("compare", "pyproject.toml"), "pyproject.toml is no report of verify"),
            (("compare", "a.json", "a.json", "--engine", "dsn"), "--engine says nothing with two reports"),
            (("compare", "infra"), "infra is a folder"),
            (("compare", "a.json", "a.json", "--dsn", "x"), "--dsn says nothing with two reports"),
            (("compare", "a.json", "a.json", "--migrations", "x"), "--migrations says nothing with two reports"),
            (("compare", "a.json", "a.json", "--manifests", "x"), "--manifests says nothing with two reports"),
            (("compare", "a.json", "a.json", "--context", "x"), "--context says nothing with two reports"),
            (("compare", "a.json", "a.json", "--no-cache"), "--no-cache says nothing with two reports"),
            (("compare", "a.json", "a.json", "a.json"), "No idea what 'a.json' is"),
            (("compare", "a.json", "--context", "x"), "--context says nothing with another engine than cluster"),
            (("compare", "a.json", "--engine", "cluster", "--dsn", "x"), "--dsn says nothing with --engine cluster"),
            (("compare", "a.json", "--engine", "oracle"), "write one of: embedded, dsn"),
            (("compare", "a.json", "--format", "sarif"), "write one of: text, json"),
            (("verify", "--report", "infra"), "infra is no regular file, and nothing was written to it"),
            (("verify", "--report", "a.json/b"), "a.json/b cannot be written"),
            (("verify", "--report", "b", "--explain", "no-triggers"), "--report says nothing with --explain"),
        ],
    ),
)
def test_what_cannot_be_done_exits_2_and_says_why(bets: Checkout, words: tuple[str, ...], said: str) -> None:
    (bets.root / "a.json").write_bytes(to_bytes(report()))
    done = bets.run(*words)
    assert (done.code, said in done.err) == (2, True), done
