"""What people and programs see of onboarding: the plan, what stopped it, what it came to."""

from __future__ import annotations

import dataclasses
import json

import jsonschema
import pytest

from devkit.doctor.checks import CHECKS
from devkit.doctor.result import Result, ok, problem
from devkit.finding import Place
from devkit.onboard.onboard import STEPS, Planned
from devkit.onboard.outcome import Link, Onboarded, Taken
from devkit.onboard.step import Look, later, met, needed, wrong
from devkit.report.onboard import onboard_json, onboard_schema, onboard_text, plan_text
from tests.devkit.report.test_stack_report import BAD, GOOD, HISTORY, IDENTITY
from tests.devkit.report.verdict import VERDICT

LOOKS = (
    met("15 checks of doctor, no warnings"),
    needed("make kind's cluster dev with infra/kind.yaml"),
    later("look into the cluster"),
    met("6 of 6 images pinned by digest"),
    later("bring up 5 services in dev-infra, by Tilt"),
    later("apply what is pending of 18 migrations"),
    needed("replay the migrations"),
)
PLAN = tuple(Planned(step, look, 0.1) for step, look in zip(STEPS, LOOKS, strict=True))
GOLDEN_PLAN = """\
✔ machine  15 checks of doctor, no warnings
· cluster  make kind's cluster dev with infra/kind.yaml
· node     look into the cluster
✔ pins     6 of 6 images pinned by digest
· up       bring up 5 services in dev-infra, by Tilt
· migrate  apply what is pending of 18 migrations
· verify   replay the migrations"""

CLEAN = dataclasses.replace(VERDICT, findings=(), summary=dataclasses.replace(VERDICT.summary, errors=0))
DONE = Onboarded(
    (Taken("machine", LOOKS[0], True, 1.25), Taken("cluster", met("made kind-dev"), False, 61.5)),
    (Result(CHECKS[0], ok("Python 3.12.4"), 3),),
    cluster=IDENTITY,
    stack=GOOD,
    migrated=HISTORY,
    verdict=CLEAN,
    links=(Link("tilt", "http://localhost:10350"), Link("grafana", "http://localhost:3000/explore")),
)
NO_TILT = Result(CHECKS[2], problem("none", "brew install tilt"), 1)
GOLDEN_DONE = """\

steps
✔ machine    1.2 s  15 checks of doctor, no warnings
✔ cluster   61.5 s  made kind-dev

look at
  http://localhost:10350         tilt
  http://localhost:3000/explore  grafana
  ./inv seed                     puts the example data into the database
  ./inv psql                     is a shell on it
  ./inv status                   shows services, images, migrations and the cluster
  ./inv watch                    verifies every save
  ./inv onboard                  again, at any time: it does what has become necessary, and proves it

✔ dev-infra in kind-dev is up, migrated and verified (62.8 s), identity {identity}
"""


def read_line(place: Place) -> str | None:
    del place
    return None


def text(done: Onboarded) -> str:
    return "".join(piece for piece, _ in onboard_text(done, read_line))


def stopped(name: str, look: Look, **found: object) -> Onboarded:
    bare = Onboarded((DONE.steps[0], Taken(name, look, False, 2.0)))
    return dataclasses.replace(bare, **found)  # type: ignore[arg-type]  # one of its fields


def test_the_plan_says_what_is_met_and_what_is_going_to_be_done() -> None:
    assert plan_text(PLAN) == GOLDEN_PLAN


def test_people_see_the_verdict_the_steps_and_what_to_look_at() -> None:
    shown = text(DONE)
    assert shown.startswith("✔ 0 errors, 1 warning in 2 migrations and 1 image\n")
    assert shown.endswith(GOLDEN_DONE.format(identity=CLEAN.identity.digest[:12]))
    assert DONE.exit_code == 0


@pytest.mark.parametrize(
    ("done", "begins"),
    [
        (
            stopped("machine", wrong("1 problem: tilt", "mend it"), checked=(NO_TILT,)),
            "tools\n✘ tilt  none\n",
        ),
        (stopped("pins", wrong("1 error", "mend it"), findings=VERDICT.findings[:1]), "m/V2__b.sql:2:10: error"),
        (stopped("up", wrong("not ready", "mend it"), stack=BAD), "✔ statefulset/redis   ready"),
        (stopped("migrate", wrong("history", "mend it"), migrated=HISTORY), "✔ 1 applied, 1 pending"),
        (stopped("verify", wrong("1 error", "mend it"), verdict=VERDICT), "m/V2__b.sql:2:10: error: cannot"),
    ],
)  # fmt: skip
def test_what_stopped_it_comes_first_and_the_next_command_last(done: Onboarded, begins: str) -> None:
    shown = text(done)
    assert shown.startswith(begins)
    last = done.steps[-1]
    assert shown.endswith(f"\n✘ {last.name}: {last.look.said}\n  → mend it; ./inv onboard goes on from there\n")
    assert "look at" not in shown
    assert done.exit_code == 1


@pytest.mark.parametrize("done", [DONE, stopped("up", wrong("not ready", "mend it"), stack=BAD), Onboarded(DONE.steps)])
def test_programs_get_what_the_schema_says(done: Onboarded) -> None:
    report = json.loads(onboard_json(done))
    jsonschema.validate(report, json.loads(onboard_schema()))
    assert report["steps"][0] == {
        "name": "machine", "state": "met", "was_met": True, "said": LOOKS[0].said, "cure": "", "seconds": 1.25,
    }  # fmt: skip
    assert report["identity"] == (done.verdict.identity.digest if done.verdict else "")
