"""A small stack whose manifests are pinned, with its lock, applied without Tilt: what its pods run is the test's."""

from __future__ import annotations

import hashlib
import re
import urllib.error
from collections.abc import Mapping
from typing import Any

from devkit.config import load_project
from devkit.images.lock import ImagesLock, LockedImage, to_text
from devkit.images.name import normal
from devkit.images.resolved import OCI_INDEX, Child, Resolved
from devkit.stack.objects import stack_objects
from tests.checkout import ROOT, Result
from tests.cluster.stack import Stack
from tests.testbed.stages import IMAGE_ID

AMD, ARM = "linux/amd64", "linux/arm64"
KEPT = ("namespace", "citus-coordinator", "redis")
APP, BUSYBOX = "example.com/team/app:1.2.3", "busybox:1.36.1"
CITUS = "citusdata/citus:13.0"  # which pyproject.toml declares to be emulated on linux/arm64
ENVOY, EXPORTER = "envoyproxy/envoy:v1.31.2", "prom/statsd-exporter:v0.27.1"
TOOLS = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app}}
spec:
  selector: {{matchLabels: {{app: app}}}}
  template:
    metadata: {{labels: {{app: app}}}}
    spec:
      initContainers:
      - {{name: wait, image: {BUSYBOX}}}
      - {{name: proxy, image: {ENVOY}, restartPolicy: Always}}
      containers:
      - {{name: app, image: {APP}}}
      - {{name: metrics, image: {EXPORTER}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec:
  schedule: "0 3 1 1 *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {{name: nightly, image: {APP}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: tool}}
spec:
  containers:
  - {{name: tool, image: {APP}}}
"""


def digest(what: str) -> str:
    """A digest of its own for every text."""
    return f"sha256:{hashlib.sha256(what.encode()).hexdigest()}"


OTHER = f"example.com/team/app@{digest('something else')}"  # the imageID of what nobody pinned


def registry(image: str) -> Resolved:
    """What a made-up registry has for `image`: an index with two platforms, but for Citus, as it is."""
    platforms = (AMD,) if image == CITUS else (AMD, f"{ARM}/v8")
    children = (Child(each, digest(f"{image} {each}"), digest(f"{image} {each} config"), 1000) for each in platforms)
    return Resolved(digest(image), OCI_INDEX, tuple(children))


def pin(image: str) -> str:
    """The image as a manifest pins it."""
    return f"{image}@{registry(image).digest}"


def index_of(image: str) -> str:
    """The imageID of an image that was pulled: another name than ours counts no less."""
    return f"docker.io/library/x@{registry(image).digest}"


def child_of(image: str, platform: str) -> str:
    """The imageID of an image of which one platform was pulled by its own digest."""
    (child,) = registry(image).of(platform)
    return f"mirror.example.com/x@{child.manifest}"


def config_of(image: str, platform: str) -> str:
    """The imageID of an image that was loaded into the node."""
    (child,) = registry(image).of(platform)
    return child.config


class Pinned:
    """The stack: its manifests name digests, infra/images.lock has them, and its pods run them until a test differs."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        checkout = stack.checkout
        checkout.clear()
        settings = checkout.root / "pyproject.toml"
        text = settings.read_text()
        text = re.sub(r"\[\[tool\.devkit\.service\]\].*?(?=\n\[tool\.ruff\])", "", text, flags=re.DOTALL)
        settings.write_text(text)  # nothing but pods and the database is looked at
        (checkout.migrations / "V1__tenants.sql").write_text("CREATE TABLE tenants (id bigint PRIMARY KEY);\n")
        for name in KEPT:
            (checkout.manifests / f"{name}.yaml").write_text((ROOT / f"infra/k8s/{name}.yaml").read_text())
        (checkout.manifests / "tools.yaml").write_text(TOOLS)
        self.images = tuple(sorted({each for _, each in self._named()}))
        self.lock = checkout.root / "infra/images.lock"
        self.lock.write_text(to_text(ImagesLock(tuple(LockedImage(normal(i), registry(i)) for i in self.images))))
        for file in checkout.manifests.iterdir():
            text = file.read_text()
            for image in self.images:
                text = text.replace(image, pin(image))
            file.write_text(text)
        self.runs = {container: index_of(image) for container, image in self._named()}

    def _named(self) -> set[tuple[str, str]]:
        """(container, image without a digest) of every manifest."""
        found: set[tuple[str, str]] = set()
        for each in self.objects():
            for container in _containers(each):
                found.add((container["name"], container["image"].partition("@")[0]))
        return found

    def objects(self) -> list[dict[str, Any]]:
        """The objects of the manifests as they are applied."""
        project = load_project(self.stack.checkout.root)
        return [each.body for each in stack_objects(project, self.stack.checkout.manifests)]

    def apply(self, *changed: Mapping[str, Any], **runs: str) -> None:
        """Create everything, with the objects `changed` in the place of their namesakes; wait until all pods report.

        `runs` names the imageID of containers that do not run what is pinned.
        """
        other = {(each["kind"], each["metadata"]["name"]): each for each in changed}
        for each in self.objects():
            body = other.get((each["kind"], each["metadata"]["name"]), each)
            self.create(body, {**self.runs, **runs})
        self.until_all_report(4)

    def create(self, body: Mapping[str, Any], runs: Mapping[str, str]) -> None:
        """Create an object whose pods run the imageIDs of `runs`."""
        template = _template(body)
        if template is not None:
            notes = template.setdefault("metadata", {}).setdefault("annotations", {})
            notes.update({f"{IMAGE_ID}{name}": image_id for name, image_id in runs.items()})
        try:
            self.stack.cluster.kube.create(self.path(str(body["kind"]), str(body["apiVersion"])), body)
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read()) from error

    def path(self, kind: str, api_version: str = "v1") -> str:
        """The collection of a kind."""
        root = "/api/v1" if api_version == "v1" else f"/apis/{api_version}"
        if kind == "Namespace":
            return f"{root}/namespaces"
        return f"{root}/namespaces/{self.stack.namespace}/{kind.lower()}s"

    def pods(self) -> list[Any]:
        """The pods that are there."""
        return list(self.stack.get("/api/v1/…/pods")["items"])

    def pod(self, start: str) -> str:
        """The name of the one pod whose name begins so."""
        (name,) = (each["metadata"]["name"] for each in self.pods() if each["metadata"]["name"].startswith(start))
        return str(name)

    def until_all_report(self, count: int) -> None:
        """Wait until there are so many pods, each with the status of its containers."""
        kube = self.stack.cluster.kube
        kube.until(lambda: len(self.pods()) == count, 60)
        kube.until(lambda: all(each["status"].get("containerStatuses") for each in self.pods()), 60)

    def merge(self, kind: str, name: str, patch: Mapping[str, Any], api_version: str = "v1", sub: str = "") -> None:
        """Change an object as kubectl patch does: lists are merged by the names in them."""
        path = f"{self.path(kind, api_version)}/{name}{sub}"
        self.stack.cluster.kube.ask("PATCH", path, patch, "application/strategic-merge-patch+json")

    def verify(self, *words: str) -> Result:
        """./inv verify --engine cluster as JSON."""
        return self.stack.run("verify", "--engine", "cluster", "--format", "json", *words)


def verdicts(done: Result) -> dict[str, str]:
    """The verdict of each container of the report, by its name."""
    return {each["container"]: each["verdict"] for each in done.report()["living"]["running"]}


def said(done: Result, rule: str = "running-is-pinned") -> dict[str, str]:
    """The findings of a rule: severity by object."""
    return {each["object"]: each["severity"] for each in done.report()["findings"] if each["rule"] == rule}


def the_finding(done: Result, word: str) -> Any:  # noqa: ANN401 - JSON
    """The one finding of ours whose object ends so."""
    ours = (each for each in done.report()["findings"] if each["rule"] == "running-is-pinned")
    (found,) = (each for each in ours if each["object"].endswith(word))
    return found


def errors(done: Result) -> set[str]:
    """The rules that give errors."""
    return {each["rule"] for each in done.report()["findings"] if each["severity"] == "error"}


def _template(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The part of an object that becomes pods."""
    if body["kind"] == "Pod":
        return body
    spec = body.get("spec") or {}
    return (spec.get("jobTemplate") or {}).get("spec", {}).get("template") or spec.get("template")


def _containers(body: Mapping[str, Any]) -> list[Any]:
    spec = (_template(body) or {}).get("spec") or {}
    return [each for group in ("initContainers", "containers") for each in spec.get(group) or ()]
