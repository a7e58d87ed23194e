"""The manifests as they were before pinning: the digests that pin wrote, and no other, are taken away."""

from __future__ import annotations

from pathlib import Path

from devkit.pin.plan import rewritten
from devkit.pin.tree import Tree


def plan_undo(tree: Tree) -> dict[Path, bytes | None]:
    """The files as they will be, the lock gone; empty when there is nothing to take back."""
    lock = tree.lock
    if tree.lock_bytes is None:
        return {}
    ours = {
        use: None
        for use, name in tree.pins.named()
        if name.digest and (held := lock.held(name, tree.pins.key(use))) is not None and held.name.digest is None
    }
    return {**rewritten(tree, ours), tree.lock_file: None}
