"""The peers' programs, installed once from their registries into a cache outside the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import platformdirs

DBMATE = "2.36.0"
GOLANG_MIGRATE = "4.19.1"
FLYWAY = "11.8.2"
KBLD = "0.46.0"
_JDBC = "42.7.5"
_JACKSON = "2.15.2"  # what Flyway's command line reads its configuration with, and does not name itself
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>bench</artifactId><version>1</version><dependencies>{}</dependencies></project>"""
_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"


def dbmate() -> Path:
    """The native binary of the npm package dbmate."""
    folder = _cache() / f"dbmate-{DBMATE}"
    if not folder.is_dir():
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", folder,
             f"dbmate@{DBMATE}"],
            check=True,
        )  # fmt: skip
    (binary,) = folder.glob("node_modules/@dbmate/*/bin/dbmate")
    return binary


def golang_migrate() -> Path:
    """The command of the Go module golang-migrate, with its PostgreSQL driver."""
    folder = _cache() / f"golang-migrate-{GOLANG_MIGRATE}"
    if not (folder / "migrate").is_file():
        module = f"github.com/golang-migrate/migrate/v4/cmd/migrate@v{GOLANG_MIGRATE}"
        subprocess.run(
            ["go", "install", "-tags", "postgres", module], check=True, env={**os.environ, "GOBIN": str(folder)}
        )
    return folder / "migrate"


def kbld() -> Path | None:
    """The command of the Go module kbld; None where it cannot be built."""
    folder = _cache() / f"kbld-{KBLD}"
    if not (folder / "kbld").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        # not `go install`: it asks which versions there are, and not every module proxy says
        (folder / "go.mod").write_text(f"module bench\n\ngo 1.23\n\nrequire carvel.dev/kbld v{KBLD}\n")
        words = ["go", "build", "-mod=mod", "-o", "kbld", "carvel.dev/kbld/cmd/kbld"]
        if subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode:
            return None
    return folder / "kbld"


def flyway() -> list[str] | None:
    """The command line of Flyway from Maven's registry; None where there is no Maven, or it cannot be had."""
    folder = _cache() / f"flyway-{FLYWAY}"
    if shutil.which("mvn") is None:
        return None
    if not (folder / "lib").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [("org.flywaydb", f"flyway-{part}", FLYWAY) for part in ("core", "commandline", "database-postgresql")]
        wanted += [
            ("com.fasterxml.jackson.dataformat", f"jackson-dataformat-{kind}", _JACKSON) for kind in ("toml", "xml")
        ]
        wanted.append(("org.postgresql", "postgresql", _JDBC))
        (folder / "pom.xml").write_text(_POM.format("".join(_DEPENDENCY.format(*each) for each in wanted)))
        words = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]
        if subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode != 0:
            return None
    return ["java", "-cp", f"{folder}/lib/*", "org.flywaydb.commandline.Main"]


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("devkit-bench", appauthor=False))
