"""Free disk where containers keep images and volumes."""

from __future__ import annotations

from devkit.doctor.cures import virtual_machine
from devkit.doctor.engine import look_engine
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node
from devkit.doctor.needs import gib, look_needs
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.wanted import IMAGES_BYTES
from devkit.process import Answer

_AVAILABLE = 3  # of the columns of df -Pk (POSIX)


def _run(host: Host) -> Said:
    free = _free(host)
    if free is None:
        return unknown(
            "without a node nobody sees the disk of the virtual machine", "docker system df shows what is used"
        )
    most = IMAGES_BYTES + look_needs(host).claims
    engine = look_engine(host)
    clean = f"{engine.program if engine else 'docker'} system prune (takes away what no container uses)"
    bigger = virtual_machine(host, "colima start --disk 100", clean)
    if free < IMAGES_BYTES:
        return problem(f"{gib(free)} free, and the images alone take about {gib(IMAGES_BYTES)}", clean)
    if free < most:
        return warning(f"{gib(free)} free; images and volumes may grow to {gib(most)}", bigger)
    return ok(f"{gib(free)} free, and images and volumes take at most {gib(most)}")


def _free(host: Host) -> int | None:
    if host.is_mac:
        return _inside(ask_node(host, "df", "-Pk", "/"))
    engine = look_engine(host)
    return host.doors.free(engine.folder if engine and engine.folder else "/")


def _inside(answer: Answer | Said) -> int | None:
    if isinstance(answer, Said) or answer.code != 0:
        return None
    columns = answer.out.strip().splitlines()[-1].split() if answer.out.strip() else []
    available = columns[_AVAILABLE] if len(columns) > _AVAILABLE else ""
    return int(available) * 1024 if available.isdecimal() else None


CHECK = Check(
    "disk",
    Group.MACHINE,
    "free disk",
    "when it is full, images cannot be pulled and databases stop in the middle of a write",
    _run,
)
