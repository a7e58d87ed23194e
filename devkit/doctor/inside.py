"""Looking inside the node: only where the guard's signs say that the cluster is local, and only by reading."""

from __future__ import annotations

from devkit.doctor.host import Host
from devkit.doctor.place import Hindrance
from devkit.doctor.result import Said, unknown
from devkit.process import Answer

_NOT_RUN = {126, 127}  # what docker exec gives when the node lacks the program


def node_name(host: Host) -> str:
    """What the node is called in commands for people."""
    container = host.doors.cluster().container
    return container.name if container else "NODE"


def engine_of(host: Host) -> str:
    """The program that can run something in the node, for commands for people."""
    container = host.doors.cluster().container
    return container.engine if container else "docker"


def ask_node(host: Host, *argv: str) -> Answer | Said:
    """What `argv` says inside the node; or why nobody could ask."""
    cluster = host.doors.cluster()
    if cluster.hindrance is not None:
        return unknown(f"no look inside a node: {_why_not(cluster.hindrance)}", "")
    container = cluster.container
    if container is None and not cluster.is_this_machine:
        return unknown(
            f"no look inside a node: those of {cluster.product or 'a shared cluster'} cannot be entered from here"
        )
    command = argv if container is None else (container.engine, "exec", container.name, *argv)
    answer = host.doors.run(command)
    if answer is None:
        return unknown(f"no look inside the node: {command[0]} is not on PATH")
    if answer.code is None:
        return unknown(f"no look inside the node: {' '.join(command[:2])} did not answer in time")
    if answer.code in _NOT_RUN:
        return unknown(f"no look inside the node: it has no {argv[0]}")
    return answer


def refusal(answer: Answer) -> str:
    """The last line that a program complained in."""
    lines = [line.strip() for line in (answer.err or answer.out).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {answer.code}"


def _why_not(hindrance: Hindrance) -> str:
    match hindrance:
        case Hindrance.NO_KUBECONFIG:
            return "there is no cluster yet"
        case Hindrance.KUBECONFIG:
            return "the kubeconfig leads to no cluster"
        case Hindrance.REFUSED:
            return "the cluster is not proven to be local (guard)"
        case Hindrance.SILENT:
            return "the cluster does not answer"
        case Hindrance.FORBIDDEN:
            return "the cluster refuses to be looked at"
