"""Why an image cannot be pulled, from what the container runtime heard from the registry."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Callable

from devkit.cluster.readiness.case import Case
from devkit.cluster.readiness.containers import Container
from devkit.cluster.readiness.raw import said
from devkit.cluster.readiness.values import Answer, State

PULL_REASONS = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "RegistryUnavailable",
        "SignatureValidationFailed",
        "ImageInspectError",
    }
)
_NEVER = "ErrImageNeverPull"
_CLUSTER = re.compile(r"--context[ =](kind|k3d)-(\S+)")
# What kubelet and containerd put before the cause: Back-off pulling image "x": ErrImagePull: rpc error: …
_LAYERS = re.compile(
    r'^(?:Back-off pulling image "[^"]*"(?:: )?)?(?:ErrImagePull: )?(?:rpc error: code = \w+ desc = )?'
)

Help = Callable[[Case, Container], str]


def _load(case: Case, container: Container) -> str:
    """The commands that bring an image from this machine into a local cluster; empty for other clusters."""
    cluster, image = _CLUSTER.search(case.seen.kubectl), shlex.quote(container.image)
    if cluster is None:
        return ""
    kind, name = cluster.groups()
    load = f"kind load docker-image {image} --name {name}" if kind == "kind" else f"k3d image import {image} -c {name}"
    return f"docker pull {image} && {load}"


def _correct(case: Case, container: Container) -> str:
    return f"correct image: {container.image} of {container.shown} in {case.manifest}"


def _log_in(case: Case, container: Container) -> str:
    return _load(case, container) or (
        f"{case.seen.kubectl} create secret docker-registry registry --docker-server=HOST --docker-username=NAME "
        f"--docker-password=TOKEN, then add imagePullSecrets: [{{name: registry}}] to {case.manifest}"
    )


def _login_or_correct(case: Case, container: Container) -> str:
    return f"{_correct(case, container)}; if it is private: {_log_in(case, container)}"


def _platform(case: Case, container: Container) -> str:
    return (
        f"name an image in {case.manifest} that is built for the node's processor instead of {container.image}; "
        f"the nodes have: {case.seen.kubectl} get nodes -L kubernetes.io/arch"
    )


def _network(case: Case, container: Container) -> str:
    load = _load(case, container)
    return f"check network, VPN and proxy of the cluster's machine{f', or bring the image in: {load}' if load else ''}"


def _certificate(case: Case, container: Container) -> str:
    load = _load(case, container)
    return (
        "let the cluster's nodes trust the registry's certificate (a company proxy often has its own)"
        f"{f', or bring the image in: {load}' if load else ''}"
    )


def _never(case: Case, container: Container) -> str:
    load = _load(case, container)
    return f"write imagePullPolicy: IfNotPresent in {case.manifest}{f', or bring the image in: {load}' if load else ''}"


def _disk(case: Case, container: Container) -> str:
    del case, container
    return "free disk space on the node; for a cluster in Docker: docker system prune"


def _describe(case: Case, container: Container) -> str:
    del container
    return case.describe()


@dataclasses.dataclass(frozen=True, slots=True)
class _Cause:
    """A cause by what it sounds like; `mends` when the kubelet's next tries may succeed by themselves."""

    said: re.Pattern[str]
    why: str
    help: Help
    mends: bool = False


# In this order: a missing platform also says "not found", a refused login also "does not exist".
_CAUSES = (
    _Cause(
        re.compile(r"toomanyrequests|429 Too Many Requests|rate limit", re.IGNORECASE),
        "the registry's rate limit is reached (toomanyrequests)", _log_in, mends=True,
    ),
    _Cause(
        re.compile(r"no match for platform|no matching manifest|no image found in (?:image index|manifest list)"),
        "it is not built for this node's platform", _platform,
    ),
    _Cause(re.compile(r"no space left on device"), "the node's disk is full", _disk),
    _Cause(
        re.compile(r"x509: |certificate signed by|http: server gave HTTP response to HTTPS client"),
        "the registry's certificate is not trusted", _certificate,
    ),
    _Cause(
        re.compile(
            r"dial tcp|i/o timeout|no such host|connection re(?:fused|set)|TLS handshake timeout|proxyconnect|"
            r"network is unreachable|context deadline exceeded|server misbehaving|unexpected EOF|: EOF$|"
            r"registry is unavailable|\b50[0234] (?:Internal|Bad|Service|Gateway)"
        ),
        "the registry cannot be reached", _network, mends=True,
    ),
    _Cause(
        re.compile(r"unauthorized|authorization failed|access denied|403 Forbidden|denied:", re.IGNORECASE),
        "the registry has no such public repository and wants a login", _login_or_correct,
    ),
    _Cause(
        re.compile(r"not found|manifest unknown|name unknown|repository .* does not exist", re.IGNORECASE),
        "the registry has no such image or tag", _correct,
    ),
    _Cause(re.compile(r"signature validation failed", re.IGNORECASE), "its signature is not accepted", _correct),
)  # fmt: skip
_UNKNOWN = _Cause(re.compile(""), "", _describe, mends=True)


def not_pulled(case: Case, container: Container, reason: str, message: str) -> Answer:
    """Why the image is not there, and whether the kubelet's next tries can mend it."""
    image = container.image
    if reason == "InvalidImageName":
        text = f"{image} of {container.shown} is no valid name of an image"
        return Answer(State.FAILED, reason, text, _correct(case, container))
    if reason == _NEVER:
        text = f"{image} of {container.shown} is not on the node, and imagePullPolicy: Never forbids to pull it"
        return Answer(State.FAILED, reason, text, _never(case, container))
    heard = _LAYERS.sub("", said(message)) or _heard_before(case, container)
    cause = next((each for each in _CAUSES if each.said.search(heard)), _UNKNOWN)
    state = State.WAITING if cause.mends else State.FAILED
    why = cause.why or heard
    text = f"{container.shown} cannot pull {image}{f': {why}' if why else ''}"
    return Answer(state, reason, text, cause.help(case, container))


def _heard_before(case: Case, container: Container) -> str:
    """What an earlier try heard: older kubelets only say that they back off."""
    return next(
        (
            event.message
            for event in case.events
            if event.reason == "Failed"
            and event.message.startswith("Failed to pull image")
            and event.container in ("", container.name)
        ),
        "",
    )
