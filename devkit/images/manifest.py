"""Manifest text to image uses with their place: which scalars of a manifest name an image, and which only look so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from devkit.finding import Finding, Place, Severity
from devkit.images import nodes
from devkit.images.embedded_text import Embedded, embedded
from devkit.images.lines import Lines
from devkit.images.nodes import Node, NotYamlError, Scalar
from devkit.images.template import is_templated, template_in_broken, template_starts
from devkit.images.unknown import unknown_keys
from devkit.images.walk import places, shown_path, walk

_TEMPLATE = ("spec", "template", "spec")
# Where each kind of the Kubernetes API keeps its Pod spec.
POD_SPECS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "PodTemplate": ("template", "spec"),
}
_IN_POD_SPEC = (
    ("initContainers", "*", "image"),
    ("containers", "*", "image"),
    ("ephemeralContainers", "*", "image"),
    ("volumes", "*", "image", "reference"),  # core/v1 ImageVolumeSource
)
# By kind, the paths of further images, or of texts that hold manifests: see devkit.images.declared.
Declared = Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]


@dataclasses.dataclass(frozen=True, slots=True)
class ImageUse:
    """One image scalar of a manifest.

    `start` and `end` are the characters of its own text, quotes included, `style` how it is written ("" for plain).
    `path` names it in its file: the document's number, then keys and positions. `event`, `value` and `within` say to a
    proof which scalar is meant, what it says, and where in that when it is a text that holds a manifest. `blocked`: why
    no other reference can be written there.
    """

    reference: str
    place: Place
    path: str = ""
    start: int = 0
    end: int = 0
    style: str = ""
    event: int = 0
    value: str = ""
    within: tuple[int, int] | None = None
    blocked: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class UnknownImage:
    """A key that is called image where nobody said that it names one: it is told, and left as it is."""

    kind: str
    path: str
    value: str
    place: Place


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a manifest has of images, what is wrong with it as a whole, and which of the declared paths it has.

    Those are named by kind and number.
    """

    uses: tuple[ImageUse, ...] = ()
    unknown: tuple[UnknownImage, ...] = ()
    findings: tuple[Finding, ...] = ()
    declared: frozenset[tuple[str, int]] = frozenset()


def find_images(text: str, shown: str, declared: Declared | None = None) -> Found:
    """The images of every workload in a multi-document manifest; of one that is no YAML or a template only a finding.

    `text` has no byte order mark. `declared` names the images of other kinds.
    """
    lines = Lines(text, shown)
    try:
        roots = nodes.documents(text)
    except NotYamlError as error:
        if (braces := template_in_broken(text, error.start)) is not None:
            return Found(findings=(_template(lines.place(braces, braces + 2)),))
        return Found(findings=(_unreadable(str(error), lines.place(error.start, error.start + 1)),))
    finder = _Finder(text, lines, declared or {})
    for number, root in enumerate(roots):
        finder.document(root, (f"{number}:",))
    if (braces := min((*finder.templated, *template_starts(text, roots)), default=None)) is not None:
        return Found(findings=(_template(lines.place(braces, braces + 2)),))
    uses = tuple(finder.uses())
    known = frozenset(use.event for use in uses)
    unknown = (
        UnknownImage(kind, path, node.value, lines.place(node.start, node.end))
        for number, root in enumerate(roots)
        for kind, path, node in unknown_keys(root, number, known)
    )
    return Found(uses, tuple(unknown), tuple(finder.closed), frozenset(finder.declared))


def _unreadable(why: str, place: Place) -> Finding:
    return Finding(
        "manifest-unreadable",
        Severity.ERROR,
        f"{why}: kubectl and Tilt cannot read this manifest",
        "mend the YAML at this place",
        place,
    )


def _closed(place: Place) -> Finding:
    return Finding(
        "manifest-unreadable",
        Severity.ERROR,
        "[tool.devkit.image-paths] says that this text holds a manifest, and it cannot be read as one",
        "write it as a block scalar that keeps its lines (|), in YAML, and not as a template",
        place,
    )


def _template(place: Place) -> Finding:
    return Finding(
        "manifest-unreadable",
        Severity.ERROR,
        "this is a template: kubectl and Tilt cannot read it, and what it becomes is not known here",
        "render it into a manifest: helm template CHART > NAME.yaml; or move it to another folder",
        place,
    )


@dataclasses.dataclass(slots=True)
class _Seen:
    """A scalar that names an image: the first path to it, and the places in the text that have it."""

    path: str
    places: set[tuple[int, int]]


class _Finder:
    """Collects the image scalars of the documents of one text."""

    def __init__(self, text: str, lines: Lines, declared: Declared) -> None:
        self._text = text
        self._lines = lines
        self._paths = declared
        self._scalars: dict[Scalar, _Seen] = {}
        self._texts: dict[Scalar, tuple[str, tuple[str, ...]]] = {}
        self._visited: set[int] = set()
        self.templated: list[int] = []
        self.closed: list[Finding] = []
        self.declared: set[tuple[str, int]] = set()

    def document(self, root: Node | None, path: tuple[str, ...]) -> None:
        """Collect from a document, or from an item of a list."""
        if not isinstance(root, nodes.Mapping) or id(root) in self._visited:
            return
        self._visited.add(id(root))
        named = root.get("kind")
        kind = named.value if isinstance(named, Scalar) else ""
        if kind.endswith("List") and isinstance(items := root.get("items"), nodes.Sequence):
            for number, item in enumerate(items.items):
                self.document(item, (*path, "items", str(number)))
        spec = POD_SPECS.get(kind)
        for in_spec in _IN_POD_SPEC if spec is not None else ():
            self.templated += self.collect(root, (*(spec or ()), *in_spec), path)
        for number, (keys, inner) in enumerate(self._paths.get(kind, ())):
            if next(walk(root, keys, path), None) is not None:
                self.declared.add((kind, number))
                self.collect(root, keys, path, inner)

    def collect(
        self, node: Node, keys: tuple[str, ...], path: tuple[str, ...], inner: tuple[str, ...] = ()
    ) -> list[int]:
        """Collect what is at `keys` below `node`: images, or texts with images at `inner`.

        Gives back where there is a template instead: of another program, or of the kind's own.
        """
        templated = []
        for parent, found, at in walk(node, keys, path):
            shown = shown_path(at)
            if inner or "\n" in found.value.strip():
                self._texts.setdefault(found, (shown, inner))
            elif is_templated(found):
                templated.append(found.start)
            elif found.value.strip() and not _is_null(found):
                self._scalars.setdefault(found, _Seen(shown, set())).places.update(places(parent, found, at[-1]))
        return templated

    def uses(self) -> Iterator[ImageUse]:
        """What was collected, in the order of the text."""
        found = [self._use(scalar, seen) for scalar, seen in self._scalars.items()]
        for scalar, (path, inner) in self._texts.items():
            found += self._inside(scalar, path, inner)
        return iter(sorted(found, key=lambda use: use.start))

    def _use(self, scalar: Scalar, seen: _Seen) -> ImageUse:
        start, end = scalar.start, scalar.end
        elsewhere = scalar.aliases + 1 > len(seen.places)
        blocked = "the same scalar is used for something else, through its anchor" if elsewhere else ""
        place = self._lines.place(start, end if scalar.style not in {"|", ">"} else self._last(start, end))
        name, value = scalar.value.strip(), scalar.value
        return ImageUse(name, place, seen.path, start, end, scalar.style, scalar.event, value, None, blocked)

    def _last(self, start: int, end: int) -> int:
        return start + len(self._text[start:end].rstrip())

    def _inside(self, scalar: Scalar, path: str, inner: tuple[str, ...]) -> Iterator[ImageUse]:
        """The images of a manifest that is the text of a scalar."""
        held = embedded(self._text, scalar)
        found = _in_text(held, inner) if held is not None else None
        if held is None or found is None:
            self.closed.append(_closed(self._lines.place(scalar.start, scalar.start + 1)))
            return
        for use in found:
            start, end = held.outer(use.start), held.outer(use.end)
            yield dataclasses.replace(
                use,
                place=self._lines.place(start, end),
                path=f"{path} > {use.path}",
                start=start,
                end=end,
                event=scalar.event,
                value=scalar.value,
                within=(use.start, use.end),
                blocked=use.blocked or ("its text is used elsewhere, through its anchor" if scalar.aliases else ""),
            )


def _in_text(held: Embedded, inner: tuple[str, ...]) -> tuple[ImageUse, ...] | None:
    """The images of a text: at the path `inner` of each document, or where its kinds have them; None of no YAML."""
    if not inner:
        found = find_images(held.text, "")
        return None if found.findings else found.uses
    try:
        roots = nodes.documents(held.text)
    except NotYamlError:
        return None
    finder = _Finder(held.text, Lines(held.text, ""), {})
    for number, root in enumerate(roots):
        if root is not None:
            finder.collect(root, inner, (f"{number}:",))
    return tuple(finder.uses())


def _is_null(scalar: Scalar) -> bool:
    return not scalar.style and scalar.value in {"~", "null", "Null", "NULL"}
