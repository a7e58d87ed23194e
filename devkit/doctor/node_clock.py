"""The clock of the node beside this machine's: virtual machines lose time while a laptop sleeps."""

from __future__ import annotations

from devkit.doctor.cures import per_manager
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node, refusal
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.wanted import CLOCK_PROBLEM, CLOCK_WARNING


def _run(host: Host) -> Said:
    before = host.now()
    answer = ask_node(host, "date", "-u", "+%s")
    after = host.now()
    if isinstance(answer, Said):
        return answer
    if not answer.out.strip().isdecimal():
        return unknown(f"the node does not tell the time: {refusal(answer)}")
    node = int(answer.out)
    apart = max(node - after, before - node - 1)  # its second began up to a second before it was told
    said = f"the node is {abs(node - before):.0f} s {'behind' if node < before else 'ahead of'} this machine"
    if apart > CLOCK_PROBLEM:
        return problem(said, _cure(host))
    if apart > CLOCK_WARNING:
        return warning(said, _cure(host))
    return ok("the node has the time of this machine")


def _cure(host: Host) -> str:
    right = "sudo timedatectl set-ntp true"
    return per_manager(host, brew="colima restart (or restart Docker Desktop)", apt=right, dnf=right, pacman=right)


CHECK = Check(
    "node-clock",
    Group.NODE,
    "the node's clock",
    "certificates and tokens are not valid yet, or no longer; now() in SQL and the logs are wrong",
    _run,
)
