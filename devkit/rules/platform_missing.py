"""platform-missing: an image that some of the team's machines can only emulate, or not run at all."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Place, Severity
from devkit.images.lock import LockedImage
from devkit.images.manifest import ImageUse
from devkit.images.name import Name
from devkit.images.pins import Pins, is_image
from devkit.rules.rule import Judged, Rule, Subject, locked, pod_file


def platforms_missing(pins: Pins) -> Iterator[Finding]:
    """An error for an image that lacks one of the platforms, information where that is declared to be emulated."""
    used: set[str] = set()
    for use, name in pins.named():
        emulated = pins.emulated_on(name)
        held = pins.held(use, name)
        if name.image not in used:
            used.add(name.image)
            if emulated and held is None:
                yield _emulated(use, name, emulated)
            elif held is not None:
                yield from missing(pins, use, name, held)
    if used:  # a folder without images says nothing of what is declared
        yield from _for_nothing(pins, used)


def missing(pins: Pins, use: ImageUse, name: Name, held: LockedImage) -> Iterator[Finding]:
    """What the image that is locked for a use lacks, beside what is declared."""
    lacks = held.resolved.lacks(pins.platforms)
    emulated = pins.emulated_on(name)
    if open_ones := tuple(each for each in lacks if each not in emulated):
        there = ", ".join(child.platform for child in held.resolved.children) or "no platform"
        image = use.reference.partition("@")[0].rpartition(":")[0] or use.reference
        listed = ", ".join(f'"{each}"' for each in open_ones)
        yield Finding(
            RULE.id,
            RULE.severity,
            f"{held.name} is published for {there}, not for {' and '.join(open_ones)}: it does not start there",
            f'use an image that is; or say that it is emulated: [tool.devkit.emulated] "{image}" = [{listed}]',
            use.place,
            object=name.image,
        )
    if known := tuple(each for each in lacks if each in emulated):
        yield _emulated(use, name, known)
    if published := tuple(each for each in emulated if each not in lacks):
        yield Finding(
            RULE.id,
            Severity.WARNING,
            f"{held.name} is declared to be emulated on {' and '.join(published)}, and is published for it",
            "delete that entry of [tool.devkit.emulated]",
            use.place,
            object=name.image,
        )


def _emulated(use: ImageUse, name: Name, platforms: tuple[str, ...]) -> Finding:
    return Finding(
        RULE.id,
        Severity.INFO,
        f"{use.reference} is emulated on {' and '.join(platforms)}: slower there, and not quite the same machine",
        "nothing to do on machines that emulate it; OrbStack's Kubernetes does not",
        use.place,
        object=name.image,
    )


def _for_nothing(pins: Pins, used: set[str]) -> Iterator[Finding]:
    for image in pins.emulated:
        if not any(is_image(image, each) for each in used):
            yield Finding(
                RULE.id,
                Severity.WARNING,
                f"[tool.devkit.emulated] names {image}, which no manifest does",
                "delete that entry, or write the image as the manifests do",
                Place("pyproject.toml"),
                object=image,
            )


def _check(judged: Judged) -> Iterator[Finding]:
    return platforms_missing(judged.pins)


RULE = Rule(
    id="platform-missing",
    severity=Severity.ERROR,
    subject=Subject.PROJECT,
    summary="Every image is published for every platform of the team, or declared to be emulated.",
    why="An image for amd64 alone does not start on an ARM Mac, or only under emulation, and slowly.",
    bad=(
        f"{pod_file('redis:8.2.2@sha256:' + 'a' * 64)}\n{locked('redis:8.2.2', platforms=('linux/amd64',))}",
        f"{pod_file('redis:8.2.2')}\n"
        "printf '\\n[tool.devkit.emulated]\\nredis = [\"linux/arm64\"]\\n' >> pyproject.toml",
        f"{pod_file('redis:8.2.2')}\n"
        "printf '\\n[tool.devkit.emulated]\\nreids = [\"linux/arm64\"]\\n' >> pyproject.toml",
    ),
    good=(f"{pod_file('redis:8.2.2@sha256:' + 'a' * 64)}\n{locked('redis:8.2.2')}",),
    check=_check,
)
