"""image-place-unknown: a key called image of a kind that is not Kubernetes' own."""

from __future__ import annotations

from collections.abc import Iterator

from devkit.finding import Finding, Place, Severity
from devkit.images.pins import Pins
from devkit.rules.rule import DIR, Judged, Rule, Subject


def unknown_places(pins: Pins) -> Iterator[Finding]:
    """Information about each key that looks as if it named an image, and that nobody has declared.

    And a warning for each declaration that no manifest has anything for.
    """
    for each in pins.unknown:
        path = each.path.partition(":")[2]
        kind = each.kind or "a document without a kind"
        declare = f'[tool.devkit.image-paths] {each.kind} = ["{path}"]' if each.kind else "move it to another folder"
        yield Finding(
            RULE.id,
            Severity.INFO,
            f"{path} of {kind} looks like an image: it is neither judged nor pinned",
            f"if it is one: {declare}",
            each.place,
            object=f"{each.kind} {path}",
        )
    for path in pins.unmatched:
        yield Finding(
            RULE.id,
            RULE.severity,
            f"[tool.devkit.image-paths] has {path}, and no manifest has anything there: nothing is pinned by it",
            "mend the path, or delete it",
            Place("pyproject.toml"),
            object=path,
        )


def _check(judged: Judged) -> Iterator[Finding]:
    return unknown_places(judged.pins)


def _cluster(key: str) -> str:
    manifest = f"apiVersion: example.org/v1\nkind: Cluster\nmetadata: {{name: a}}\nspec: {{{key}: redis:8.2.2}}\n"
    return f"echo 'SELECT 1;' > {DIR}/V1__a.sql\ncat > infra/k8s/a.yaml <<'END'\n{manifest}END"


_DECLARED = "printf '\\n[tool.devkit.image-paths]\\nCluster = [\"spec.image\"]\\n' >> pyproject.toml"

RULE = Rule(
    id="image-place-unknown",
    severity=Severity.WARNING,
    subject=Subject.PROJECT,
    summary="Every key that is called image is known to name one, or not.",
    why="An operator's image that nobody pins floats although every other one stands still.",
    bad=(_cluster("image"), f"{_cluster('version')}\n{_DECLARED}"),
    good=(_cluster("version"),),
    check=_check,
)
