"""How many files the kernel under the node lets be watched."""

from __future__ import annotations

from devkit.doctor.cures import per_manager
from devkit.doctor.engine import look_engine
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node, engine_of, node_name
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.wanted import (
    INOTIFY_INSTANCES,
    INOTIFY_LEAST_INSTANCES,
    INOTIFY_LEAST_WATCHES,
    INOTIFY_WATCHES,
)

_FILES = ("/proc/sys/fs/inotify/max_user_instances", "/proc/sys/fs/inotify/max_user_watches")
_KEYS = (f"fs.inotify.max_user_instances={INOTIFY_INSTANCES}", f"fs.inotify.max_user_watches={INOTIFY_WATCHES}")


def _run(host: Host) -> Said:
    found = _limits(host)
    if isinstance(found, Said):
        return found
    instances, watches = found
    said = f"{instances} instances, {watches} watches"
    if instances < INOTIFY_LEAST_INSTANCES or watches < INOTIFY_LEAST_WATCHES:
        return problem(f"{said}: too few for a node and Tilt", _cure(host))
    if instances < INOTIFY_INSTANCES or watches < INOTIFY_WATCHES:
        return warning(f"{said}; kind advises {INOTIFY_INSTANCES} and {INOTIFY_WATCHES}", _cure(host))
    return ok(said)


def _limits(host: Host) -> tuple[int, int] | Said:
    answer = ask_node(host, "cat", *_FILES)
    if not isinstance(answer, Said):
        numbers = answer.out.split()
    elif _shares_kernel(host):
        numbers = [(host.doors.read(file) or "").strip() for file in _FILES]
    else:
        return answer
    if len(numbers) != len(_FILES) or not all(each.isdecimal() for each in numbers):
        return unknown("the kernel does not show its limits")
    return int(numbers[0]), int(numbers[1])


def _shares_kernel(host: Host) -> bool:
    """Whether a container here runs on this very kernel: not on a Mac, nor with Docker Desktop."""
    engine = look_engine(host)
    return not host.is_mac and not (engine is not None and "Desktop" in engine.system)


def _cure(host: Host) -> str:
    lasting = r"printf '%s\n' {} | sudo tee /etc/sysctl.d/60-devkit.conf && sudo sysctl --system".format(
        " ".join(_KEYS)
    )
    inside = (
        f"{engine_of(host)} exec {node_name(host)} sysctl -w {' '.join(_KEYS)} (until the virtual machine restarts)"
    )
    return per_manager(host, brew=inside, apt=lasting, dnf=lasting, pacman=lasting)


CHECK = Check(
    "inotify",
    Group.NODE,
    "inotify limits",
    "kubelet, containers and Tilt watch files; past the limit they say: too many open files, no space left on device",
    _run,
)
