"""Tilt: the one that brings the stack up."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.version import first_words, version_in
from devkit.doctor.wanted import TILT

# "v0.33.21, built 2024-11-15", "v0.37.6-dev, built …": without that it is another program of the name.
_BUILT = r"[-+\w.]*, built "


def _run(host: Host) -> Said:
    answer = host.doors.run(("tilt", "version"))
    if answer is None:
        return problem("tilt is not on PATH", cures.tilt(host))
    if answer.code is None:
        return unknown("tilt did not answer in time", "tilt version shows what it waits for")
    found = version_in(answer.out, "^", _BUILT)
    if found is None:
        said = f"what is called tilt is another program (Ruby has one, too): it said {first_words(answer)}"
        return problem(said, f"{cures.tilt(host)}; it has to come first on PATH")
    if found < TILT.oldest:
        return problem(f"Tilt {found}, and the oldest that will do is {TILT.oldest}", _upgrade(host))
    if found.line < TILT.tested.line:
        return warning(f"Tilt {found}, older than the {TILT.tested} that devkit is tested with", _upgrade(host))
    return ok(f"Tilt {found}")


def _upgrade(host: Host) -> str:
    return "brew upgrade tilt" if host.manager == "brew" else cures.tilt(host)


CHECK = Check(
    "tilt",
    Group.TOOLS,
    "Tilt",
    "./inv up starts it; before 0.36 what it runs could see another context than the one that Tilt works on",
    _run,
)
