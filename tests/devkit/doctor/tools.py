"""The tools: in every form in which they tell their versions, and in wrong ones."""

from __future__ import annotations

import json

from devkit.process import Answer
from tests.devkit.doctor.fake import DOCKER_INFO, DOCKER_VERSION, K3S, ORBSTACK, SLOW, VERSION, Plan, docker
from tests.devkit.doctor.situation import (
    KUBECTL,
    LINUX,
    MAC,
    OK,
    PROBLEM,
    UNKNOWN,
    WARNING,
    Situation,
    kind_yaml,
    kubectl,
)

PODMAN_INFO = json.dumps(
    {
        "host": {"memTotal": 6 * 1024**3, "cgroupVersion": "v2", "arch": "amd64"},
        "store": {"graphRoot": "/home/ada/.local/share/containers/storage"},
    }
)


PODMAN_VERSION = json.dumps({"Client": {"APIVersion": "4.9.3", "Version": "4.9.3", "GoVersion": "go1.22"}})


DENIED = json.dumps({"ServerErrors": ["permission denied while trying to connect to the Docker daemon socket"]})


DOWN = json.dumps({"ServerErrors": ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock."]})


TOOLS = (
    Situation("python", "new enough", OK, Plan()),
    Situation("python", "too old", PROBLEM, Plan(python="3.9.6")),
    Situation(
        "python", "emulated by Rosetta", PROBLEM, Plan({"sysctl -n hw.optional.arm64": "1\n"}, python="3.12.3"), MAC
    ),
    Situation("python", "an Intel Mac", OK, Plan({"sysctl -n hw.optional.arm64": Answer(1, "", "unknown oid")}), MAC),
    Situation("python", "Ubuntu's of 2022", PROBLEM, Plan(python="3.10.12")),
    Situation("kubectl", "the pinned one", OK, Plan(kubectl("v1.36.4"))),
    Situation("kubectl", "of Docker Desktop, with a mark", OK, Plan(kubectl("v1.35.2-dispatcher+build"))),
    Situation("kubectl", "missing", PROBLEM, Plan()),
    Situation("kubectl", "missing on ARM", PROBLEM, Plan(machine="aarch64"), LINUX),
    Situation(
        "kubectl",
        "Debian's, which prints a struct",
        PROBLEM,
        Plan({KUBECTL: 'Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.2", GitCommit:"fe"}'}),
    ),
    Situation("kubectl", "a line, and colours", OK, Plan({KUBECTL: "\x1b[1mClient Version: v1.36.0\x1b[0m\n"})),
    Situation(
        "kubectl", "a warning first", OK, Plan({KUBECTL: 'W1128 a flag\n{"clientVersion":{"gitVersion":"v1.36.1"}}'})
    ),
    Situation("kubectl", "newer by two", WARNING, Plan(kubectl("v1.38.0"))),
    Situation("kubectl", "another program", PROBLEM, Plan({KUBECTL: Answer(1, "", "usage: kubectl [go away]")})),
    Situation("kubectl", "nothing said", PROBLEM, Plan({KUBECTL: ""})),
    Situation("kubectl", "hangs", UNKNOWN, Plan({KUBECTL: SLOW})),
    Situation("kubectl", "another pin", OK, Plan(kubectl("v1.33.0"), kind_yaml("kindest/node:v1.34.0"))),
    Situation("tilt", "the tested one", OK, Plan({"tilt version": "v0.37.6, built 2026-05-01\n"})),
    Situation("tilt", "a newer one", OK, Plan({"tilt version": "v0.38.0-dev, built 2026-11-01\n"})),
    Situation("tilt", "missing", PROBLEM, Plan()),
    Situation("tilt", "missing on ARM", PROBLEM, Plan(machine="aarch64"), LINUX),
    Situation("tilt", "too old", PROBLEM, Plan({"tilt version": "v0.33.21, built 2024-11-15\n"})),
    Situation("tilt", "older than tested", WARNING, Plan({"tilt version": "v0.36.3, built 2026-01-30\n"})),
    Situation("tilt", "Ruby's", PROBLEM, Plan({"tilt version": Answer(1, "", "No such file or directory - version")})),
    Situation("tilt", "hangs", UNKNOWN, Plan({"tilt version": SLOW})),
    Situation("container-engine", "Docker", OK, Plan(docker())),
    Situation(
        "container-engine",
        "Podman behind the name docker",
        OK,
        Plan({VERSION: PODMAN_VERSION, DOCKER_INFO: PODMAN_INFO}),
    ),
    Situation(
        "container-engine",
        "Podman alone",
        OK,
        Plan(
            {VERSION.replace("docker", "podman"): PODMAN_VERSION, DOCKER_INFO.replace("docker", "podman"): PODMAN_INFO}
        ),
    ),
    Situation(
        "container-engine",
        "an old client that knows no JSON",
        PROBLEM,
        Plan(
            {
                VERSION: Answer(64, "", "unknown flag"),
                "docker --version": "Docker version 19.03.8, build afacb8b",
                DOCKER_INFO: json.dumps({"MemTotal": 1}),
            }
        ),
    ),
    Situation("container-engine", "missing", PROBLEM, Plan()),
    Situation("container-engine", "missing, with k3s", OK, Plan(cluster=K3S)),
    Situation(
        "container-engine",
        "its server is down",
        PROBLEM,
        Plan({VERSION: DOCKER_VERSION, DOCKER_INFO: Answer(1, DOWN, "")}),
    ),
    Situation(
        "container-engine", "not allowed", PROBLEM, Plan({VERSION: DOCKER_VERSION, DOCKER_INFO: Answer(1, DENIED, "")})
    ),
    Situation("container-engine", "its server hangs", UNKNOWN, Plan({VERSION: DOCKER_VERSION, DOCKER_INFO: SLOW})),
    Situation("container-engine", "it hangs itself", UNKNOWN, Plan({VERSION: SLOW})),
    Situation(
        "container-engine",
        "another program",
        PROBLEM,
        Plan({VERSION: Answer(0, "hello", ""), "docker --version": "hello"}),
    ),
    Situation("cluster-tool", "kind", OK, Plan({"kind version": "kind v0.33.0 go1.27.1 linux/amd64\n"})),
    Situation(
        "cluster-tool", "k3s", OK, Plan({"k3s --version": "k3s version v1.36.1+k3s1 (94e29e2e)\ngo version go1.26.1\n"})
    ),
    Situation(
        "cluster-tool", "k3d", OK, Plan({"k3d version": "k3d version v5.8.3\nk3s version v1.31.5-k3s1 (default)\n"})
    ),
    Situation("cluster-tool", "minikube", OK, Plan({"minikube version": "minikube version: v1.37.0\ncommit: 65318\n"})),
    Situation("cluster-tool", "OrbStack's own", OK, Plan(cluster=ORBSTACK)),
    Situation("cluster-tool", "an old kind", WARNING, Plan({"kind version": "kind v0.23.0 go1.21.10 linux/amd64\n"})),
    Situation("cluster-tool", "none", PROBLEM, Plan()),
    Situation("cluster-tool", "another program", PROBLEM, Plan({"kind version": Answer(2, "", "kind: bad argument")})),
    Situation("cluster-tool", "hangs", UNKNOWN, Plan({"kind version": SLOW})),
)
