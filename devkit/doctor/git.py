"""What git knows of the checkout."""

from __future__ import annotations

from devkit.doctor.cures import installed
from devkit.doctor.host import Host
from devkit.doctor.inside import refusal
from devkit.doctor.result import Said, unknown


def ask_git(host: Host, *words: str) -> str | Said:
    """What git says of the project's folder; or why nobody could ask."""
    answer = host.doors.run(("git", "-C", str(host.root), *words))
    if answer is None:
        return unknown("git is not on PATH", installed(host, brew="git", apt="git", dnf="git", pacman="git"))
    if answer.code is None:
        return unknown("git did not answer in time", "git status shows what it waits for")
    if answer.code != 0:
        return unknown(f"git cannot look: {refusal(answer)}", "git status shows what it says")
    return answer.out


def setting(host: Host, name: str) -> str | Said:
    """A setting of git for this checkout, "" where none is made."""
    answer = host.doors.run(("git", "-C", str(host.root), "config", "--get", name))
    if answer is None or answer.code is None:
        return ask_git(host, "rev-parse")
    return answer.out.strip()


def tracked(host: Host) -> tuple[str, ...] | Said:
    """The names of the files that git follows."""
    found = ask_git(host, "ls-files", "-z")
    return found if isinstance(found, Said) else tuple(name for name in found.split("\0") if name)
