"""The versions and sizes that the stack asks for: the one place, each with its reason."""

from __future__ import annotations

import dataclasses

from devkit.doctor.version import Version

GIB = 1024**3


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """From `oldest` on it can work; `tested` is what is known to. `why`: the reason for both."""

    oldest: Version
    tested: Version
    why: str


PYTHON = Wanted(Version(3, 11, 0), Version(3, 11, 0), "what devkit is written for (pyproject.toml, requires-python)")
KUBECTL = Wanted(Version(1, 35, 0), Version(1, 36, 4), "what goes with the Kubernetes of infra/kind.yaml")
TILT = Wanted(
    Version(0, 36, 0),
    Version(0, 37, 6),
    "from 0.36 on, what Tilt runs gets a kubeconfig of the one context that Tilt works on; devkit's tests run 0.37.6",
)
KIND = Wanted(
    Version(0, 33, 0),
    Version(0, 33, 0),
    "a node's image is made for one release of kind; that of infra/kind.yaml is in the notes of 0.33.0",
)
DOCKER = Wanted(
    Version(20, 10, 0),
    Version(20, 10, 0),
    "cgroup v2 and private cgroup namespaces, which kind's nodes need, came with 20.10",
)
PODMAN = Wanted(Version(3, 0, 0), Version(3, 0, 0), "the oldest that kind's rootless guide names is 3.0")
# The project's own table of components: kind 1.29+, k3s 1.28+.
KUBERNETES_KIND = Version(1, 29, 0)
KUBERNETES_OTHER = Version(1, 28, 0)

# kind, Known Issues, "Pod errors due to too many open files".
INOTIFY_INSTANCES, INOTIFY_WATCHES = 512, 524288
# What the kernel gives where nobody has raised it: 128 instances, and 8192 watches before Linux 5.11.
INOTIFY_LEAST_INSTANCES, INOTIFY_LEAST_WATCHES = 128, 8192 + 1

# A judgement: what a control plane and its pods take beside the stack's own requests and limits.
CONTROL_PLANE_BYTES = 1 * GIB
# A judgement: the node's image and those of the stack, unpacked.
IMAGES_BYTES = 5 * GIB

# The delta after which tokens and certificates begin to be refused, and the one that a query already notices.
CLOCK_WARNING, CLOCK_PROBLEM = 2.0, 30.0
# macOS listens on these itself (AirPlay Receiver).
AIRPLAY_PORTS = (5000, 7000)
