"""Several findings of one cause are one finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from devkit.finding import Finding, Place

# What came in under an escape setting names the object; the setting is then no second finding in the same file.
_LET_IN = {
    "citus.enable_unsafe_triggers": {"no-triggers"},
    "citus.allow_unsafe_constraints": {"tenant-in-primary-key"},
    "citus.enable_ddl_propagation": {"no-triggers", "tenant-in-primary-key"},
}


def absorb(findings: Iterable[Finding], refusal: Finding | None, failed: Place | None) -> tuple[Finding, ...]:
    """`findings` without those that another one speaks for.

    `refusal` is the engine's, of the statement at `failed`: it speaks for every policy rule about that statement.
    """
    findings = tuple(findings)
    if refusal is not None and failed is not None:
        refusal = _with_cure(refusal, [each for each in findings if _inside(each.place, failed)])
    let_in = {(finding.rule, finding.place.file) for finding in findings}
    kept = []
    for finding in findings:
        if refusal is not None and (finding.place == refusal.place or (failed and _inside(finding.place, failed))):
            continue
        consequences = _LET_IN.get(finding.object or "", set()) if finding.rule == "no-escape-settings" else set()
        if not any((rule, finding.place.file) in let_in for rule in consequences):
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
