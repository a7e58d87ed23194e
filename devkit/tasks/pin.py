"""./inv pin."""

from __future__ import annotations

from invoke import Context, Exit, task

from devkit import console
from devkit.errors import DevkitError
from devkit.finding import Severity
from devkit.tasks.options import HELP, line_reader, request_of
from devkit.words import plural


@task(help={"check": "name every image that another push can change; change nothing", "manifests": HELP["manifests"]})
def pin(call: Context, check: bool = False, manifests: str = "") -> None:
    """Check that every image of the manifests names one release."""
    del call
    if not check:
        raise DevkitError("pin writes nothing yet", "./inv pin --check names the images that can change")
    from devkit.images.folder import read_manifests
    from devkit.report.text import finding_text
    from devkit.rules.floating_image import floating
    from devkit.verify.inputs import shown_path
    from devkit.verify.reading import read_images

    request = request_of("", manifests, "", "", cache=True)
    shown = shown_path(request.manifests, request.project.root)
    images, unreadable = read_images(read_manifests(request.manifests, shown))
    findings = (*unreadable, *floating(images))
    console.show(finding_text(findings, line_reader(request.project)))
    console.say(f"{plural(len(images), 'image')}, {len(findings)} that can change or cannot be read")
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise Exit(code=1)
