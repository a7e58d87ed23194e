"""Every check, in the order of the report."""

from __future__ import annotations

import difflib

from devkit.doctor import (
    cgroup,
    cluster_tool,
    container_engine,
    disk,
    emulation,
    file_names,
    guard,
    inotify,
    kubeconfig,
    kubectl,
    kubernetes,
    line_endings,
    memory,
    node_clock,
    node_dns,
    node_image,
    ports,
    private_ca,
    proxy,
    python,
    tilt,
)
from devkit.doctor.result import Check
from devkit.errors import DevkitError

CHECKS: tuple[Check, ...] = (
    python.CHECK,
    kubectl.CHECK,
    tilt.CHECK,
    container_engine.CHECK,
    cluster_tool.CHECK,
    memory.CHECK,
    disk.CHECK,
    cgroup.CHECK,
    ports.CHECK,
    node_image.CHECK,
    kubeconfig.CHECK,
    guard.CHECK,
    kubernetes.CHECK,
    kubectl.SKEW,
    inotify.CHECK,
    emulation.CHECK,
    node_dns.CHECK,
    node_clock.CHECK,
    proxy.CHECK,
    private_ca.CHECK,
    file_names.CASE,
    file_names.UNICODE,
    line_endings.CHECK,
)


def chosen(only: str, option: str = "--only") -> tuple[Check, ...]:
    """The checks that `only` names, ids with commas between them; all for "".

    DevkitError for an id that is none, as `option` had it.
    """
    wanted = tuple(name for each in only.split(",") if (name := each.strip()))
    if only and not wanted:
        raise DevkitError(f"{option} names no check", f"write one of: {_ids()}")
    for name in wanted:
        if name not in {check.id for check in CHECKS}:
            near = difflib.get_close_matches(name, [check.id for check in CHECKS], n=1)
            guess = f"did you mean {near[0]}?" if near else f"the checks are: {_ids()}"
            raise DevkitError(f"{option} {name}: there is no such check", guess)
    return tuple(check for check in CHECKS if not wanted or check.id in wanted)


def _ids() -> str:
    return ", ".join(check.id for check in CHECKS)
