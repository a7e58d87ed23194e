"""The clusters that this machine has agreed to: a context's UID, kept where a user's state belongs."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

import msgspec

from devkit.errors import DevkitError
from devkit.files import digest, write_atomically

_ALLOW = "allow it, or name a folder of yours: export DEVKIT_STATE=DIR"


class _Agreed(msgspec.Struct, frozen=True):
    context: str
    uid: str


_AGREED = msgspec.json.Decoder(_Agreed)  # made with the module: registry/document.py says why


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where state is kept: DEVKIT_STATE, or this platform's place (~/.local/state/devkit, Application Support)."""
    named = environ.get("DEVKIT_STATE")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("devkit", appauthor=False)


def checkout_folder(root: Path, environ: Mapping[str, str]) -> Path:
    """Where state of the checkout `root` alone is kept."""
    return state_folder(environ) / "checkouts" / digest([os.fsencode(root)])[:16]


def remembered(context: str, environ: Mapping[str, str]) -> str | None:
    """The UID that `context` had when its cluster was agreed to, or None; DevkitError when that cannot be read."""
    file = _file(context, environ)
    try:
        return _AGREED.decode(file.read_bytes()).uid
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DevkitError(f"{file} cannot be read: {error.strerror}", _ALLOW) from error
    except msgspec.DecodeError as error:
        raise DevkitError(
            f"{file} is not what devkit wrote there: {error}",
            f"delete it: rm {shlex.quote(str(file))}; ./inv up then asks once more",
        ) from error


def remember(context: str, uid: str, environ: Mapping[str, str]) -> None:
    """Keep that `context` is the cluster with `uid`. A file a context, so that two runs do not undo each other's."""
    file = _file(context, environ)
    try:
        write_atomically(file, msgspec.json.format(msgspec.json.encode(_Agreed(context, uid)), indent=2) + b"\n")
    except OSError as error:
        raise unwritable(file, error) from error


def forget(context: str, environ: Mapping[str, str]) -> None:
    """Take back what was agreed to: a cluster is about to be made anew under this name."""
    file = _file(context, environ)
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise DevkitError(f"{file} cannot be deleted: {error.strerror}", _ALLOW) from error


def unwritable(file: Path, error: OSError) -> DevkitError:
    """A file of this state that could not be written."""
    return DevkitError(f"{file} cannot be written: {error.strerror}", _ALLOW)


def _file(context: str, environ: Mapping[str, str]) -> Path:
    return state_folder(environ) / "clusters" / f"{digest([context.encode()])[:32]}.json"
