"""The hook definition, as pre-commit itself uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT, Checkout
from tests.need import need

_PRE_COMMIT = "pre-commit==4.7.0"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=dev", "-c", "user.email=dev@example.com")
    done = subprocess.run([need("git"), *identity, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def pre_commit(checkout: Checkout, *words: str) -> subprocess.CompletedProcess[str]:
    argv = [str(Path(sys.executable).parent / "uv"), "tool", "run", "--quiet", _PRE_COMMIT, *words]
    env = {**checkout.environment(), "PRE_COMMIT_HOME": str(checkout.root.parent / "pre-commit")}
    return subprocess.run(argv, cwd=checkout.root, env=env, capture_output=True, text=True, check=False)


@pytest.mark.full
def test_the_hook_passes_a_clean_stack_and_stops_a_bad_one(
    checkout: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hooks = tmp_path_factory.mktemp("hooks")
    (hooks / ".pre-commit-hooks.yaml").write_bytes((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    for folder in (hooks, checkout.root):
        git(folder, "init", "--quiet")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", "all")
    (checkout.root / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {git(hooks, 'rev-parse', 'HEAD')}\n  hooks:\n  - id: devkit-verify\n"
    )
    assert pre_commit(checkout, "validate-manifest", os.fspath(ROOT / ".pre-commit-hooks.yaml")).returncode == 0
    clean = pre_commit(checkout, "run", "--all-files")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "Passed" in clean.stdout
    (checkout.migrations / "V19__bad.sql").write_text("CREATE UNIQUE INDEX bets_id ON bets (id);\n")
    git(checkout.root, "add", ".")
    bad = pre_commit(checkout, "run")
    assert bad.returncode == 1
    assert "infra/migrations/V19__bad.sql:1:1: error" in bad.stdout
    git(checkout.root, "rm", "--quiet", "-f", "infra/migrations/V19__bad.sql")
    git(checkout.root, "commit", "--quiet", "--message", "its configuration")
    (checkout.root / "notes.txt").write_text("nothing of ours\n")
    git(checkout.root, "add", ".")
    assert "no files to check" in pre_commit(checkout, "run").stdout
