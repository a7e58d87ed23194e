"""Line ends: what git makes of them, and what stands in the checkout now."""

from __future__ import annotations

import shlex

from devkit.doctor.git import ask_git, setting
from devkit.doctor.host import Host
from devkit.doctor.result import Check, Group, Said, ok, problem, warning
from devkit.words import plural

_CARRIAGE = ("crlf", "mixed")
_SHOWN = 5  # names in a sentence


def _run(host: Host) -> Said:
    listed = ask_git(host, "ls-files", "--eol", "-z")
    if isinstance(listed, Said):
        return listed
    carried = tuple(_carried(listed))
    if carried:
        names = " ".join(shlex.quote(each) for each in carried)
        more = " …" if len(carried) > _SHOWN else ""
        said = f"{plural(len(carried), 'file')} with CRLF: {', '.join(carried[:_SHOWN])}{more}"
        return problem(said, f"perl -pi -e 's/\\r$//' {names} && git add --renormalize {names}")
    attributes = host.doors.read(str(host.root / ".gitattributes")) or ""
    if "eol=lf" in attributes:
        return ok("LF where nothing else is meant, and .gitattributes keeps it so")
    convert = setting(host, "core.autocrlf")
    write = r"printf '* text=auto eol=lf\n' >> .gitattributes"
    if convert == "true":
        said = "core.autocrlf is true, and no .gitattributes says eol=lf: the next checkout has CRLF"
        return problem(said, f"{write} && git config core.autocrlf input")
    return warning("no .gitattributes says eol=lf: each machine's git decides", write)


def _carried(listed: str) -> list[str]:
    """The text files that have CRLF, in the index or in the checkout, and are not meant to."""
    found = []
    for entry in listed.split("\0"):
        facts, tab, name = entry.partition("\t")
        if not tab or "attr/-text" in facts or "eol=crlf" in facts:
            continue
        index, working = [*facts.split(), "", ""][:2]
        if any(each.partition("/")[2] in _CARRIAGE for each in (index, working)):
            found.append(name)
    return found


CHECK = Check(
    "line-endings",
    Group.REPOSITORY,
    "line ends",
    r"scripts in pods say \r: not found; a migration, or a ConfigMap, has another digest than a colleague's",
    _run,
)
