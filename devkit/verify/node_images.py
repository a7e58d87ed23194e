"""What the nodes of the team's kind cluster run, as infra/kind.yaml says: its text in, images out."""

from __future__ import annotations

from pathlib import Path

_UNREADABLE = "kind.yaml cannot be read"


def kind_path(manifests: Path) -> Path:
    """Where kind's configuration lies: beside the folder of manifests, as infra/kind.yaml beside infra/k8s."""
    return manifests.parent / "kind.yaml"


def node_images(text: bytes | None) -> tuple[str, ...]:
    """The images in kind's configuration, each once, sorted; "" for a node that leaves it to kind.

    None without a configuration (`text` is None). One that cannot be read is an image of its own name: kind will say
    what is wrong with it, and no two machines are alike by it unnoticed.
    """
    if text is None:
        return ()
    import yaml

    try:
        found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe one in C
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        return (_UNREADABLE,)
    nodes = found.get("nodes") if isinstance(found, dict) else None
    if not isinstance(nodes, list):
        return ("",)  # kind makes one node of its own choice
    return tuple(sorted({str(each.get("image") or "") if isinstance(each, dict) else "" for each in nodes}))
