"""Findings that a team has reasons for: comments, entries in pyproject.toml, and the baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devkit.verify import baseline
from tests.checkout import Checkout
from tests.everyday import first
from tests.examples import Project

V1 = "infra/migrations/V1__example.sql"
KEY = """
CREATE EXTENSION citus;
CREATE TABLE bets (
    id uuid,
    tenant_id bigint,
    PRIMARY KEY (id) INCLUDE (tenant_id)
);
SELECT create_distributed_table('bets', 'tenant_id');
"""


def rules(project: Project, *texts: str) -> list[tuple[str, int]]:
    return [(finding.rule, finding.place.line) for finding in project.judge(*texts).findings]


def test_a_comment_above_a_statement_covers_all_of_it(project: Project) -> None:
    assert rules(project, KEY) == [("tenant-in-primary-key", 5)]
    covered = KEY.replace("CREATE TABLE", "-- devkit: ignore tenant-in-primary-key -- ids are ours alone\nCREATE TABLE")
    assert rules(project, covered) == []
    assert project.judge(covered).summary.ignored == 1


@pytest.mark.parametrize(
    "text",
    [
        "-- devkit: ignore reaches-outside -- a reason\n-- more words\n\nLISTEN a;",
        "LISTEN a; -- devkit: ignore reaches-outside -- a reason",
        "LISTEN -- devkit: ignore reaches-outside -- a reason\na;",
        "--devkit: ignore reaches-outside, no-triggers -- two\nLISTEN a;",
        "DO $$\nBEGIN\n  -- devkit: ignore reaches-outside -- a reason\n  PERFORM pg_sleep(0);\nEND $$;",
    ],
)
def test_where_a_comment_may_stand(project: Project, text: str) -> None:
    assert "reaches-outside" not in [rule for rule, _ in rules(project, text)]


@pytest.mark.parametrize(
    "text",
    [
        "-- devkit: ignore reaches-outside -- of the first only\nLISTEN a;\nLISTEN b;",
        "LISTEN a;\n-- devkit: ignore reaches-outside -- nothing follows",
        "DO $$\nBEGIN\n  -- devkit: ignore reaches-outside -- the next line\n  NULL;\n  PERFORM pg_sleep(0);\nEND $$;",
    ],
)
def test_a_comment_covers_no_more(project: Project, text: str) -> None:
    assert "reaches-outside" in [rule for rule, _ in rules(project, text)]


def test_a_text_in_a_string_is_no_comment_of_another_statement(project: Project) -> None:
    assert (
        rules(project, "SELECT '\n-- devkit: ignore reaches-outside -- text\n';\nLISTEN a;")[-1][0] == "reaches-outside"
    )


@pytest.mark.full
def test_a_comment_in_a_manifest(project: Project) -> None:
    pod = "kind: Pod\nspec:\n  containers:\n  {}- image: redis{}\n"
    for before, after in (
        ("# devkit: ignore floating-image -- a toy\n  ", ""),
        ("", " # devkit: ignore floating-image -- a toy"),
    ):
        (project.manifests / "a.yaml").write_text(pod.format(before, after))
        assert rules(project, "SELECT 1;") == [("image-not-pinned", 1)]  # of all images, while there is no lock
    (project.manifests / "a.yaml").write_text(pod.format("", " # devkit: ignore no-triggers -- another rule"))
    found = sorted(rules(project, "SELECT 1;"))
    assert found == [("floating-image", 4), ("ignore-unused", 4), ("image-not-pinned", 1)]


def test_an_entry_for_a_file_that_must_not_change(project: Project) -> None:
    entry = f'[[tool.devkit.ignore]]\nrule = "tenant-in-primary-key"\nfile = "{V1}"\nreason = "applied"\n'
    settings = project.root / "pyproject.toml"
    settings.write_text(f"[tool.devkit]\n\n{entry}")
    assert rules(project, KEY) == []
    settings.write_text(f'[tool.devkit]\n\n{entry}object = "bets_pkey"\n')
    assert rules(project, KEY) == []
    settings.write_text(f'[tool.devkit]\n\n{entry}object = "other_pkey"\n')
    assert rules(project, KEY) == [("tenant-in-primary-key", 5), ("ignore-unused", 3)]
    settings.write_text(f"[tool.devkit]\n\n{entry.replace('applied', ' ')}")
    assert [rule for rule, _ in rules(project, KEY)] == ["tenant-in-primary-key", "ignore-malformed"]


def test_no_ignore_and_no_baseline_hides_a_refusal(project: Project) -> None:
    parallel = (
        "CREATE EXTENSION citus;\nCREATE TABLE bets (tenant_id bigint);\n"
        "SELECT create_distributed_table('bets', 'tenant_id');\n"
        "-- devkit: ignore unsafe-in-transaction -- it is tried\nCREATE TYPE mood AS ENUM ('good');\n"
    )
    verdict = project.judge(parallel)
    (finding,) = verdict.findings
    assert (finding.rule, verdict.exit_code) == ("unsafe-in-transaction", 1)
    known = baseline.Known(finding.rule, finding.place.file, finding.message, 1)
    assert baseline.apply(baseline.Baseline(1, (known,)), verdict, "known.json").exit_code == 1


@pytest.mark.full
def test_one_cause_is_ignored_once(project: Project) -> None:
    text = (
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n"
        "CREATE EXTENSION citus;\nCREATE TABLE bets (tenant_id bigint);\n"
        "SELECT create_distributed_table('bets', 'tenant_id');\nSET citus.enable_unsafe_triggers = on;\n"
        "-- devkit: ignore no-triggers -- its rows never leave their shard\n"
        "CREATE TRIGGER bets_touch BEFORE UPDATE ON bets FOR EACH ROW EXECUTE FUNCTION touch();\n"
    )
    assert rules(project, text) == []
    assert rules(project, text.replace("no-triggers", "no-escape-settings")) == [
        ("ignore-unused", 6),
        ("no-triggers", 7),
    ]


def test_of_what_was_not_reached_no_ignore_is_called_unused(project: Project) -> None:
    later = "-- devkit: ignore tenant-in-primary-key -- ids are ours alone\n" + KEY.partition("\n\n")[0]
    assert [rule for rule, _ in rules(project, "SELECT 1/0;", later)] == ["engine-refusal"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('rule = "stray-file"\nfile = "a"', "reason"),
        ('rule = "stray-file"\nfile = "a"\nreason = "b"\nlines = 3', 'unknown key "lines"\n  known keys: rule, file'),
        ('rule = "stray-file"\nfile = "a"\nreasons = "b"', 'did you mean "reason"?'),
    ],
)
def test_a_broken_entry_is_an_error_that_names_the_key(empty: Checkout, entry: str, said: str) -> None:
    file = empty.root / "pyproject.toml"
    file.write_text(f"{file.read_text()}\n[[tool.devkit.ignore]]\n{entry}\n")
    result = empty.verify()
    assert result.code == 2
    assert "pyproject.toml" in result.err
    assert said in result.err


@pytest.mark.full
def test_a_baseline_is_written_hides_what_it_knows_and_only_shrinks(empty: Checkout) -> None:
    one, two = empty.migrations / "V1__a.sql", empty.migrations / "V2__b.sql"
    one.write_text("LISTEN a;\nLISTEN b;\nNOTIFY c;\n")
    file = empty.root / "known.json"
    missing = empty.verify("--baseline", "known.json")
    assert (missing.code, "--baseline known.json --write" in missing.err) == (2, True)
    written = empty.run("verify", "--baseline", "known.json", "--write")
    assert written.code == 0
    assert "known.json holds 3 findings" in written.err
    assert "not shown: 3 in the baseline" in written.out
    two.write_text("LISTEN d;\n")  # new, and reported
    assert [each[1:3] for each in empty.verify("--baseline", "known.json").found("warning")] == [
        ("infra/migrations/V2__b.sql", 1)
    ]
    before = file.read_bytes()
    empty.verify("--baseline", "known.json", "--write")
    assert file.read_bytes() == before  # it takes in nothing new
    one.write_text("LISTEN a;\n\n\nSELECT 1;\n")  # two are mended, one has another line
    assert [each[0] for each in empty.verify("--baseline", "known.json").found("warning")] == [
        "reaches-outside",
        "baseline-outdated",
    ]
    empty.verify("--baseline", "known.json", "--write")
    assert [each["count"] for each in json.loads(file.read_bytes())["findings"]] == [1]
    assert empty.verify("--baseline", "known.json").report()["summary"]["baseline"] == 1


@pytest.mark.full
def test_a_baseline_knows_no_refusals_and_is_not_written_of_half_a_replay(empty: Checkout) -> None:
    (empty.migrations / "V1__a.sql").write_text("LISTEN a;\n")
    empty.verify("--baseline", "known.json", "--write")
    before = (empty.root / "known.json").read_bytes()
    (empty.migrations / "V2__b.sql").write_text("SELECT 1/0;\n")
    result = empty.verify("--baseline", "known.json", "--write")
    assert (result.code, result.out) == (2, "")
    assert "did not reach the last migration" in result.err
    assert (empty.root / "known.json").read_bytes() == before
    assert empty.verify("--baseline", "known.json").found() == [("engine-refusal", "infra/migrations/V2__b.sql", 1, 1)]


@pytest.mark.full
@pytest.mark.parametrize(
    "content", first(1, ["", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": 3}'])
)
def test_a_broken_baseline_is_said_and_left_alone(empty: Checkout, content: str) -> None:
    (empty.migrations / "V1__a.sql").write_text("SELECT 1;\n")
    file = empty.root / "known.json"
    file.write_text(content)
    for words in ((), ("--write",)):
        result = empty.verify("--baseline", "known.json", *words)
        assert (result.code, "known.json is no baseline" in result.err) == (2, True)
    assert file.read_text() == content


@pytest.mark.full
def test_an_unwritable_baseline_is_said(empty: Checkout, tmp_path: Path) -> None:
    (empty.migrations / "V1__a.sql").write_text("SELECT 1;\n")
    result = empty.verify("--baseline", f"{tmp_path}/pyproject.toml/known.json", "--write")
    assert (result.code, "cannot be" in result.err) == (2, True)
