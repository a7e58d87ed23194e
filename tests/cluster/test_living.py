"""Verify against the living cluster: it reads the cluster and not the files alone, and names whatever differs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devkit.postgres.cache import Cache
from tests.checkout import Result
from tests.cluster.living import Living, living
from tests.cluster.stack import Stack


@pytest.fixture
def alive(stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """The sample after a reset."""
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        done = stack.run("reset", "--yes", "--context", stack.cluster.context)
        assert done.code == 0, done.out + done.err
        yield alive


def verify(alive: Living, *words: str) -> Result:
    return alive.stack.run("verify", "--engine", "cluster", "--format", "json", *words)


def errors(result: Result) -> set[tuple[str, str]]:
    """(rule, object) of each error."""
    return {(each["rule"], each["object"]) for each in result.report()["findings"] if each["severity"] == "error"}


@pytest.mark.full
def test_verify_after_a_reset_finds_whatever_is_changed_behind_its_back(alive: Living) -> None:
    clean = verify(alive)
    assert (clean.code, errors(clean)) == (0, set()), clean.out
    assert clean.report()["engine"]["name"] == "cluster"

    for name in ("redis", "redpanda", "grafana", "loki"):
        alive.services.stop_one(name)
        silent = verify(alive)
        alive.services.start_one(name)
        assert (silent.code, errors(silent)) == (1, {("service-silent", name)})
        (finding,) = (each for each in silent.report()["findings"] if each["severity"] == "error")
        assert finding["file"] == f"infra/k8s/{name}.yaml"
    alive.databases.stop_server()
    silent = verify(alive)
    alive.databases.start_server()
    assert (silent.code, errors(silent)) == (1, {("service-silent", "citus-coordinator")})
    assert silent.report()["engine"]["name"] == "embedded"

    with alive.database() as admin:
        admin.execute("DROP TABLE public.bet_events CASCADE")
        admin.execute("DELETE FROM devkit_ledger.migrations WHERE version = 5")
    path = f"/apis/apps/v1/namespaces/{alive.stack.namespace}/deployments/grafana"
    container = {"name": "grafana", "image": "grafana/grafana:10.4.2"}
    alive.stack.cluster.kube.ask(
        "PATCH", path, {"spec": {"template": {"spec": {"containers": [container]}}}},
        "application/strategic-merge-patch+json",
    )  # fmt: skip
    alive.stack.cluster.kube.until(lambda: "10.4.2" in str(alive.stack.get("/api/v1/…/pods")))
    changed = errors(verify(alive))
    assert ("schema-differs", "table public.bet_events") in changed
    assert ("image-differs", "Deployment/grafana container grafana") in changed
    assert {name for rule, name in changed if rule.startswith("history-")} or (
        "not-applied" in {each["rule"] for each in verify(alive).report()["findings"]}
    )
    text = alive.stack.run("verify", "--engine", "cluster")
    assert text.code == 1
    for word in ("somebody dropped it", "its manifest names grafana/grafana:10.4.3", "5 of 5 services answer"):
        assert word in text.out


@pytest.mark.full
def test_migrate_and_status_work_on_the_stacks_own_database(alive: Living) -> None:
    stack = alive.stack
    file = stack.checkout.migrations / "V19__notes.sql"
    file.write_text(
        "CREATE TABLE notes (id bigint, tenant_id bigint, PRIMARY KEY (tenant_id, id));\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    pending = verify(alive)
    assert (pending.code, errors(pending)) == (0, set()), pending.out
    assert ("not-applied", "V19__notes.sql") in {
        (each["rule"], each["object"]) for each in pending.report()["findings"]
    }
    plan = stack.run("migrate", "--engine", "cluster", "--plan", "--format", "json").report()
    assert [each["name"] for each in plan["planned"]] == ["V19__notes.sql"]
    done = stack.run("migrate", "--engine", "cluster", "--format", "json")
    assert (done.code, done.report()["applied"]) == (0, ["V19__notes.sql"]), done.err
    shown = stack.run("status", "--engine", "cluster", "--format", "json")
    assert (shown.code, shown.report()["database"]["summary"]) == (0, {"applied": 19})
    seeded = stack.run("seed")
    assert (seeded.code, "3 files of infra/seed" in seeded.err) == (0, True)


@pytest.mark.full
def test_a_server_that_gives_no_database_is_named_and_the_embedded_one_replays(alive: Living) -> None:
    with alive.database() as admin:
        admin.execute("ALTER ROLE app NOSUPERUSER NOCREATEDB")
    done = verify(alive)
    assert done.report()["engine"]["name"] == "embedded"
    (finding,) = (each for each in done.report()["findings"] if each["rule"] == "replayed-elsewhere")
    assert "permission denied to create database" in finding["message"]
    assert "CREATEDB" in finding["help"]


@pytest.mark.full
def test_options_that_say_nothing_are_refused(stack: Stack) -> None:
    for verb, *words in (
        ("verify", "--engine", "cluster", "--dsn", "postgresql://h/d"),
        ("verify", "--engine", "cluster", "--baseline", "f"),
        ("verify", "--context", "c"),
        ("migrate", "--engine", "cluster", "--dsn", "postgresql://h/d"),
        ("migrate", "--context", "c", "--dsn", "postgresql://h/d"),
    ):
        done = stack.run(verb, *words)
        assert (done.code, "says nothing" in done.err) == (2, True), (verb, words, done.err)


@pytest.mark.full
def test_up_waits_for_what_was_edited_a_moment_ago(alive: Living) -> None:
    stack = alive.stack
    before = (stack.checkout.manifests / "grafana.yaml").read_text()
    stack.annotate("grafana", "image-pull")
    up = stack.up("--timeout", "60")  # what was there before runs, and is ready, until Tilt has read the file
    assert (up.code, "deployment/grafana" in up.out, "cannot pull" in up.out) == (1, True, True), up.err + up.out
    (stack.checkout.manifests / "grafana.yaml").write_text(before)
    up = stack.up("--timeout", "60")
    assert up.code == 0, up.err + up.out


@pytest.mark.full
def test_what_was_edited_into_something_that_the_server_refuses_is_not_taken_for_ready(alive: Living) -> None:
    stack = alive.stack
    stack.replace(
        "redis", "  ports:\n    - name: redis\n      port: 6379", "  type: Nonsense\n  ports:\n    - port: 6379"
    )
    up = stack.up("--timeout", "60")
    assert up.code == 1, up.err + up.out
    for words in (
        "Tilt could not apply it",
        "Nonsense",
        "service/redis",
        "Tilt has not applied the present version yet",
    ):
        assert words in up.out, up.out
