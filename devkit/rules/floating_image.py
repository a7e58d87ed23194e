"""floating-image: an image whose tag another push can move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devkit.finding import Finding, Severity
from devkit.images.manifest import ImageUse
from devkit.images.reference import parse
from devkit.rules.rule import Judged, Rule, Subject, pod


def floating(images: Iterable[ImageUse]) -> Iterator[Finding]:
    """`latest` or no tag is an error, a tag that does not name one release is a warning; a digest cannot move."""
    for use in images:
        image = parse(use.reference)
        if image.digest or image.is_specific:
            continue
        if image.tag in (None, "latest"):
            said = "has no tag, which means latest" if image.tag is None else "is latest"
            yield Finding(
                RULE.id,
                Severity.ERROR,
                f"{use.reference} {said}: each machine runs whatever was newest when it pulled",
                f"name the release, for example {image.repository}:1.2.3, or pin the digest",
                use.place,
                object=use.reference,
            )
        else:
            yield Finding(
                RULE.id,
                Severity.WARNING,
                f"the tag of {use.reference} moves with each release of that line: two machines can run two builds",
                "name the full release, or pin the digest",
                use.place,
                object=use.reference,
            )


def _check(judged: Judged) -> Iterator[Finding]:
    return floating(judged.images)


RULE = Rule(
    id="floating-image",
    severity=Severity.ERROR,
    subject=Subject.MANIFEST,
    summary="Every image names one release.",
    why="A tag that moves makes two machines differ with nothing in git to show it.",
    bad=(pod("redis:latest"), pod("redis"), pod("localhost:5000/redis"), pod("citusdata/citus:13.0")),
    good=(
        pod("redis:8.2.2"),
        pod("redpandadata/redpanda:v25.2.11"),
        pod(f"redis@sha256:{'0' * 64}"),
        pod("postgres:17.11"),
    ),
    check=_check,
)
