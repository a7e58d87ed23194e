"""What makes a local cluster here: kind, k3d, k3s or minikube."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.doctor.version import first_words, version_in
from devkit.doctor.wanted import KIND

# "kind v0.23.0 go1.21.10 linux/amd64", "kind version 0.23.0", and "v0.5.1" before 0.7.
_KIND = r"^(?:kind (?:version )?)?"
# The other tools, how they are asked, and what stands before their version.
_OTHERS = (
    ("k3d", ("version",), r"^k3d version "),
    ("k3s", ("--version",), r"^k3s version "),
    ("minikube", ("version",), r"^minikube version: "),
)


def _run(host: Host) -> Said:
    answer = host.doors.run(("kind", "version"))
    if answer is None:
        return _others(host)
    if answer.code is None:
        return unknown("kind did not answer in time", "kind version shows what it waits for")
    found = version_in(answer.out, _KIND)
    if found is None:
        return problem(f"what is called kind gives no version: it said {first_words(answer)}", cures.kind(host))
    if found.line < KIND.tested.line:
        upgrade = "brew upgrade kind" if host.manager == "brew" else cures.kind(host)
        return warning(f"kind {found}, older than {KIND.tested}: the node's image may not be made for it", upgrade)
    return ok(f"kind {found}")


def _others(host: Host) -> Said:
    for name, words, before in _OTHERS:
        answer = host.doors.run((name, *words))
        if answer is not None and (found := version_in(answer.out, before)) is not None:
            return ok(f"{name} {found}")
    if product := host.doors.cluster().product:
        return ok(f"no kind, k3d, k3s or minikube on PATH; {product} has a cluster")
    return problem("there is neither kind nor k3d, k3s or minikube on PATH", cures.kind(host))


CHECK = Check(
    "cluster-tool",
    Group.TOOLS,
    "kind, k3d, k3s or minikube",
    "one of them makes the cluster that the stack runs in; a node's image is made for one release of kind",
    _run,
)
