"""The container engine, Docker or Podman, as its own `info` and `version` tell it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from devkit.cluster.readiness.raw import number, part, text
from devkit.doctor.host import Host
from devkit.doctor.inside import refusal
from devkit.doctor.version import Version, first_words, json_in, version_in
from devkit.process import Answer

PROGRAMS = ("docker", "podman")
# Not `--format json`: before Docker 23 that prints the word json.
_AS_JSON = ("--format", "{{json .}}")


@dataclasses.dataclass(frozen=True, slots=True)
class Engine:
    """What answers behind `program`: podman may be called docker. `trouble`: why its server says nothing.

    `memory` (bytes), `cgroup` (1 or 2), `platform` (as images name it) and `folder` are the server's own, which on a
    Mac is a virtual machine; 0 and "" where it does not tell.
    """

    program: str
    product: str
    version: Version | None
    said: str = ""
    trouble: str = ""
    is_slow: bool = False
    memory: int = 0
    cgroup: int = 0
    platform: str = ""
    folder: str = ""
    system: str = ""


def look_engine(host: Host) -> Engine | None:
    """The first engine on PATH whose server answers, or else the first that is there; None without any."""
    first = None
    for program in PROGRAMS:
        found = _engine(host, program)
        if found is not None and not found.trouble and found.version is not None:
            return found
        first = first or found
    return first


def _engine(host: Host, program: str) -> Engine | None:
    answer = host.doors.run((program, "version", *_AS_JSON))
    if answer is None:
        return None
    if answer.code is None:
        return Engine(program, program.title(), None, trouble="it did not answer in time", is_slow=True)
    version = engine_version(answer)
    if version is None:
        answer = host.doors.run((program, "--version")) or answer
        version = engine_version(answer)
    if version is None:
        return Engine(program, program.title(), None, said=first_words(answer), trouble="it gives no version")
    product = _product(program, answer)
    told = host.doors.run((program, "info", *_AS_JSON))
    if told is None or told.code is None:
        return Engine(program, product, version, trouble="it did not answer in time", is_slow=True)
    found = json_in(told.out)
    if found is None or told.code != 0 or found.get("ServerErrors"):
        return Engine(program, product, version, trouble=_why(found, told))
    return _told(Engine(program, product, version), found)


def engine_version(answer: Answer) -> Version | None:
    """The version of what answers: the server's where it tells one, else the client's.

    JSON of `version`, or the sentence of `--version`, of Docker and of Podman behind either name.
    """
    found = json_in(answer.out)
    if found is not None:
        said = text(found, "Server", "Version") or text(found, "Client", "Version")
        return version_in(said) if said else None
    return version_in(answer.out, r"[Dd]ocker version ") or version_in(answer.out, r"podman version ")


def _product(program: str, answer: Answer) -> str:
    """Podman behind the name docker tells its API as APIVersion, where Docker has ApiVersion."""
    client = part(json_in(answer.out) or {}, "Client")
    is_podman = program == "podman" or "podman" in f"{answer.out}{answer.err}".lower() or "APIVersion" in client
    return "Podman" if is_podman else "Docker"


def _why(found: Mapping[str, Any] | None, told: Answer) -> str:
    errors = (found or {}).get("ServerErrors")
    said = str(errors[0]) if isinstance(errors, list) and errors else refusal(told)
    return " ".join(said.split())


def _told(engine: Engine, found: Mapping[str, Any]) -> Engine:
    host, store = part(found, "host"), part(found, "store")
    if host:  # podman info
        return dataclasses.replace(
            engine,
            memory=number(host, "memTotal"),
            cgroup=_digit(text(host, "cgroupVersion")),
            platform=text(host, "arch"),
            folder=text(store, "graphRoot"),
            system=text(host, "distribution", "distribution"),
        )
    machine = text(found, "Architecture")
    return dataclasses.replace(
        engine,
        memory=number(found, "MemTotal"),
        cgroup=_digit(text(found, "CgroupVersion")),
        platform={"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine),
        folder=text(found, "DockerRootDir"),
        system=text(found, "OperatingSystem"),
    )


def _digit(said: str) -> int:
    return int(said[-1]) if said[-1:].isdecimal() else 0
