"""Several findings of one cause are one finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from devkit.finding import Finding, Place
from devkit.rules import no_escape_settings
from devkit.rules.escapes import ESCAPES


def absorb(findings: Iterable[Finding], refusal: Finding | None, failed: Place | None) -> tuple[Finding, ...]:
    """`findings` without those that another one speaks for.

    `refusal` is the engine's, of the statement at `failed`: it speaks for every policy rule about that statement.
    """
    findings = tuple(findings)
    if refusal is not None and failed is not None:
        refusal = _with_cure(refusal, [each for each in findings if _inside(each.place, failed)])
    in_files = {(finding.rule, finding.place.file) for finding in findings}
    kept = []
    for finding in findings:
        if refusal is not None and (finding.place == refusal.place or (failed and _inside(finding.place, failed))):
            continue
        # what came in under an escape setting names the object: the setting is no second finding in the same file
        escape = ESCAPES.get(finding.object or "") if finding.rule == no_escape_settings.RULE.id else None
        if escape is None or not any((rule, finding.place.file) in in_files for rule in escape.rules):
            kept.append(finding)
    return tuple(kept) if refusal is None else (*kept, refusal)


def _with_cure(refusal: Finding, about: list[Finding]) -> Finding:
    """What reaches outside is refused for want of a privilege: the cure is the rule's, not more privileges."""
    reaching = next((finding for finding in about if finding.rule == "reaches-outside"), None)
    if reaching is None or refusal.rule != "engine-refusal":
        return refusal
    return dataclasses.replace(refusal, help=reaching.help, object=reaching.object)


def _inside(place: Place, outer: Place) -> bool:
    start, end = (place.line, place.column), (outer.end_line, outer.end_column)
    return place.file == outer.file and (outer.line, outer.column) <= start < end
