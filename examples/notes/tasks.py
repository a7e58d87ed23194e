"""The verbs of this repository: devkit's own. A task of yours is added with namespace.add_task(task)."""

from devkit.tasks import namespace

__all__ = ["namespace"]
