"""Whether the node finds the registries of the images by their names."""

from __future__ import annotations

from devkit.doctor.cures import per_manager
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node, engine_of, node_name, refusal
from devkit.doctor.needs import images
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown
from devkit.words import plural

_DOCKER_HUB = "registry-1.docker.io"  # where docker.io is served
_NOT_FOUND = 2  # what getent ends with (getent(1), glibc)


def _run(host: Host) -> Said:
    hosts = tuple(dict.fromkeys(_DOCKER_HUB if each.host == "docker.io" else each.host for each in images(host)))
    missing = []
    for name in hosts:
        bare = name.rpartition(":")[0] or name
        answer = ask_node(host, "getent", "hosts", bare)
        if isinstance(answer, Said):
            return answer
        if answer.code == _NOT_FOUND:
            missing.append(bare)
        elif answer.code != 0:
            return unknown(f"the node does not look up {bare}: {refusal(answer)}")
    if missing:
        return problem(f"the node does not find {', '.join(missing)}", _cure(host))
    return ok(f"the node finds {plural(len(hosts), 'registry') if len(hosts) == 1 else f'{len(hosts)} registries'}")


def _cure(host: Host) -> str:
    look = f"{engine_of(host)} exec {node_name(host)} cat /etc/resolv.conf shows whom it asks"
    if engine_of(host) == "podman":
        return f'{look}; write dns_servers = ["ADDRESS"] under [containers] in ~/.config/containers/containers.conf'
    other = 'name a DNS server in /etc/docker/daemon.json ({"dns": ["ADDRESS"]}), then sudo systemctl restart docker'
    brew = "colima stop && colima start --dns ADDRESS (a VPN often changes the address)"
    return f"{look}; {per_manager(host, brew=brew, apt=other, dnf=other, pacman=other)}"


CHECK = Check(
    "node-dns",
    Group.NODE,
    "names inside the node",
    "the node pulls the images itself: without names every pod stays in ImagePullBackOff",
    _run,
)
