"""Copies of this repository for pages: everything git does not ignore, in a repository with one commit on main."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devkit.postgres.cache import memory_folder
from tests.checkout import ROOT
from tests.docs.pages import ignored

AUTHOR = {"user.name": "you", "user.email": "you@example.com"}


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for the copies, in memory where programs may run there; compiled modules of the copies go with it."""
    memory = memory_folder()
    quick = memory is not None and not os.statvfs(memory).f_flag & os.ST_NOEXEC
    folder = Path(tempfile.mkdtemp(prefix="devkit-docs-", dir=memory if quick else None)).resolve()
    folder.chmod(0o755)  # root's embedded server runs as nobody, and must get in
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(_compiled(folder), ignore_errors=True)


def make_original(folder: Path, root: Path = ROOT) -> Path:
    """The copy that every page's copy is made of: what lies in `root` now, committed or not."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*ignored(root)), symlinks=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for key, value in AUTHOR.items():
        _git(folder, "config", key, value)
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message=The repository as it is")
    objects = folder / ".git/objects"  # a thousand files that the copies need not have anew
    objects.rename(folder.with_name(f"{folder.name}-objects"))
    (objects / "info").mkdir(parents=True)
    (objects / "info/alternates").write_text(f"{folder}-objects\n")
    return folder


def make_copy(original: Path, folder: Path) -> Path:
    """A page's own copy, with the tests' virtual environment as its .venv."""
    subprocess.run(["cp", "-Rp", original, folder], check=True)
    (folder / ".venv").symlink_to(sys.prefix)
    with contextlib.suppress(OSError):  # an environment that cannot be written: each copy is compiled anew
        compiled, mine = _compiled(ROOT), _compiled(folder)
        compiled.mkdir(parents=True, exist_ok=True)
        mine.parent.mkdir(parents=True, exist_ok=True)
        mine.symlink_to(compiled)  # Python itself looks whether they are of the same source
    return folder


def _compiled(folder: Path) -> Path:
    """Where devkit/__main__.py has the modules of a checkout compiled to."""
    return Path(sys.prefix, "pycache", *folder.parts[1:])


def _git(folder: Path, *words: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True)
