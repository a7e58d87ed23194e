"""The document's four problems, planted in a copy of the sample: one error each, at the clause that is wrong."""

from __future__ import annotations

import dataclasses

import pytest

from tests.checkout import Checkout
from tests.everyday import first

FILE = "infra/migrations/V901__planted.sql"


@dataclasses.dataclass(frozen=True)
class Plant:
    """A migration; `mark` stands before the clause that the error must point at and is taken out."""

    name: str
    text: str
    rules: tuple[str, ...]
    sqlstate: str | None = None


FUNCTION = "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN new; END $f$;\n"
KEY = ("engine-refusal", "tenant-in-primary-key")
TRIGGER = ("engine-refusal", "no-triggers")

PLANTS = (
    Plant(
        "primary key of a column",
        "CREATE TABLE planted (\n  id uuid @PRIMARY KEY,\n  tenant_id bigint NOT NULL\n);\n"
        "SELECT create_distributed_table('planted', 'tenant_id');\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key of a table, mixed case, another schema",
        'CREATE SCHEMA "Risk";\nCREATE TABLE "Risk"."Bet Events" (\n  id uuid,\n  tenant_id bigint NOT NULL,\n'
        "  @PRIMARY KEY (id)\n);\n"
        "SELECT create_distributed_table('\"Risk\".\"Bet Events\"', 'tenant_id');\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key of a renamed table",
        "CREATE TABLE planted (\n  id uuid,\n  tenant_id bigint NOT NULL,\n  CONSTRAINT before_it UNIQUE (tenant_id),\n"
        "  @CONSTRAINT planted_key PRIMARY KEY (id)\n);\nALTER TABLE planted RENAME TO renamed;\n"
        "SELECT create_distributed_table('renamed', 'tenant_id');\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key in a DO block",
        "DO $$\nBEGIN\n  CREATE TABLE planted (id uuid @PRIMARY KEY, tenant_id bigint NOT NULL);\n"
        "  PERFORM create_distributed_table('planted', 'tenant_id');\nEND\n$$;\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key in an EXECUTE",
        "DO $$\nBEGIN\n  EXECUTE 'CREATE TABLE planted (id uuid @PRIMARY KEY, tenant_id bigint NOT NULL)';\n"
        "  PERFORM create_distributed_table('planted', 'tenant_id');\nEND\n$$;\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key in a text put together at run time",
        "DO $$\nBEGIN\n  EXECUTE format('CREATE TABLE %I (id uuid PRIMARY KEY, tenant_id bigint)', 'planted');\n"
        "  @PERFORM create_distributed_table('planted', 'tenant_id');\nEND\n$$;\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key made by a function",
        "CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n"
        "  CREATE TABLE planted (id uuid @PRIMARY KEY, tenant_id bigint);\nEND $$;\nSELECT make();\n"
        "SELECT create_distributed_table('planted', 'tenant_id');\n",
        KEY, "0A000",
    ),
    Plant(
        "primary key added later",
        "CREATE TABLE planted (id uuid NOT NULL, tenant_id bigint NOT NULL);\n"
        "SELECT create_distributed_table('planted', 'tenant_id');\n"
        "ALTER TABLE planted @ADD PRIMARY KEY (id);\n".replace("@ADD ", "ADD @"),
        KEY, "0A000",
    ),
    Plant(
        "primary key with the tenant only in INCLUDE",
        "CREATE TABLE planted (\n  id uuid,\n  tenant_id bigint,\n  @PRIMARY KEY (id) INCLUDE (tenant_id)\n);\n"
        "SELECT create_distributed_table('planted', 'tenant_id');\n",
        ("tenant-in-primary-key",),
    ),
    Plant(
        "unique index without the tenant",
        "@CREATE UNIQUE INDEX planted ON bets (id);\n",
        KEY, "0A000",
    ),
    Plant(
        "trigger on a distributed table",
        FUNCTION + "@CREATE TRIGGER planted AFTER INSERT ON bet_events FOR EACH ROW EXECUTE FUNCTION planted();\n",
        TRIGGER, "XX000",
    ),
    Plant(
        "trigger on a renamed table with a quoted name in another schema",
        FUNCTION + 'CREATE SCHEMA "Risk";\n'
        'CREATE TABLE "Risk"."Old" (tenant_id bigint, id uuid, PRIMARY KEY (tenant_id, id));\n'
        "SELECT create_distributed_table('\"Risk\".\"Old\"', 'tenant_id');\n"
        'ALTER TABLE "Risk"."Old" RENAME TO "Bet Events";\n'
        '  @CREATE TRIGGER "T r" BEFORE UPDATE ON "Risk"."Bet Events" FOR EACH ROW EXECUTE FUNCTION planted();\n',
        TRIGGER, "XX000",
    ),
    Plant(
        "trigger in a DO block",
        FUNCTION + "DO $$\nBEGIN\n  PERFORM 1;\n"
        "  @CREATE TRIGGER planted AFTER INSERT ON bet_events FOR EACH ROW EXECUTE FUNCTION planted();\nEND\n$$;\n",
        TRIGGER, "XX000",
    ),
    Plant(
        "trigger in an EXECUTE",
        FUNCTION + "DO $$\nBEGIN\n"
        "  EXECUTE '@CREATE TRIGGER planted AFTER INSERT ON bet_events EXECUTE FUNCTION planted()';\nEND\n$$;\n",
        TRIGGER, "XX000",
    ),
    Plant(
        "trigger before distribution",
        FUNCTION + "CREATE TABLE planted (id uuid, tenant_id bigint, PRIMARY KEY (tenant_id, id));\n"
        "@CREATE TRIGGER planted AFTER INSERT ON planted FOR EACH ROW EXECUTE FUNCTION planted();\n"
        "SELECT create_distributed_table('planted', 'tenant_id');\n",
        TRIGGER, "XX000",
    ),
    Plant(
        "trigger under an escape setting",
        FUNCTION + "SET citus.enable_unsafe_triggers = on;\n"
        "@CREATE TRIGGER planted AFTER INSERT ON bet_events FOR EACH ROW EXECUTE FUNCTION planted();\n",
        ("no-triggers",),
    ),
)  # fmt: skip


@pytest.mark.parametrize("plant", first(1, PLANTS), ids=lambda plant: plant.name)
def test_a_planted_migration_is_one_error_at_its_clause(checkout: Checkout, plant: Plant) -> None:
    before, _, _ = plant.text.partition("@")
    (checkout.migrations / "V901__planted.sql").write_text(plant.text.replace("@", ""))
    result = checkout.verify()
    assert result.code == 1, result
    ((rule, file, line, column),) = result.found()
    assert rule in plant.rules
    assert (file, line, column) == (FILE, before.count("\n") + 1, len(before) - before.rfind("\n"))
    (finding,) = [each for each in result.report()["findings"] if each["severity"] == "error"]
    assert finding["sqlstate"] == plant.sqlstate


@pytest.mark.full
def test_a_key_from_an_earlier_file_is_the_place_of_the_refusal(checkout: Checkout) -> None:
    (checkout.migrations / "V901__planted.sql").write_text("CREATE TABLE planted (tenant_id bigint, id uuid UNIQUE);\n")
    (checkout.migrations / "V902__later.sql").write_text("SELECT create_distributed_table('planted', 'tenant_id');\n")
    assert checkout.verify().found() == [("engine-refusal", FILE, 1, 49)]


@pytest.mark.full
def test_an_image_called_latest_is_one_error_at_the_image(checkout: Checkout) -> None:
    manifest = next(path for path in checkout.manifests.iterdir() if "redis:8.2.2" in path.read_text())
    manifest.write_text(manifest.read_text().replace("redis:8.2.2", "redis:latest"))
    line = next(n for n, text in enumerate(manifest.read_text().splitlines(), 1) if "redis:latest" in text)
    column = manifest.read_text().splitlines()[line - 1].index("redis:latest") + 1
    result = checkout.verify()
    assert (result.code, result.found()) == (
        1,
        [("floating-image", f"infra/k8s/{manifest.name}", line, column)],
    )


@pytest.mark.full
def test_an_old_file_beside_its_migration_is_one_line_of_information(checkout: Checkout) -> None:
    beside = next(checkout.migrations.glob("V2__*.sql"))
    (checkout.migrations / f"{beside.name}.old").write_text("CREATE TABEL broken (;\n")
    result = checkout.verify()
    assert (result.code, result.found()) == (0, [])
    about_the_file = [finding for finding in result.found("info") if finding[1].endswith(".old")]
    assert about_the_file == [("stray-file", f"infra/migrations/{beside.name}.old", 1, 1)]
    text = checkout.run("verify").out
    assert [line for line in text.splitlines() if ".sql.old" in line and "ignored" in line] != []
    assert sum(".sql.old" in line for line in text.splitlines()) == 1


def test_the_sample_is_clean_and_the_engine_is_named(checkout: Checkout) -> None:
    result = checkout.run("verify")
    assert result.code == 0, result
    assert "engine embedded: PostgreSQL 17.11, citus 13.0 (stand-in)" in result.out
    report = checkout.verify().report()
    assert report["summary"]["files"] == report["summary"]["replayed"] >= 12
    assert report["summary"]["distributed"] >= 5
    assert report["summary"]["images"] == 6
