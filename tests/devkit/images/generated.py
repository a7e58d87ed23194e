"""Manifests of several documents in any style that people write, with what their images are."""

from __future__ import annotations

import dataclasses

from devkit.images.manifest import POD_SPECS
from tests.devkit.images.drawn import Draw
from tests.devkit.images.tree import Image, List, Map, Meant, Node, Raw, Text
from tests.devkit.images.written import Writer

DIGEST = "sha256:" + "ab" * 32
_REFERENCES = {
    "short": "redis:8.2.2",
    "no tag": "citusdata/citus",
    "registry with port": "localhost:5000/team/app:v1.2.3-rc.1",
    "long": "registry.example.com/" + "a-very-long-path/" * 12 + "app:2026-01-01",
    "tag and digest": f"docker.redpanda.com/redpandadata/redpanda:v25.2.11@{DIGEST}",
    "digest": f"redis@{DIGEST}",
}
_VALUES: tuple[Node, ...] = (
    Raw("'on'"), Raw("0777"), Raw("~"), Raw("null"), Raw("yes"), Raw("1e3"), Raw(""),
    "on", "a: b # c", "it's", "日本語 🎈 é", "{{ $labels.instance }}", "x" * 700, "image: redis:9", "",
)  # fmt: skip
_CONFIG = ("# image: redis:1", "containers:", "- image: redis:8", "", "  image: {{ .x }}", '{"image": "redis"}')


@dataclasses.dataclass(frozen=True)
class Manifest:
    """A text, the image scalars that Kubernetes sees in it, and those that are called image but are none it knows."""

    text: str
    uses: tuple[Meant, ...]
    unknown: tuple[Meant, ...]


def manifest(draw: Draw) -> Manifest:
    """The next manifest of a run."""
    parts: list[str] = []
    images: list[Meant] = []
    for number in range(draw.number(1, 3)):
        text, found = _document(draw, number, ended=number == 0 or "\n..." in parts[-1][-12:])
        parts.append(text)
        images += found
    text = _line_ends(draw, "".join(parts))
    return Manifest(
        text,
        tuple(each for each in images if each.paths),
        tuple(each for each in images if not each.paths),
    )


def _document(draw: Draw, number: int, *, ended: bool) -> tuple[str, list[Meant]]:
    writer = Writer(draw, number)
    kind = draw.form("document", *POD_SPECS, "List", "DeploymentList", "ConfigMap", "CustomResourceDefinition",
                     "Cluster", "Cluster", "Cluster", "Service", "empty", "comment", "JSON")  # fmt: skip
    if kind in {"empty", "comment"}:
        return f"---\n{'# only a comment: image: redis' + chr(10) if kind == 'comment' else ''}", []
    root = _root(draw, draw.one(*POD_SPECS) if kind == "JSON" else kind)
    if kind == "JSON" or draw.chance(0.05):
        style = "json" if kind == "JSON" else draw.one("line", "lines")
        body, same_line = writer.flow(root, style) + "\n", True
    else:
        body, same_line = writer.block(root), False
    return _header(draw, number, same_line=same_line, ended=ended) + body + _footer(draw), writer.images


def _header(draw: Draw, number: int, *, same_line: bool, ended: bool) -> str:
    end = "" if ended else "...\n"
    forms = ["---", "--- and comment", "--- and blanks", "comment before ---", "%YAML"]
    form = draw.form("header", *forms, *(["none"] if number == 0 else []))
    if form == "none":
        return ""
    if form == "%YAML":
        return f"{end}%YAML 1.1\n---\n"
    if form == "comment before ---":
        return f"{end}# header: x\n\n---\n"
    if form == "---" and same_line:
        return "--- "
    return {"---": "---\n", "--- and comment": "--- # c\n", "--- and blanks": "---  \n"}[form]


def _footer(draw: Draw) -> str:
    form = draw.form("footer", "none", "...", "... and comment", "blank lines", "comment")
    return {"none": "", "...": "...\n", "... and comment": "... # end\n", "blank lines": "\n\n"}.get(form, "# end\n")


def _line_ends(draw: Draw, text: str) -> str:
    form = draw.form("line ends", "LF", "CRLF", "mixed", "none at the end")
    if form == "none at the end":
        return text.rstrip("\n")
    if form == "LF":
        return text
    lines = text.split("\n")
    ends = ["\r\n" if form == "CRLF" or draw.chance(0.5) else "\n" for _ in lines]
    return "".join(line + end for line, end in zip(lines[:-1], ends, strict=False)) + lines[-1]


def _root(draw: Draw, kind: str) -> Map:
    pairs: list[tuple[str, Node]] = [("apiVersion", "v1"), ("kind", kind), ("metadata", _metadata(draw))]
    if kind.endswith("List"):
        items = [_root(draw, draw.one(*POD_SPECS)) for _ in range(draw.number(1, 2))]
        pairs[2:] = [("items", List(list(items)))]
    elif kind in POD_SPECS:
        node: Node = _pod_spec(draw)
        for name in reversed(POD_SPECS[kind][1:]):
            node = Map([("replicas", Raw("2")), (name, node)] if name == "template" else [(name, node)])
        pairs.append((POD_SPECS[kind][0], node))
        if draw.chance(0.2):
            pairs.insert(2, ("x-base", Map([("image", Image(_reference(draw), known=False))], base=True)))
    else:
        pairs += _others(draw, kind)
    if draw.chance(0.2):
        draw.random.shuffle(pairs)
    return Map(pairs)


def _metadata(draw: Draw) -> Map:
    labels: list[tuple[str, Node]] = [("app", "web")]
    if draw.chance(0.2):
        labels.append(("version", "redis:8.0.1"))
    pairs: list[tuple[str, Node]] = [("name", draw.one("db", "web-1", "名")), ("labels", Map(labels))]
    if draw.chance(0.3):
        pairs.append(("annotations", Map([("image", draw.one("redis", "日本語 🎈")), ("long", "word " * 60 + "end")])))
    return Map(pairs)


def _others(draw: Draw, kind: str) -> list[tuple[str, Node]]:
    if kind == "ConfigMap":
        return [("data", Map([("image", "redis:latest"), ("pods.yaml", Text(_CONFIG)), ("x", "{{ .y }}")]))]
    if kind == "CustomResourceDefinition":
        return [("spec", Map([("image", "redis"), ("properties", Map([("image", Map([("type", "string")]))]))]))]
    if kind == "Cluster":
        form = draw.form("custom resource", "spec.image", "sidecar", "repository and tag")
        named: Node = Image(_reference(draw), known=False)
        spec: dict[str, list[tuple[str, Node]]] = {
            "spec.image": [("image", named), ("version", "13.0")],
            "sidecar": [("sidecar", Map([("image", named)]))],
            "repository and tag": [("image", Map([("repository", named), ("tag", "'1'")]))],
        }
        return [("spec", Map(spec[form]))]
    return [("spec", Map([("ports", List([Map([("port", Raw("80"))])])), ("type", "ClusterIP")]))]


def _reference(draw: Draw) -> str:
    return _REFERENCES[draw.form("reference", *_REFERENCES)]


def _pod_spec(draw: Draw) -> Map:
    pairs: list[tuple[str, Node]] = [("containers", _containers(draw, draw.number(1, 3)))]
    for name in ("initContainers", "ephemeralContainers"):
        if draw.chance(0.25):
            draw.form("list", name)
            pairs.append((name, _containers(draw, 1)))
    if draw.chance(0.2):
        draw.form("list", "volumes")
        image = Map([("reference", Image(_reference(draw))), ("pullPolicy", "Always")])
        pairs.append(("volumes", List([Map([("name", "v"), ("image", image)]), Map([("emptyDir", Map([]))])])))
    draw.random.shuffle(pairs)
    return Map(pairs)


def _containers(draw: Draw, count: int) -> List:
    return List([_container(draw) for _ in range(count)])


def _container(draw: Draw) -> Map:
    pairs: list[tuple[str, Node]] = [("name", "web"), ("image", Image(_reference(draw)))]
    if draw.chance(0.5):
        value = _VALUES[draw.number(0, len(_VALUES) - 1)]
        env = [Map([("name", "A"), ("value", value)]) for _ in range(draw.number(1, 2))]
        pairs.append(("env", List(list(env))))
    if draw.chance(0.2):
        pairs.append(("args", List(["--image", "image: x", "{{inputs.parameters.image}}"])))
    draw.random.shuffle(pairs)
    if draw.chance(0.08):
        twice = draw.form("key twice", "name", "image")
        pairs.append((twice, Image(_reference(draw)) if twice == "image" else "again"))
        return Map(pairs)
    return Map(pairs, base=True)
