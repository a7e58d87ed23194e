"""What a project, and this machine's user, have allowed."""

from __future__ import annotations

import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True, slots=True)
class SharedCluster:
    """`[[tool.devkit.cluster]]`: one cluster that is not local and may be used. `exec`: the one plugin it may run."""

    context: str
    server: str
    uid: str
    exec: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed: `contexts` (patterns) and `shared` by the project, `remembered` (a UID) by this machine's user.

    `namespace` is the one that is ours, `boot_id` this machine's ("" when it has none).
    """

    contexts: tuple[str, ...]
    shared: tuple[SharedCluster, ...]
    namespace: str
    boot_id: str
    remembered: str | None

    def allows(self, context: str) -> bool:
        """Whether a local cluster may be called so: by its very name, or by a pattern."""
        return any(context == each or fnmatch.fnmatchcase(context, each) for each in self.contexts)

    def shared_for(self, context: str) -> SharedCluster | None:
        """The entry that names `context` exactly, if there is one: then the signs of a shared cluster hold."""
        return next((each for each in self.shared if each.context == context), None)
