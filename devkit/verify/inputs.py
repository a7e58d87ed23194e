"""Everything a verdict depends on, read once: what is judged is exactly what is hashed."""

from __future__ import annotations

import dataclasses
import os
import platform
from pathlib import Path

import msgspec

from devkit.config import Project
from devkit.errors import DevkitError
from devkit.files import digest, tree
from devkit.images.folder import Manifest, read_manifests
from devkit.images.lock import journal_of, lock_path
from devkit.locks import POSTGRES, REQUIREMENTS
from devkit.migrations.fileset import MIGRATION, FileSet, order
from devkit.migrations.folder import Entry, lock_file, read_beside, read_folder, sum_file
from devkit.verify.node_images import kind_path

_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = frozenset({".py", ".sql", ".control"})


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for. `dsn` is set exactly when the engine is a server they named.

    `since` asks for lock safety of the files new since a branch ("" is the main one).
    """

    project: Project
    migrations: Path
    manifests: Path
    dsn: str | None = None
    use_cache: bool = True
    since: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """The bytes under judgement; `sum` and `lock` are None without the sum file and the schema's lock.

    They are None, too, where they speak of more than is judged. `images_lock`: the lock of the images, None without
    one; `pin_killed`: a run that was writing it and the manifests did not end. `kind`: kind's configuration.
    """

    entries: tuple[Entry, ...]
    migrations_shown: str
    manifests: tuple[Manifest, ...]
    sum: bytes | None = None
    lock: bytes | None = None
    images_lock: bytes | None = None
    pin_killed: bool = False
    kind: bytes | None = None

    def until(self, version: int) -> Inputs:
        """The same without the migrations after `version`, if there are any; sum and lock speak of those, too."""
        kept = tuple(each for each in self.entries if _is_until(each, version))
        return self if len(kept) == len(self.entries) else dataclasses.replace(self, entries=kept, sum=None, lock=None)


def gather(request: Request) -> Inputs:
    """Read the folders that `request` names; DevkitError when one is missing or closed."""
    root = request.project.root
    manifests = read_manifests(request.manifests, shown_path(request.manifests, root))
    shown = shown_path(request.migrations, root)
    lock = lock_path(request.manifests)
    return Inputs(
        read_folder(request.migrations),
        shown,
        manifests,
        read_beside(sum_file(request.migrations)),
        read_beside(lock_file(request.migrations)),
        read_beside(lock),
        journal_of(lock).exists(),
        read_beside(kind_path(request.manifests)),
    )


def ordered(inputs: Inputs, request: Request) -> FileSet:
    """The migrations in order; DevkitError when there is none."""
    fileset = order(inputs.entries, inputs.migrations_shown)
    if not fileset.migrations and fileset.stop_before is None:
        raise DevkitError(
            f"there is no migration in {request.migrations}: "
            f"none of its {len(inputs.entries)} entries is V<digits>__<name>.sql",
            "write V1__<name>.sql there, or name another folder with --migrations DIR",
        )
    return fileset


def _is_until(entry: Entry, version: int) -> bool:
    match = MIGRATION.fullmatch(entry.name)
    return match is None or int(match[1]) <= version


def shown_path(path: Path, root: Path) -> str:
    """A path as findings show it: from the project's root, or whole when it lies elsewhere."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - links are kept: people know the name they wrote
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def devkit_files() -> tuple[tuple[str, bytes], ...]:
    """devkit's own code and the stand-in's SQL, by name: what judges is a part of the answer."""
    return tree(_PACKAGE, _CODE)


def verdict_key(request: Request, inputs: Inputs, server_version: str) -> str:
    """A digest over all that can change the verdict: content, settings, our own code, the locks, the platform.

    Of an entry that is never read (a stray, a folder), only name and trouble: its content is in no verdict.
    """
    settings = msgspec.json.encode(request.project.settings)
    parts = [b"verdict 1", settings, request.project.source, server_version.encode()]
    parts += [platform.python_version().encode(), platform.machine().encode(), platform.system().encode()]
    parts += [part for name, data in devkit_files() for part in (name.encode(), data)]
    for lock in (REQUIREMENTS, POSTGRES):
        parts += [lock.name.encode(), lock.read_bytes() if lock.is_file() else b""]
    parts.append(inputs.migrations_shown.encode())
    for entry in inputs.entries:
        read = entry.data if MIGRATION.fullmatch(entry.name) else None
        parts += [os.fsencode(entry.name), str(entry.trouble).encode()]
        parts += [b"-" if read is None else b"+", read or b"", b"%d" % entry.size if entry.trouble else b""]
    parts += [b"sum", b"-" if inputs.sum is None else b"+", inputs.sum or b""]
    parts += [b"lock", b"-" if inputs.lock is None else b"+", inputs.lock or b""]
    parts += [b"images", b"-" if inputs.images_lock is None else b"+", inputs.images_lock or b""]
    parts += [b"kind", b"-" if inputs.kind is None else b"+", inputs.kind or b""]
    parts += [
        b"killed" if inputs.pin_killed else b"whole",
        shown_path(request.manifests, request.project.root).encode(),
    ]
    parts.append(b"manifests")
    for manifest in inputs.manifests:
        parts += [os.fsencode(manifest.shown), b"-" if manifest.data is None else b"+", manifest.data or b""]
    return digest(parts)
