"""Docker or Podman: there, new enough, and its server answers."""

from __future__ import annotations

from devkit.doctor import cures
from devkit.doctor.engine import Engine, look_engine
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown
from devkit.doctor.wanted import DOCKER, PODMAN


def _run(host: Host) -> Said:
    engine = look_engine(host)
    if engine is None:
        return _without(host)
    if engine.version is None:
        return _wordless(host, engine)
    if engine.trouble:
        return _silent(host, engine)
    wanted = PODMAN if engine.product == "Podman" else DOCKER
    if engine.version < wanted.oldest:
        said = f"{engine.product} {engine.version}, and kind needs {wanted.oldest.major}.{wanted.oldest.minor}"
        return problem(said, cures.engine_upgrade(host, engine.product.lower()))
    behind = f", behind the name {engine.program}" if engine.program != engine.product.lower() else ""
    return ok(f"{engine.product} {engine.version}{behind}")


def _without(host: Host) -> Said:
    if host.doors.cluster().is_this_machine:
        return ok("neither docker nor podman, and the cluster runs without them")
    return problem("neither docker nor podman is on PATH", cures.engine(host))


def _wordless(host: Host, engine: Engine) -> Said:
    if engine.is_slow:
        return unknown(f"{engine.program}: {engine.trouble}", cures.engine_start(host, engine.program))
    return problem(f"what is called {engine.program} gives no version: it said {engine.said}", cures.engine(host))


def _silent(host: Host, engine: Engine) -> Said:
    found = f"{engine.product} {engine.version}, whose server cannot be used: {engine.trouble}"
    if "permission denied" in engine.trouble.lower():
        return problem(found, 'sudo usermod -aG docker "$USER" && newgrp docker')
    return (unknown if engine.is_slow else problem)(found, cures.engine_start(host, engine.program))


CHECK = Check(
    "container-engine",
    Group.TOOLS,
    "Docker or Podman",
    "the nodes of kind, k3d and minikube are its containers; before 20.10 Docker lacks the cgroups that they need",
    _run,
)
