"""Migrations, manifests and a rule's examples, judged as verify judges a project of its own."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from devkit.config import load_project
from devkit.finding import Finding, Place
from devkit.images.running import Likeness, Running
from devkit.migrations.fileset import order
from devkit.migrations.folder import Entry
from devkit.migrations.history import read_history
from devkit.postgres.seeding import Seed, refusal_of
from devkit.progress import silent
from devkit.report.text import finding_text
from devkit.rules import live
from devkit.rules.history import history_findings
from devkit.rules.rule import DIR, Rule, Subject, example
from devkit.tasks.options import line_reader
from devkit.verify import baseline
from devkit.verify.inputs import Request
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify
from tests.histories import row

_NOTHING = "SELECT 1;\n"


@dataclasses.dataclass(frozen=True)
class Project:
    """A project of its own below an empty folder, judged in this process."""

    root: Path
    env: dict[str, str]

    @property
    def migrations(self) -> Path:
        """The migrations folder."""
        return self.root / "infra/migrations"

    @property
    def manifests(self) -> Path:
        """The manifests folder."""
        return self.root / "infra/k8s"

    def verify(self, since: str | None = None) -> Verdict:
        """The verdict over what is there now."""
        request = Request(load_project(self.root), self.migrations, self.manifests, since=since)
        return verify(request, self.env, silent)

    def judge(self, *texts: str) -> Verdict:
        """The verdict over `texts` as migrations 1, 2, …, and nothing else."""
        for old in self.migrations.iterdir():
            old.unlink()
        for number, text in enumerate(texts, 1):
            (self.migrations / f"V{number}__example.sql").write_text(example(text))
        return self.verify()


def make_project(root: Path, env: dict[str, str], *settings: str) -> Project:
    """A project in the empty folder `root` with `settings` as lines of [tool.devkit]."""
    project = Project(root, env)
    project.migrations.mkdir(parents=True)
    project.manifests.mkdir(parents=True)
    (root / "pyproject.toml").write_text("\n".join(["[tool.devkit]", *settings, ""]))
    return project


def judge_example(rule: Rule, text: str, root: Path, env: dict[str, str]) -> Verdict:
    """The verdict over a project in the empty folder `root` that holds the example and nothing else."""
    timeout = 1 if rule.id == "statement-timeout" else 60
    project = make_project(root, env, f"statement-timeout-seconds = {timeout}")
    match rule.subject:
        case Subject.SQL:
            return project.judge(text)
        case Subject.MANIFEST:
            (project.manifests / "example.yaml").write_text(example(text))
            return project.judge(_NOTHING)
        case Subject.PROJECT:
            subprocess.run(["sh", "-euc", text], cwd=root, check=True)
        case Subject.HISTORY:
            return _judge_history(project, text)
        case Subject.LIVE:
            facts = filter(_is_fact, text.splitlines())
            return dataclasses.replace(project.judge(_NOTHING), findings=tuple(filter(None, map(_living, facts))))
    verdict = project.verify(since="main" if (root / ".git").exists() else None)
    known = root / "baseline.json"
    return baseline.apply(baseline.read(known), verdict, "baseline.json") if known.exists() else verdict


def _judge_history(project: Project, text: str) -> Verdict:
    """The verdict over the files after `now:`, with what a database says that had those before it."""
    applied, now = (part.split() and part.strip().splitlines() for part in text.split("now:\n"))
    before, after = (order([_entry(line) for line in lines], DIR) for lines in (applied, now))
    for each in after.migrations:
        (project.migrations / each.name).write_text(each.source.text)
    entries = read_history(after.migrations, [row(each) for each in before.migrations], DIR)
    return dataclasses.replace(project.verify(), findings=tuple(history_findings(entries, DIR)))


def _is_fact(line: str) -> bool:
    return ": " in line  # the others say that all is well


def _living(line: str) -> Finding | None:
    """The finding, if it gives any, about a fact of a cluster, written as devkit/rules/live.py says."""
    (subject, what), place = line.split(": ", 1), Place("infra/k8s/example.yaml")
    subject, _, name = subject.partition(" ")
    found, _, wanted = what.partition(", not ")
    seed = Seed(name, "INSERT INTO nowhere VALUES (1);\n")
    made: dict[str, Callable[[], Finding | None]] = {
        "service": lambda: live.service_silent(name, what, place, "./inv status"),
        "workload": lambda: live.workload_not_ready(name, "waiting", what, place, "./inv status"),
        "image": lambda: live.image_differs(name, found, wanted, place),
        "tag": lambda: live.tag_moved(name, found, Place("infra/images.lock")),
        "pending": lambda: live.not_applied(what, place),
        "replay": lambda: live.replayed_elsewhere(what, "ALTER ROLE app CREATEDB", place),
        "seed": lambda: refusal_of(seed, psycopg.errors.UndefinedTable(what)),
        "schema": lambda: live.schema_differs(name, wanted, None if found == "nothing" else found, place),
        "running": lambda: live.running_is_pinned(
            _run(name, what), "infra/images.lock", "kubectl", "you may not read nodes", place
        ),
        "leaving": lambda: live.pod_is_leaving(name, what, place),
        "stray": lambda: live.pod_of_nobody(name, "" if what == "nobody's" else what, "kubectl", place),
    }
    return made[subject]()


def _run(name: str, verdict: str) -> Running:
    """A container of that verdict."""
    image = f"{name}:1.2.3" if verdict == "not-pinned" else f"{name}:1.2.3@sha256:{'a' * 64}"
    image_id = "" if verdict == "unknown" else f"docker.io/library/{name}@sha256:{'b' * 64}"
    return Running(f"{name}-0", name, "container", image, image_id, Likeness(verdict), "linux/arm64", "linux/amd64")


def _entry(line: str) -> Entry:
    name, _, statement = line.partition(": ")
    return Entry(name, f"{statement}\n".encode())


def shown(verdict: Verdict, root: Path) -> str:
    """The findings as a person sees them."""
    return "".join(piece for piece, _ in finding_text(verdict.findings, line_reader(load_project(root))))
