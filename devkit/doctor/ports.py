"""The local ports that Tilt opens, and its own."""

from __future__ import annotations

import re

from devkit.doctor.host import Host
from devkit.doctor.needs import local_ports
from devkit.doctor.result import Check, Group, Said, ok, problem, warning
from devkit.doctor.wanted import AIRPLAY_PORTS

_WITHOUT = 'write {"forwards": false} in tilt_config.json'
_AIRPLAY = "System Settings > General > AirDrop & Handoff > AirPlay Receiver: off"


def _run(host: Host) -> Said:
    tilt, forwards = _tilt_port(host), local_ports(host)
    if tilt is None:
        return problem(f"TILT_PORT={host.environ['TILT_PORT']} is no port", "unset TILT_PORT")
    wanted = (*forwards, tilt)
    if host.doors.tilt_is_ours():
        return ok(f"held by this checkout's Tilt: {_listed(wanted)}")
    taken = tuple(port for port in wanted if host.doors.is_taken(port))
    if taken:
        return problem(f"taken: {', '.join(_owned(host, port) for port in taken)}", _cure(host, taken, tilt))
    airplay = tuple(port for port in forwards if port in AIRPLAY_PORTS)
    if airplay:
        said = f"free here; but macOS itself listens on {_listed(airplay)} (AirPlay Receiver)"
        return warning(said, "take another local port in the Tiltfile")
    return ok(f"free: {_listed(wanted)}")


def _tilt_port(host: Host) -> int | None:
    named = host.environ.get("TILT_PORT", "")
    return int(named or host.project.settings.tilt_port) if not named or named.isdecimal() else None


def _owned(host: Host, port: int) -> str:
    owner = _owner(host, port)
    return f"{port} by {owner[0]} (process {owner[1]})" if owner else str(port)


def _owner(host: Host, port: int) -> tuple[str, str] | None:
    """Name and process id of who listens; None where the system does not tell (another user's)."""
    answer = host.doors.run(("lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"))
    found = re.search(r"^p(\d+)\nc(.+)$", answer.out, re.MULTILINE) if answer else None
    if found:
        return found[2], found[1]
    answer = host.doors.run(("ss", "-ltnpH", f"sport = :{port}"))
    found = re.search(r'users:\(\("([^"]+)",pid=(\d+)', answer.out) if answer else None
    return (found[1], found[2]) if found else None


def _cure(host: Host, taken: tuple[int, ...], tilt: int) -> str:
    if host.is_mac and any(port in AIRPLAY_PORTS for port in taken):
        return f"{_AIRPLAY}; or {_WITHOUT}"
    owners = [owner[1] for port in taken if (owner := _owner(host, port))]
    stop = (
        f"kill {' '.join(dict.fromkeys(owners))}"
        if owners
        else f"sudo lsof -nP -iTCP:{taken[0]} -sTCP:LISTEN shows by whom"
    )
    if taken == (tilt,):
        return f"{stop}; or another port for Tilt: TILT_PORT={tilt + 1} ./inv up"
    return f"{stop}; or go without local ports: {_WITHOUT}"


def _listed(ports: tuple[int, ...]) -> str:
    return ", ".join(map(str, ports))


CHECK = Check(
    "ports",
    Group.MACHINE,
    "local ports",
    "where another server has one of them, clients talk to that one, or Tilt's port-forward fails",
    _run,
)
