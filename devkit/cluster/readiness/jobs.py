"""Job and CronJob."""

from __future__ import annotations

from datetime import datetime

from devkit.cluster.readiness.blockers import blocker, held_up
from devkit.cluster.readiness.conditions import Condition, condition
from devkit.cluster.readiness.owners import owned
from devkit.cluster.readiness.pods import look
from devkit.cluster.readiness.raw import Raw, created, flag, name_of, number, said, text
from devkit.cluster.readiness.values import Answer, Seen, State, failed, ready
from devkit.words import plural

_RETRIES = 6  # the API's default for backoffLimit


def job(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Ready once complete, unlike kstatus, which is content when a Job has started."""
    succeeded = number(raw, "status", "succeeded")
    wanted = number(raw, "spec", "completions", default=number(raw, "spec", "parallelism", default=1))
    progress = f"{succeeded} of {plural(wanted, 'completion')}"
    if condition(raw, "Complete").holds:
        return ready("Complete", progress)
    failure = next((each for each in (condition(raw, "Failed"), condition(raw, "FailureTarget")) if each.holds), None)
    if failure:
        return _gave_up(raw, failure, seen, now)
    if flag(raw, "spec", "suspend"):
        return ready("JobSuspended", "suspended, as its manifest says")
    tries = number(raw, "status", "failed")
    limit = number(raw, "spec", "backoffLimit", default=_RETRIES)
    tried = f", {tries} of {plural(limit + 1, 'try')} failed".replace("trys", "tries") if tries else ""
    return held_up(f"{progress}{tried}", "JobRunning", _cause(raw, seen, now))


def cron_job(raw: Raw, seen: Seen, now: datetime) -> Answer:
    """Ready once the API server took it: its runs are another matter."""
    del seen, now
    if flag(raw, "spec", "suspend"):
        return ready("Suspended", "suspended, as its manifest says")
    return ready("Scheduled", f"scheduled at {said(text(raw, 'spec', 'schedule')) or 'its times'}")


def _cause(raw: Raw, seen: Seen, now: datetime) -> Answer | None:
    """What holds its running pod up, or why none is made; what an earlier try met is no obstacle to the next."""
    running = [each for each in owned(raw, seen.pods) if text(each, "status", "phase") not in ("Failed", "Succeeded")]
    creators = () if running else (("Job", raw),)
    return blocker(f"Job {name_of(raw)}", running, creators, seen, now)


def _gave_up(raw: Raw, failure: Condition, seen: Seen, now: datetime) -> Answer:
    """It will not be tried again; the youngest of its pods tells why."""
    reason = failure.reason or "JobFailed"
    told = f": {failure.message}" if failure.message else ""
    answers = [look(each, f"Job {name_of(raw)}", seen, now) for each in sorted(owned(raw, seen.pods), key=_age)]
    last = next((each for each in reversed(answers) if each.state is State.FAILED), None)
    why = f": {last.message}" if last else ""
    first = last.help if last else f"{seen.kubectl} describe job {name_of(raw)}"
    again = f"{seen.kubectl} delete job {name_of(raw)}"
    return failed(reason, f"it has failed{told}{why}", f"{first}; once mended, to run it anew: {again}")


def _age(pod: Raw) -> str:
    return str(created(pod) or "")
