"""Two whole machines: a Linux laptop on which everything is well, and a Mac on which much is not."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from pathlib import Path

from devkit.doctor.checks import CHECKS
from devkit.doctor.examine import examine
from devkit.doctor.host import Host
from devkit.doctor.result import Result
from devkit.files import write_atomically
from devkit.process import Answer
from devkit.report.doctor import doctor_text
from tests.checkout import ROOT
from tests.devkit.doctor.fake import DOCKER_INFO, DOCKER_VERSION, KIND, NOW, REFUSED, VERSION, Plan, docker
from tests.devkit.doctor.situation import git, kubectl, node
from tests.devkit.doctor.told import GOLDEN, PATIENCE, write_told
from tests.devkit.doctor.tools import DOWN

TILTFILE = (ROOT / "Tiltfile").read_text("utf-8")
_KEPT = {".gitattributes": "* text=auto eol=lf\n"}

WELL = Plan(
    {
        **docker(),
        **kubectl("v1.36.4"),
        "tilt version": "v0.37.6, built 2026-05-01\n",
        "kind version": "kind v0.33.0 go1.27.1 linux/amd64\n",
        **node(inotify="512\n524288\n", date=f"{NOW:.0f}\n", dns="54.1.2.3 registry-1.docker.io\n"),
        **git(files="README.md\0infra/k8s/redis.yaml\0", eol="i/lf w/lf attr/ \tREADME.md\0", ignorecase="false\n"),
    },
    {"Tiltfile": TILTFILE, **_KEPT},
    cluster=KIND,
)
ILL = Plan(
    {
        VERSION: DOCKER_VERSION,
        DOCKER_INFO: Answer(1, DOWN, ""),
        "docker image inspect --format {{.Id}} docker.io/citusdata/citus:13.0": Answer(1, "", "no daemon"),
        **kubectl("v1.31.0"),
        "tilt version": Answer(1, "", "tilt: invalid option"),
        "lsof -nP -iTCP:5432 -sTCP:LISTEN -Fpc": "p812\ncpostgres\n",
        **git(files="a.sql\0A.sql\0", eol="i/lf w/crlf attr/ \ta.sql\0", autocrlf="true\n"),
    },
    {"Tiltfile": TILTFILE, "infra/kind.yaml": "nodes:\n  - {role: control-plane, image: kindest/node:latest}\n"},
    {"HTTPS_PROXY": "http://ada:secret@127.0.0.1:3128", "SSL_CERT_FILE": "/home/ada/gone.pem"},
    REFUSED,
    taken=(5432,),
    machine="arm64",
)
MACHINES: Mapping[str, Host] = {"well": WELL.host("apt"), "ill": ILL.host("brew")}


def results(host: Host) -> tuple[Result, ...]:
    """What all checks say, with the times left out: they differ from run to run."""
    return tuple(dataclasses.replace(each, ms=0) for each in examine(host, CHECKS, threading.Event(), PATIENCE))


def machine_file(name: str) -> Path:
    """Where the golden report about a machine lies."""
    return GOLDEN / f"machine-{name}.txt"


def write_doctor() -> None:
    """Write the golden texts of doctor anew: those of the checks, and those of the machines."""
    write_told()
    for name, host in MACHINES.items():
        text = "".join(piece for piece, _ in doctor_text(results(host)))
        write_atomically(machine_file(name), text.encode())
