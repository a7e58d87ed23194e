"""What the Tiltfile asks devkit, as JSON on stdout: the namespace, the manifests as they are applied, what to watch.

Tilt runs `python -P devkit/tiltfile.py CONTEXT` with each reading of the Tiltfile; when it fails, nothing is applied.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from devkit.cluster.documents import Document
from devkit.cluster.proof import prove
from devkit.cluster.rendered import to_yaml
from devkit.config import Project, find_root, load_project
from devkit.console import exit_code, write
from devkit.stack.objects import stack_objects
from devkit.stack.renewal import read_renewals, renewal_file, tilt_name, with_renewals
from devkit.stack.version import with_versions

_PROVEN = "DEVKIT_CONTEXT"  # set by ./inv up and ./inv reset, which have proven this very context


def main(context: str) -> int:
    """Answer for `context`; 0, or the code of the error that stands on stderr."""
    try:
        root = find_root(Path(__file__).resolve().parent.parent, Path.cwd())
        project = load_project(root)
        if os.environ.get(_PROVEN) != context:
            prove(project.settings, dict(os.environ), context)
        objects = stack_objects(project, root / project.settings.manifests)
        write(json.dumps(answer(project, objects, renewal_file(root, os.environ))).encode())
    except BaseException as error:  # noqa: BLE001 - the translator of the console knows them all
        return exit_code(error)
    return 0


def answer(project: Project, objects: tuple[Document, ...], renewals: Path) -> dict[str, object]:
    """The answer: `objects` are as Tilt selects them, and `renewals` is the file of those to be applied once more."""
    settings = project.settings
    return {
        "namespace": settings.namespace,
        "yaml": to_yaml(with_renewals(with_versions(objects), read_renewals(renewals))),
        "objects": [tilt_name(each) for each in objects],
        "watched": [settings.manifests, "pyproject.toml", str(renewals)],
        "judged": [settings.migrations, settings.manifests, settings.seed, "pyproject.toml"],
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
