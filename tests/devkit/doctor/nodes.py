"""What is looked at inside the node."""

from __future__ import annotations

import dataclasses

from devkit.process import Answer
from tests.devkit.doctor.fake import K3S, KIND, NOW, ORBSTACK, REFUSED, SLOW, Plan, docker
from tests.devkit.doctor.situation import (
    LINUX,
    MAC,
    NOT_THERE,
    OK,
    PROBLEM,
    UNKNOWN,
    WARNING,
    Situation,
    images_lock,
    node,
)

ARM_KIND = dataclasses.replace(KIND, platform="arm64")
CITUS = "docker.io/citusdata/citus:13.0"
INSPECT = f"docker image inspect --format {{{{.Id}}}} {CITUS}"
UNAME = f"docker run --rm --pull never --network none --platform linux/amd64 --entrypoint uname {CITUS} -m"
BINFMT = "/proc/sys/fs/binfmt_misc"
LOCK = images_lock("citusdata/citus:13.0", "linux/amd64", "linux/arm64")
PODMAN_KIND = dataclasses.replace(KIND, provider_id="kind://podman/dev/dev-control-plane")
PODMAN_DNS = "podman exec dev-control-plane getent hosts registry-1.docker.io"

INSIDE = (
    Situation("inotify", "as kind advises", OK, Plan(node(inotify="512\n524288\n"), cluster=KIND)),
    Situation("inotify", "as the kernel comes", WARNING, Plan(node(inotify="128\n65536\n"), cluster=KIND)),
    Situation("inotify", "as before Linux 5.11", PROBLEM, Plan(node(inotify="128\n8192\n"), cluster=KIND)),
    Situation("inotify", "garbage", UNKNOWN, Plan(node(inotify="cat: nothing"), cluster=KIND)),
    Situation(
        "inotify",
        "this kernel",
        WARNING,
        Plan(
            docker(),
            {"/proc/sys/fs/inotify/max_user_instances": "128\n", "/proc/sys/fs/inotify/max_user_watches": "524288\n"},
        ),
        LINUX,
    ),
    Situation("inotify", "a Mac without a node", UNKNOWN, Plan(docker()), MAC),
    Situation("emulation", "an amd64 machine", OK, Plan(cluster=KIND)),
    Situation(
        "emulation",
        "proven by running one",
        OK,
        Plan(
            {**docker(Architecture="aarch64"), INSPECT: "sha256:1\n", UNAME: "x86_64\n"},
            machine="arm64",
            cluster=ARM_KIND,
        ),
    ),
    Situation(
        "emulation",
        "registered in the node",
        OK,
        Plan(
            {
                **docker(),
                INSPECT: Answer(1, "", "no such image"),
                **node(binfmt="enabled\n", rosetta=NOT_THERE, qemu="enabled\ninterpreter /usr/bin/qemu\n"),
            },
            machine="arm64",
            cluster=ARM_KIND,
        ),
    ),
    Situation(
        "emulation",
        "registered on this machine",
        OK,
        Plan(files={f"{BINFMT}/status": "enabled\n", f"{BINFMT}/qemu-x86_64": "enabled\n"}, machine="aarch64"),
        LINUX,
    ),
    Situation(
        "emulation",
        "nothing emulates",
        PROBLEM,
        Plan(
            {
                **docker(Architecture="aarch64"),
                INSPECT: Answer(1, "", "no such image"),
                **node(binfmt="enabled\n", rosetta=NOT_THERE, qemu="disabled\n"),
            },
            machine="arm64",
            cluster=ARM_KIND,
        ),
    ),
    Situation(
        "emulation",
        "the emulator does not work",
        PROBLEM,
        Plan(
            {
                **docker(Architecture="aarch64"),
                INSPECT: "sha256:1",
                UNAME: Answer(255, "", "exec format error"),
            },
            machine="arm64",
            cluster=ARM_KIND,
        ),
    ),
    Situation(
        "emulation",
        "the emulator hangs, and nobody lists it",
        UNKNOWN,
        Plan(
            {**docker(Architecture="aarch64"), INSPECT: "sha256:1", UNAME: SLOW, **node(binfmt=NOT_THERE)},
            machine="arm64",
            cluster=ARM_KIND,
        ),
    ),
    Situation("emulation", "no engine and no cluster", UNKNOWN, Plan(machine="arm64")),
    Situation(
        "emulation", "the lock says that all have it", OK, Plan(files={"infra/images.lock": LOCK}, machine="arm64")
    ),
    Situation(
        "emulation",
        "OrbStack refuses",
        PROBLEM,
        Plan(machine="arm64", cluster=dataclasses.replace(ORBSTACK, platform="arm64")),
        MAC,
    ),
    Situation("node-dns", "found", OK, Plan(node(dns="54.1.2.3 registry-1.docker.io\n"), cluster=KIND)),
    Situation("node-dns", "not found", PROBLEM, Plan(node(dns=Answer(2, "", "")), cluster=KIND)),
    Situation("node-dns", "not found, on Podman", PROBLEM, Plan({PODMAN_DNS: Answer(2, "", "")}, cluster=PODMAN_KIND)),
    Situation(
        "node-dns",
        "the node is stopped",
        UNKNOWN,
        Plan(node(dns=Answer(1, "", "Error: container is not running")), cluster=KIND),
    ),
    Situation("node-dns", "no getent", UNKNOWN, Plan(node(dns=Answer(127, "", "getent: not found")), cluster=KIND)),
    Situation("node-dns", "hangs", UNKNOWN, Plan(node(dns=SLOW), cluster=KIND)),
    Situation("node-dns", "a cluster that is not proven", UNKNOWN, Plan(cluster=REFUSED)),
    Situation("node-dns", "a node that cannot be entered", UNKNOWN, Plan(cluster=ORBSTACK)),
    Situation("node-dns", "docker is gone", UNKNOWN, Plan(cluster=KIND)),
    Situation("node-clock", "the same", OK, Plan(node(date=f"{NOW:.0f}\n"), cluster=KIND)),
    Situation("node-clock", "k3s is this machine", OK, Plan({"date -u +%s": f"{NOW:.0f}\n"}, cluster=K3S)),
    Situation("node-clock", "seconds behind", WARNING, Plan(node(date=f"{NOW - 8:.0f}\n"), cluster=KIND)),
    Situation("node-clock", "slept for an hour", PROBLEM, Plan(node(date=f"{NOW - 3600:.0f}\n"), cluster=KIND)),
    Situation("node-clock", "ahead", PROBLEM, Plan(node(date=f"{NOW + 90:.0f}\n"), cluster=KIND)),
    Situation("node-clock", "garbage", UNKNOWN, Plan(node(date="sat nov 28"), cluster=KIND)),
)
