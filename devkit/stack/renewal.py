"""What Tilt is to apply once more: an annotation that changes makes an update, which applies and deletes nothing.

Tilt does not notice objects that others deleted (tilt-dev/tilt#2241). An update that is asked for by hand, as with
`tilt trigger`, deletes all of a resource first, and what Tilt deletes beside it may be what the update has just made
(tilt internal/controllers/core/kubernetesapply/reconciler.go: ForceDelete, garbageCollect; tilt-dev/tilt#6559).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from devkit.cluster.annotation import annotated
from devkit.cluster.documents import Document
from devkit.cluster.memory import checkout_folder, unwritable
from devkit.files import write_atomically

ANNOTATION = "devkit/applied-again"

Renewals = dict[str, str]


def renewal_file(root: Path, environ: Mapping[str, str]) -> Path:
    """Where it stands for the checkout `root`: the Tiltfile has it watched."""
    return checkout_folder(root, environ) / "renewals.json"


def read_renewals(file: Path) -> Renewals:
    """For objects as Tilt selects them, NAME:KIND in lower case, the update after which each was missing."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Renewals)
    except (OSError, msgspec.DecodeError):
        return {}  # nothing was asked for, or nothing that can be told any more


def renew(file: Path, objects: Iterable[str], update: str) -> None:
    """Have Tilt apply `objects`, which were missing after their `update`; DevkitError when that cannot be written."""
    try:
        write_atomically(file, msgspec.json.encode(read_renewals(file) | dict.fromkeys(objects, update)))
    except OSError as error:
        raise unwritable(file, error) from error


def forget_renewals(file: Path) -> None:
    """For a Tilt that begins: what was asked of the one before is done, or no more of use. DevkitError as above."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(file, error) from error


def with_renewals(objects: Iterable[Document], renewals: Renewals) -> tuple[Document, ...]:
    """`objects`, with the annotation on each that is among `renewals`."""
    found = ((each, renewals.get(tilt_name(each))) for each in objects)
    return tuple(each if update is None else annotated(each, ANNOTATION, update) for each, update in found)


def tilt_name(what: Document) -> str:
    """The object as Tilt selects it."""
    return f"{what.name}:{what.kind}".lower()
