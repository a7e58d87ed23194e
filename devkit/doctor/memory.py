"""Memory of the machine that containers run in: what the stack asks for, and what it may take."""

from __future__ import annotations

import re

from devkit.doctor.cures import virtual_machine
from devkit.doctor.engine import look_engine
from devkit.doctor.host import Host
from devkit.doctor.needs import gib, look_needs
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.wanted import CONTROL_PLANE_BYTES, GIB

_TOTAL = re.compile(r"^MemTotal:\s+(\d+) kB", re.MULTILINE)


def _run(host: Host) -> Said:
    total = _total(host)
    if total is None:
        return unknown("the container engine does not say how much memory it has", "docker info shows it")
    needs = look_needs(host)
    least, most = needs.requests + CONTROL_PLANE_BYTES, needs.limits + CONTROL_PLANE_BYTES
    wanted = -(-most // GIB)
    cure = virtual_machine(host, f"colima start --memory {wanted}", _smaller(host))
    if total < least:
        return problem(f"{gib(total)}, and the stack asks for {gib(least)} with its control plane", cure)
    if total < most:
        return warning(f"{gib(total)}: enough to start; under load the stack may take {gib(most)}", cure)
    return ok(f"{gib(total)}, and the stack takes at most {gib(most)}")


def _smaller(host: Host) -> str:
    group = next(iter(host.project.settings.optional), "")
    without = f'go without {group}: write {{"{group}": false}} in tilt_config.json; or ' if group else ""
    return f"{without}close what takes memory"


def _total(host: Host) -> int | None:
    engine = look_engine(host)
    if engine is not None and engine.memory:
        return engine.memory
    found = _TOTAL.search(host.doors.read("/proc/meminfo") or "") if not host.is_mac else None
    return int(found[1]) * 1024 if found else None


CHECK = Check(
    "memory",
    Group.MACHINE,
    "memory",
    "with less, pods stay Pending or are killed (OOMKilled); on a Mac it is the virtual machine's that counts",
    _run,
)
