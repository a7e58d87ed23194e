"""A rule's example, judged as verify judges a project of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from devkit.config import load_project
from devkit.progress import silent
from devkit.report.text import finding_text
from devkit.rules.rule import Rule, Subject, example
from devkit.tasks import line_reader
from devkit.verify import baseline
from devkit.verify.inputs import Request
from devkit.verify.verdict import Verdict
from devkit.verify.verify import verify

_NOTHING = "SELECT 1;\n"


def judge_example(rule: Rule, text: str, root: Path, env: dict[str, str]) -> Verdict:
    """The verdict over a project in the empty folder `root` that holds the example and nothing else."""
    migrations, manifests = root / "infra/migrations", root / "infra/k8s"
    migrations.mkdir(parents=True)
    manifests.mkdir(parents=True)
    timeout = 1 if rule.id == "statement-timeout" else 60
    (root / "pyproject.toml").write_text(f"[tool.devkit]\nstatement-timeout-seconds = {timeout}\n")
    match rule.subject:
        case Subject.SQL:
            (migrations / "V1__example.sql").write_text(example(text))
        case Subject.MANIFEST:
            (migrations / "V1__nothing.sql").write_text(_NOTHING)
            (manifests / "example.yaml").write_text(example(text))
        case Subject.PROJECT:
            subprocess.run(["sh", "-euc", text], cwd=root, check=True)
    since = "main" if (root / ".git").exists() else None
    verdict = verify(Request(load_project(root), migrations, manifests, since=since), env, silent)
    known = root / "baseline.json"
    return baseline.apply(baseline.read(known), verdict, "baseline.json") if known.exists() else verdict


def shown(verdict: Verdict, root: Path) -> str:
    """The findings as a person sees them."""
    return "".join(piece for piece, _ in finding_text(verdict.findings, line_reader(load_project(root))))
