"""Libraries that PostgreSQL is linked to and this machine has not: stand-ins, where it works without the real one.

The loader starts no program before it has all libraries, whether they are going to be called or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from devkit.errors import DevkitError
from devkit.postgres import elf
from devkit.process import User, run

# And what the names in them begin with. Kerberos is for connections from other machines. Before PostgreSQL does
# anything with XML it looks whether the library is the one that it was built for, and refuses. A small system has
# neither, a newer one has libxml2.so.16 alone.
DISPENSABLE = {"libgssapi_krb5.so.2": "gss_", "libxml2.so.2": "xml"}
_BUILT_IN = b"/opt/postgresql/lib"
_PROGRAMS = ("initdb", "postgres")
_LACKS = re.compile(r"error while loading shared libraries: ([^:\s]+): cannot open shared object file")


def complete(server: Path, user: User | None, env: Mapping[str, str]) -> None:
    """Put a stand-in into `server`/lib for each library that its programs lack; they run as `user`, with `env`.

    Raises DevkitError for a library without which they do not work.
    """
    for program in _PROGRAMS:
        while (name := _lacking(server / "bin" / program, user, env)) is not None:
            file = server / "lib" / name
            if name not in DISPENSABLE or file.exists():
                raise DevkitError(
                    f"the embedded PostgreSQL needs {name}, which this machine lacks",
                    f"install its package: apt-file search {name} | dnf provides '*/{name}' | pacman -F {name}",
                )
            file.write_bytes(_stand_in(name, server))
            _lead(server / "lib")


def _lacking(program: Path, user: User | None, env: Mapping[str, str]) -> str | None:
    """The first library that the loader does not find."""
    done = run([program, "--version"], user=user, env=env, cwd=program.parent)
    said = _LACKS.search(done.output) if done.code else None
    return said[1] if said else None


def _stand_in(name: str, server: Path) -> bytes:
    """A library with all that the server's programs and libraries want of the real one."""
    files = [*(server / "bin").iterdir(), *(server / "lib").glob("*.so*")]
    programs = [content for content in (file.read_bytes() for file in files) if elf.machine(content)]
    asking = [content for content in programs if name.encode() in content]
    symbols = frozenset[elf.Symbol]().union(*(elf.wanted(each) for each in asking))
    begin = DISPENSABLE[name]
    held = (each for each in symbols if each.name.lstrip("_").lower().startswith(begin))
    return elf.library(name, held, elf.machine(asking[0]))


def _lead(folder: Path) -> None:
    """Have libpq, and what replicates by it, look for libraries beside themselves, not where they were built."""
    for file in folder.glob("libpq*.so*"):
        if not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(_BUILT_IN + b"\0", b"$ORIGIN".ljust(len(_BUILT_IN) + 1, b"\0")))
