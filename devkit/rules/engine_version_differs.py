"""engine-version-differs: the Citus that the manifests run is the one that the engine speaks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.finding import Finding, Severity
from devkit.images.reference import parse
from devkit.rules.rule import Judged, Rule, Subject, pod

_VERSION = re.compile(r"v?(\d+(?:\.\d+)?)(?![\d])")
_POSTGRES = re.compile(r"-pg(\d+)")


def check(judged: Judged) -> Iterator[Finding]:
    """Images called citus whose tag names another major.minor than the engine's, or another PostgreSQL."""
    if judged.citus is None:
        return
    for use in judged.images:
        image = parse(use.reference)
        tag = image.tag or ""
        version, postgres = _VERSION.match(tag), _POSTGRES.search(tag)
        if image.repository.rpartition("/")[2] != "citus" or version is None:
            continue
        speaks = judged.postgres.partition(".")[0]
        differs = []
        if not f"{judged.citus}.".startswith(f"{version[1]}."):
            differs.append(f"Citus {version[1]}, and this verdict is that of Citus {judged.citus}")
        if postgres and postgres[1] != speaks:
            differs.append(f"PostgreSQL {postgres[1]}, and this verdict is that of PostgreSQL {speaks}")
        if differs:
            yield Finding(
                RULE.id,
                RULE.severity,
                f"{use.reference} runs {'; '.join(differs)}: what passes here may be refused there",
                f"run a release of Citus {judged.citus}, or verify on a server of that one: --engine dsn --dsn URL",
                use.place,
                object=use.reference,
            )


RULE = Rule(
    id="engine-version-differs",
    severity=Severity.WARNING,
    subject=Subject.MANIFEST,
    summary="The manifests run the Citus that the verdict is about.",
    why="Citus's rules change from release to release: a verdict of one version is a guess about another.",
    bad=(
        pod("citusdata/citus:12.1.6"),
        pod("citusdata/citus:12-alpine"),
        pod("localhost:5000/team/citus:14.0.0"),
        pod("citusdata/citus:13.0.3-pg16"),
    ),
    good=(
        pod("citusdata/citus:13.0.3"),
        pod("citusdata/citus@sha256:" + "0" * 64),
        pod("citusdata/citus:13.0.3-pg17"),
        pod("redis:8.2.2"),
    ),
    check=check,
)
