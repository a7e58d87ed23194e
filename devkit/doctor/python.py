"""Python: new enough, and built for this processor."""

from __future__ import annotations

from devkit.doctor.cures import installed, per_manager
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem
from devkit.doctor.version import version_in
from devkit.doctor.wanted import PYTHON


def _run(host: Host) -> Said:
    found = version_in(host.python)
    if found is None or found < PYTHON.oldest:
        newer = installed(host, brew="python", apt="python3.11 python3.11-venv", dnf="python3.11", pacman="python")
        return problem(f"Python {host.python}, and devkit needs {PYTHON.oldest.major}.{PYTHON.oldest.minor}", newer)
    if host.is_mac and host.platform == "amd64" and _is_apple_silicon(host):
        native = "arch -arm64 brew install python && rm -rf .venv && ./inv --list"
        again = per_manager(host, brew=native, apt=native, dnf=native, pacman=native)
        return problem(f"Python {found} for Intel, emulated by Rosetta on Apple silicon", again)
    return ok(f"Python {found}, {host.platform}")


def _is_apple_silicon(host: Host) -> bool:
    answer = host.doors.run(("sysctl", "-n", "hw.optional.arm64"))
    return answer is not None and answer.code == 0 and answer.out.strip() == "1"


CHECK = Check(
    "python",
    Group.TOOLS,
    "Python",
    "devkit runs on it; one for another processor takes packages and a PostgreSQL of that one",
    _run,
)
