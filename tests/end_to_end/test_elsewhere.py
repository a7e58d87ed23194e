"""devkit in a repository that is not its own: examples/notes, by the launcher of a clone and from a built wheel."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devkit.postgres.cache import Cache
from tests.checkout import ROOT, Result, make_checkout
from tests.server import Server, running

EXAMPLE = ROOT / "examples/notes"
GUIDE = ROOT / "docs/elsewhere.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Notes:
    """A copy of the example beside an empty folder for a clone, with a cache of its own."""

    root: Path
    cache: Path

    @property
    def migrations(self) -> Path:
        return self.root / "infra/migrations"

    def inv(self, *words: str, launcher: Path = ROOT / "inv", cwd: Path | None = None, **env: str) -> Result:
        """Run devkit's own launcher from inside the copy."""
        return ended([str(launcher), *words], cwd or self.root, self.environment(DEVKIT_VENV=sys.prefix, **env))

    def sh(self, script: str, cwd: Path, **env: str) -> Result:
        """Run the commands of a document."""
        return ended(["sh", "-euc", script], cwd, self.environment(**env))

    def verify(self) -> Result:
        return self.inv("verify", "--format", "json")

    def environment(self, **more: str) -> dict[str, str]:
        """What this machine gives, without what the tests' own run adds."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEVKIT_", "PYTHON"))}
        return {**kept, "DEVKIT_CACHE": str(self.cache), **more}


def ended(argv: list[str], cwd: Path, env: dict[str, str]) -> Result:
    done = subprocess.run(
        argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def blocks(where: str) -> list[str]:
    """The commands of the guide that are typed `where`, in its order."""
    found = [each for each in _BLOCK.findall(GUIDE.read_text("utf-8")) if each.startswith(f"# in {where}\n")]
    assert found
    return found


@pytest.fixture
def notes(tmp_path: Path, cache: Path) -> Notes:
    shutil.copytree(EXAMPLE, tmp_path / "notes", ignore=shutil.ignore_patterns(".venv*", "__pycache__"))
    return Notes(tmp_path / "notes", cache)


@pytest.fixture(scope="module")
def server(found: Cache) -> Iterator[Server]:
    with running(found) as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """An empty database that the role of the example owns."""
    with server.admin() as admin:
        admin.execute("CREATE ROLE notes LOGIN")
        admin.execute("CREATE DATABASE notes OWNER notes")
    yield server.dsn("notes", "notes")
    with server.admin() as admin:
        admin.execute("DROP DATABASE notes WITH (FORCE)")
        admin.execute("DROP ROLE notes")


def test_the_example_is_as_small_as_it_says() -> None:
    assert len((EXAMPLE / "tasks.py").read_text().splitlines()) == 5
    assert len((EXAMPLE / "inv").read_text().splitlines()) == 5
    assert (EXAMPLE / "tasks.py").read_text() in GUIDE.read_text("utf-8")
    settings = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["tool"]["devkit"]
    assert (settings["namespace"], settings["tenant-column"], settings["citus"]) == ("notes", "team_id", False)
    assert "dev-infra" not in "".join(each.read_text() for each in EXAMPLE.rglob("*.*") if each.is_file())


def test_the_example_is_clean_and_nobody_speaks_of_citus(notes: Notes) -> None:
    done = notes.verify()
    report = done.report()
    assert (done.code, done.found("error"), done.found("warning")) == (0, [], [])
    assert done.found("info") == [("image-not-pinned", "infra/images.lock", 1, 1)]
    assert report["engine"]["citus"] is None
    assert (report["summary"]["files"], report["summary"]["plain"]) == (3, 2)
    said = notes.inv("verify").out
    assert "without citus" in said
    assert "distributed" not in said
    assert not [line for line in said.splitlines() if "13.0" in line]


@pytest.mark.full
def test_its_own_launcher_serves_it_from_any_folder(notes: Notes) -> None:
    done = notes.inv("verify", launcher=EXAMPLE / "inv", cwd=notes.root.parent)
    assert (done.code, "in 3 migrations and 1 image" in done.out) == (0, True), done


@pytest.mark.full
def test_planted_mistakes_are_found(notes: Notes) -> None:
    (notes.migrations / "V3__twice.sql").write_text("SELECT 1;\n")
    manifest = notes.root / "infra/k8s/postgres.yaml"
    manifest.write_text(re.sub(r"image: postgres:\S+", "image: postgres:latest", manifest.read_text()))
    done = notes.verify()
    assert done.code == 1
    assert {(rule, file) for rule, file, _, _ in done.found()} == {
        ("duplicate-version", "infra/migrations/V3__twice.sql"),
        ("floating-image", "infra/k8s/postgres.yaml"),
    }


@pytest.mark.full
def test_a_migration_that_creates_citus_is_found(notes: Notes) -> None:
    (notes.migrations / "V4__citus.sql").write_text("CREATE EXTENSION citus;\n")
    done = notes.verify()
    # nothing about teams and notes, which have the tenant column and are not distributed
    assert (done.code, done.found()) == (1, [("citus-not-used", "infra/migrations/V4__citus.sql", 1, 1)])


@pytest.mark.full
def test_a_server_of_the_teams_own_judges_it_too(notes: Notes, server: Server) -> None:
    done = notes.inv("verify", "--format", "json", "--dsn", server.dsn("devkit", "template1"))
    assert (done.code, done.found("error"), done.found("warning")) == (0, [], [])
    assert (done.report()["engine"]["name"], done.report()["engine"]["citus"]) == ("dsn", None)


@pytest.mark.parametrize("document", [GUIDE, EXAMPLE / "README.md"], ids=lambda path: path.name)
@pytest.mark.full
def test_it_is_migrated_and_seeded(document: Path, notes: Notes, database: str) -> None:
    every_day = _BLOCK.findall(document.read_text("utf-8"))[-1].replace("./inv", str(ROOT / "inv"))
    done = notes.sh(every_day, notes.root, DEVKIT_DSN=database, DEVKIT_VENV=sys.prefix)
    assert (done.code, "3 files applied now" in done.out) == (0, True), done
    assert (notes.migrations / "V4__notes_get_a_colour.sql").exists()
    with psycopg.connect(database, autocommit=True) as session:
        for _ in range(2):
            for file in sorted((notes.root / "infra/seed").iterdir()):
                session.execute(file.read_bytes())
        assert session.execute("SELECT count(*) FROM notes WHERE words @@ 'welcome'").fetchall() == [(2,)]


@pytest.mark.full
def test_a_clone_beside_it_serves_it(notes: Notes) -> None:
    make_clone(notes.root.parent / "devkit", notes.cache)
    done = notes.sh(blocks("your repository")[0], notes.root, DEVKIT_VENV=sys.prefix)
    assert (done.code, "in 3 migrations and 1 image" in done.out) == (0, True), done


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_built_wheel_serves_it_without_the_clone(notes: Notes, database: str) -> None:
    clone = make_clone(notes.root.parent / "devkit", notes.cache)
    (clone / ".venv").symlink_to(sys.prefix)
    path = (
        f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}{os.pathsep}{Path(sys.prefix) / 'bin'}"  # uv
    )
    for script in blocks("a clone of devkit"):
        built = notes.sh(script, clone, PATH=path)
        assert built.code == 0, built
    _, set_up, every_day = blocks("your repository")
    made = notes.sh(set_up, notes.root, PATH=path)
    assert made.code == 0, made
    assert "0.1.0" in made.out
    assert "verify" in made.out
    by_clone = notes.inv("verify", "--format", "json", launcher=clone / "inv").report()
    shutil.rmtree(clone)
    by_wheel = notes.sh("./inv verify --no-cache --format json", notes.root, PATH=path).report()
    assert by_wheel == by_clone  # with one identity: the wheel has all of devkit's files, and the locks' packages
    done = notes.sh(every_day, notes.root, PATH=path, DEVKIT_DSN=database)
    assert done.code == 0, done
    assert "in 3 migrations and 1 image" in done.out
    assert "without citus" in done.out
    by_module = notes.sh(".venv/bin/python -m devkit verify --explain citus-not-used", notes.root)
    assert (by_module.code, "CREATE EXTENSION citus" in by_module.out) == (0, True), by_module


def make_clone(folder: Path, cache: Path) -> Path:
    """The files of this repository that a wheel is made of, and that the launcher needs."""
    folder.mkdir()
    make_checkout(folder, cache)
    for name in ("README.md", "requirements-squawk.lock"):
        shutil.copy2(ROOT / name, folder / name)
    return folder
