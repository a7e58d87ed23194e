"""Objects that say by conditions how far they are: custom resources, and the parts of the API itself."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.conditions import Condition, condition, conditions
from devkit.cluster.readiness.raw import Raw, lasting, moment, name_of, number, resource_of, said, text
from devkit.cluster.readiness.values import Answer, Seen, failed, ready, waiting

_GOOD = ("Ready", "Available", "Healthy")  # in this order: the first that an object has decides
_UNDERWAY = frozenset({"Installing", "NotAccepted", ""})


def declared(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Any object without rules of its own: by its Ready, Available or Healthy condition; without one it is ready."""
    del now
    told = next((found for kind in _GOOD if (found := condition(raw, kind)).status), None)
    if told is None:
        return ready("Exists", "it exists")
    generation = number(raw, "metadata", "generation")
    if told.observed_generation and told.observed_generation < generation:
        return unobserved(raw, told.observed_generation)
    if told.holds:
        return ready(told.type, _told(told) or "its controller says so")
    return waiting(
        told.reason or f"Not{told.type}",
        f"its condition {told.type} is {said(told.status)}{_behind_colon(told)}",
        f"{seen.kubectl} describe {resource_of(raw)} {name_of(raw)}",
    )


def reconciled(raw: Raw, seen: Seen) -> Answer | None:
    """The conditions Stalled and Reconciling, and status.observedGeneration, as in kstatus; None if all is well."""
    observed, generation = number(raw, "status", "observedGeneration"), number(raw, "metadata", "generation")
    if observed and observed < generation:
        return unobserved(raw, observed)
    stalled, reconciling = condition(raw, "Stalled"), condition(raw, "Reconciling")
    describe = f"{seen.kubectl} describe {resource_of(raw)} {name_of(raw)}"
    if stalled.holds:
        return failed(stalled.reason or "Stalled", f"its controller is stuck{_behind_colon(stalled)}", describe)
    if reconciling.holds:
        return waiting(reconciling.reason or "Reconciling", f"its controller is at it{_behind_colon(reconciling)}")
    return None


def unobserved(raw: Raw, observed: int) -> Answer:
    """The status is about an older version of the object."""
    return waiting(
        "LatestGenerationNotObserved",
        f"its controller has not seen the present version yet (generation {number(raw, 'metadata', 'generation')}, "
        f"seen {observed})",
    )


def namespace(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Active, or on its way out, with what the namespace controller says is left."""
    if text(raw, "status", "phase") != "Terminating" and not text(raw, "metadata", "deletionTimestamp"):
        return ready("Active", "active")
    left = [each for each in conditions(raw) if each.holds]
    since = lasting(moment(raw, "metadata", "deletionTimestamp"), now)
    why = f": {'; '.join(each.message for each in left)}" if left else ""
    is_blind = any(each.type == "NamespaceDeletionDiscoveryFailure" for each in left)
    cure = f"{seen.kubectl} get apiservices" if is_blind else ""
    return waiting("Terminating", f"its deletion has been going on{since}{why}", cure)


def definition(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """A CustomResourceDefinition: ready once Established; refused names never mend by themselves."""
    del now
    names, established = condition(raw, "NamesAccepted"), condition(raw, "Established")
    describe = f"{seen.kubectl} describe crd {name_of(raw)}"
    if names.status == "False":
        return failed(
            names.reason or "NamesNotAccepted",
            f"its names are taken{_behind_colon(names)}",
            f"correct spec.names in the manifest, or remove the other definition: {describe}",
        )
    if established.holds:
        return ready("Established", "established")
    if established.status == "False" and established.reason not in _UNDERWAY:
        return failed(established.reason, f"it cannot be established{_behind_colon(established)}", describe)
    return waiting("Installing", "it is being established")


def api_service(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """An aggregated API: ready once the API server reaches the service behind it."""
    del now
    available = condition(raw, "Available")
    if available.holds:
        return ready("Available", "available")
    behind = text(raw, "spec", "service", "namespace")
    cure = f"{seen.kubectl} get pods -n {behind}" if behind else ""
    return waiting(available.reason or "Pending", f"its API does not answer{_behind_colon(available)}", cure)


def _told(told: Condition) -> str:
    return told.message or told.reason


def _behind_colon(told: Condition) -> str:
    return f": {_told(told)}" if _told(told) else ""
