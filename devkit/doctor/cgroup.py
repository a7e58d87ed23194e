"""The cgroup version of the machine that containers run in."""

from __future__ import annotations

from devkit.doctor.cures import per_manager
from devkit.doctor.engine import look_engine
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown

_V2 = "/sys/fs/cgroup/cgroup.controllers"  # only the unified hierarchy has it (kernel, cgroup-v2.rst)
_PARAMETER = "systemd.unified_cgroup_hierarchy=1"


def _run(host: Host) -> Said:
    version, where = _version(host)
    if version == 0:
        return unknown("neither the container engine nor a node says its cgroup version", "docker info shows it")
    if version == 1:
        return problem(f"cgroup v1, says {where}: the kubelet of Kubernetes 1.35 and later does not start", _cure(host))
    return ok(f"cgroup v2, says {where}")


def _version(host: Host) -> tuple[int, str]:
    engine = look_engine(host)
    if engine is not None and engine.cgroup:
        return engine.cgroup, engine.product
    answer = ask_node(host, "cat", _V2)
    if not isinstance(answer, Said) and (answer.code == 0 or "No such file" in answer.err):
        return (2 if answer.code == 0 else 1), "the node"
    if not host.is_mac and host.doors.exists("/sys/fs/cgroup"):
        return (2 if host.doors.exists(_V2) else 1), "this machine"
    return 0, ""


def _cure(host: Host) -> str:
    edit = f"""sudo sed -i 's/^GRUB_CMDLINE_LINUX="/&{_PARAMETER} /' /etc/default/grub"""
    return per_manager(
        host,
        brew="colima delete && colima start (its containers go), or update Docker Desktop: both have cgroup v2 by now",
        apt=f"{edit} && sudo update-grub && sudo reboot",
        dnf=f"sudo grubby --update-kernel=ALL --args={_PARAMETER} && sudo reboot",
        pacman=f"{edit} && sudo grub-mkconfig -o /boot/grub/grub.cfg && sudo reboot",
    )


CHECK = Check(
    "cgroup",
    Group.MACHINE,
    "cgroup version",
    "Kubernetes measures and limits memory through it; from 1.35 on the kubelet refuses version 1",
    _run,
)
