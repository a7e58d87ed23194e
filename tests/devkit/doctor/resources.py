"""Memory, disk, cgroups and ports."""

from __future__ import annotations

from devkit.process import Answer
from tests.devkit.doctor.fake import KIND, Plan, docker
from tests.devkit.doctor.situation import LINUX, MAC, NOT_THERE, OK, PROBLEM, UNKNOWN, WARNING, Situation, node

TILTFILE = """\
# port_forwards='9999:9999' in a comment counts for nothing
W = {'citus': [(5432, 5432, 'postgres', '')], 'redis': [(6379, 6379, 'redis', '')]}
k8s_resource('web', port_forwards='8080:80')
"""


HEADER = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"


def docker_and(**said: str) -> dict[str, str | Answer | None]:
    return {**docker(), **node(**said)}


MACHINE = (
    Situation("memory", "plenty", OK, Plan(docker())),
    Situation("memory", "just enough", WARNING, Plan(docker(MemTotal=4 * 1024**3))),
    Situation("memory", "Docker Desktop's default of old", PROBLEM, Plan(docker(MemTotal=2 * 1024**3))),
    Situation("memory", "without an engine", OK, Plan(files={"/proc/meminfo": "MemTotal:       16384000 kB\n"}), LINUX),
    Situation("memory", "without an engine, on a Mac", UNKNOWN, Plan(), MAC),
    Situation("disk", "plenty", OK, Plan(docker()), LINUX),
    Situation("disk", "volumes may fill it", WARNING, Plan(docker(), free=9 * 1024**3), LINUX),
    Situation("disk", "nearly full", PROBLEM, Plan(docker(), free=3 * 1024**3), LINUX),
    Situation(
        "disk", "of the node", OK, Plan(docker_and(df=f"{HEADER}overlay 99999999 1 90000000 1% /\n"), cluster=KIND), MAC
    ),
    Situation(
        "disk",
        "of the node, smaller",
        WARNING,
        Plan(docker_and(df=f"{HEADER}overlay 20000000 1 12000000 1% /\n"), cluster=KIND),
        MAC,
    ),
    Situation(
        "disk",
        "of the node, full",
        PROBLEM,
        Plan(docker_and(df=f"{HEADER}overlay 20000000 1 1000 99% /\n"), cluster=KIND),
        MAC,
    ),
    Situation("disk", "nobody can see it", UNKNOWN, Plan(), MAC),
    Situation("cgroup", "version 2", OK, Plan(docker())),
    Situation("cgroup", "version 1", PROBLEM, Plan(docker(CgroupVersion="1"))),
    Situation(
        "cgroup",
        "version 1 in the node",
        PROBLEM,
        Plan({**docker(CgroupVersion=""), **node(cgroup=NOT_THERE)}, cluster=KIND),
    ),
    Situation(
        "cgroup",
        "version 2 in the node",
        OK,
        Plan({**docker(CgroupVersion=""), **node(cgroup="cpu io memory pids\n")}, cluster=KIND),
    ),
    Situation("cgroup", "version 1 without an engine", PROBLEM, Plan(files={"/sys/fs/cgroup": None}), LINUX),
    Situation("cgroup", "nobody says it", UNKNOWN, Plan(), MAC),
    Situation("ports", "free", OK, Plan(files={"Tiltfile": TILTFILE})),
    Situation(
        "ports", "held by our Tilt", OK, Plan(files={"Tiltfile": TILTFILE}, taken=(5432, 6379, 8080, 10350), ours=True)
    ),
    Situation(
        "ports",
        "switched off",
        OK,
        Plan(files={"Tiltfile": TILTFILE, "tilt_config.json": '{"forwards": false}'}, taken=(5432,)),
    ),
    Situation(
        "ports",
        "a PostgreSQL of one's own",
        PROBLEM,
        Plan({"lsof -nP -iTCP:5432 -sTCP:LISTEN -Fpc": "p812\ncpostgres\nf7\n"}, {"Tiltfile": TILTFILE}, taken=(5432,)),
    ),
    Situation(
        "ports",
        "another Tilt",
        PROBLEM,
        Plan(
            {"ss -ltnpH sport = :10350": 'LISTEN 0 4096 127.0.0.1:10350 0.0.0.0:* users:(("tilt",pid=77,fd=9))'},
            {"Tiltfile": TILTFILE},
            taken=(10350,),
        ),
    ),
    Situation("ports", "somebody's", PROBLEM, Plan(files={"Tiltfile": TILTFILE}, taken=(6379, 8080))),
    Situation(
        "ports",
        "AirPlay has it",
        PROBLEM,
        Plan(
            {"lsof -nP -iTCP:5000 -sTCP:LISTEN -Fpc": "p301\ncControlCenter\n"},
            {"Tiltfile": "port_forward(5000, 80)"},
            taken=(5000,),
        ),
        MAC,
    ),
    Situation(
        "ports", "AirPlay would have it", WARNING, Plan(files={"Tiltfile": "k8s_resource('a', port_forwards=[7000])"})
    ),
    Situation("ports", "TILT_PORT is a word", PROBLEM, Plan(environ={"TILT_PORT": "web"})),
)
