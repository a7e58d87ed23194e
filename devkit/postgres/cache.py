"""Where the embedded server lives on this machine, and whom it runs as.

Everything below the cache may be deleted at any time: the next run makes it again.
"""

from __future__ import annotations

import dataclasses
import fcntl
import os
import pwd
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from devkit.errors import DevkitError
from devkit.process import User

VARIABLE = "DEVKIT_CACHE"
_MEMORY_BYTES = 2**30
_PASSABLE = 0o005  # others may enter and read


@dataclasses.dataclass(frozen=True, slots=True)
class Cache:
    """A folder of ours, the user that servers run as (None: ourselves; set when we are root), and where data lies.

    `memory` is a file system in memory with room for a run's data (None: data lies in `folder`): a table is four new
    files, and they cost 0.4 ms each on a disk, 0.01 ms there.
    """

    folder: Path
    server_user: User | None
    memory: Path | None


def find_cache(env: Mapping[str, str]) -> Cache:
    """The cache of this user: $DEVKIT_CACHE, or the platform's place; made when it is not there.

    With $DEVKIT_CACHE everything lies in that folder, data in memory is not used.
    PostgreSQL refuses to run as root, so root's servers run as `nobody` below a folder that everybody can enter.
    Raises DevkitError when the folder cannot be made, written or (for nobody) entered.
    """
    root = os.geteuid() == 0
    folder = Path(env[VARIABLE]).absolute() if env.get(VARIABLE) else _default(root=root)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755 if root else 0o700)
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, "no permission to write")
    if folder.stat().st_uid != os.geteuid():
        raise _unusable(folder, "it belongs to another user")
    memory = None if env.get(VARIABLE) else memory_folder()
    if not root:
        return Cache(folder, None, memory)
    for part in (folder, *folder.parents):
        if stat.S_IMODE(part.stat().st_mode) & _PASSABLE == 0:
            raise _unusable(folder, f"{part} cannot be entered by the user nobody, whom the server runs as")
    nobody = pwd.getpwnam("nobody")
    return Cache(folder, User(nobody.pw_uid, nobody.pw_gid), memory)


def _default(*, root: bool) -> Path:
    if root:
        return Path("/var/tmp/devkit-root")  # noqa: S108 - the owner is checked; a home may be closed to nobody
    import platformdirs

    return Path(platformdirs.user_cache_dir("devkit", appauthor=False))


def memory_folder() -> Path | None:
    """Linux's /dev/shm when it has a gigabyte to spare; a container's usual 64 MB would not do."""
    shared = Path("/dev/shm")  # noqa: S108 - a run's folder there has a random name and mode 0700
    try:
        status = os.statvfs(shared)
    except OSError:
        return None
    roomy = status.f_bavail * status.f_frsize >= _MEMORY_BYTES
    return shared if roomy and os.access(shared, os.W_OK) else None


def _unusable(folder: Path, why: str) -> DevkitError:
    return DevkitError(
        f"the cache folder {folder} cannot be used: {why}",
        f"name another one, for example: {VARIABLE}=/var/tmp/devkit-$(id -u) ./inv verify",
    )


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold an exclusive lock on `path`, waiting for it; yields its descriptor. Dies with its holders."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def try_lock(path: Path) -> int | None:
    """A descriptor that holds an exclusive lock on `path`, or None when somebody else does. The caller closes it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
