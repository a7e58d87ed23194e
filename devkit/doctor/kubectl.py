"""kubectl: no more than one minor version away from the pinned Kubernetes, and from the server that answers."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.host import Host
from devkit.doctor.node_image import pinned_version
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.version import Version, first_words, json_in, version_in
from devkit.doctor.wanted import KUBECTL
from devkit.process import Answer

_ASKED = ("kubectl", "version", "--client", "-o", "json")
# Up to 1.27 as Go prints a struct, since then as a line; a server's version may stand beside it.
_OLD, _LINE = r'Client Version:.*GitVersion:"', r"Client Version:\s*"


def client_version(answer: Answer) -> Version | None:
    """The version in whatever form kubectl has given it since 1.4; None when no kubectl speaks there."""
    found = json_in(answer.out)
    client = (found or {}).get("clientVersion")
    if isinstance(client, dict):
        return version_in(str(client.get("gitVersion", "")))
    return version_in(answer.out, _OLD) or version_in(answer.out, _LINE)


def _wanted(host: Host) -> Version:
    return pinned_version(host) or KUBECTL.tested


def _cure(host: Host) -> str:
    return cures.kubectl(host, _wanted(host))


def _client(host: Host) -> Version | Said:
    answer = host.doors.run(_ASKED)
    if answer is None:
        return problem("kubectl is not on PATH", _cure(host))
    if answer.code is None:
        return unknown("kubectl did not answer in time", "kubectl version --client shows what it waits for")
    found = client_version(answer)
    return found or problem(f"what is called kubectl gives no version: it said {first_words(answer)}", _cure(host))


def _run(host: Host) -> Said:
    found = _client(host)
    if isinstance(found, Said):
        return found
    wanted = _wanted(host)
    if found.is_near(wanted):
        return ok(f"kubectl {found}")
    said = f"kubectl {found}, and Kubernetes {wanted} needs 1.{wanted.minor - 1} to 1.{wanted.minor + 1}"
    if found < wanted:
        return problem(said, _cure(host))
    return warning(said, cures.kubectl_exactly(host, wanted))


def _run_skew(host: Host) -> Said:
    cluster = host.doors.cluster()
    server = version_in(cluster.version)
    if server is None:
        return unknown("no server says its version", "")
    found = _client(host)
    if isinstance(found, Said):
        return unknown(f"the server is {server}; of kubectl nothing is known", found.cure)
    if not found.is_near(server):
        cure = (cures.kubectl if found < server else cures.kubectl_exactly)(host, server)
        return problem(f"kubectl {found}, and the server is {server}", cure)
    return ok(f"kubectl {found}, server {server}")


CHECK = Check(
    "kubectl",
    Group.TOOLS,
    "kubectl",
    "more than one minor version away from its server, kubectl refuses valid manifests, or drops fields",
    _run,
)
SKEW = Check(
    "kubectl-skew",
    Group.CLUSTER,
    "kubectl beside the server",
    "more than one minor version apart, kubectl refuses valid manifests, or drops fields",
    _run_skew,
)
