"""A tree of values written as YAML in the styles that people use, with what its images are."""

from __future__ import annotations

import dataclasses

from tests.devkit.images import scalars
from tests.devkit.images.drawn import Draw
from tests.devkit.images.tree import Image, List, Map, Meant, Node, Path, Raw, Text


@dataclasses.dataclass(eq=False)
class _Base:
    """An anchored mapping: its images by their path in it."""

    name: str
    images: dict[Path, Meant]


class Writer:
    """Writes one document. `images` is what it wrote."""

    def __init__(self, draw: Draw, number: int) -> None:
        self.draw = draw
        self.images: list[Meant] = []
        self._root: Path = (f"{number}:",)
        self._anchors: list[tuple[str, Meant]] = []
        self._labels: list[tuple[str, str]] = []
        self._bases: list[_Base] = []
        self._count = 0

    def block(self, root: Map) -> str:
        """The document in block style, without header."""
        return "".join(self._pairs(root, 0, self._root))

    def flow(self, root: Map, style: str) -> str:
        """The document in flow style: "line", "lines" or "json"."""
        return self._flow(root, 0, self._root, style)

    def _name(self) -> str:
        self._count += 1
        return f"{self.draw.one('a', 'img-', 'x_')}{self._count}"

    # Block style: each method gives whole lines; `after` what follows a key or a dash.

    def _pairs(self, node: Map, column: int, path: Path) -> list[str]:
        pairs, lines = list(node.pairs), []
        if node.base and path[-1] != "x-base" and (merged := self._merge(pairs, path)):
            pairs = merged
        for number, (key, value) in enumerate(pairs):
            comment = "" if number == 0 else self._comment(column)
            lines.append(f"{comment}{' ' * column}{self._pair(key, value, column, (*path, key))}")
        return lines

    def _pair(self, key: str, value: Node, column: int, path: Path) -> str:
        written = scalars.key(self.draw, key)
        if key != "<<" and self.draw.chance(0.06):
            self.draw.form("key", "explicit")
            end = self.draw.one("\n", "\n", " # ? a\n")
            after = self._after(value, column, path, in_map=True, tabs=False)
            return f"? {written}{end}{' ' * column}:{after}"
        return f"{written}{self.draw.one('', '', '', ' ')}:{self._after(value, column, path, in_map=True)}"

    def _comment(self, column: int) -> str:
        if self.draw.chance(0.9):
            return ""
        kind = self.draw.form("comment", "own line", "at column 0", "blank line", "image")
        text = {"image": "# image: redis:9 # {{ .Values.x }}", "blank line": ""}.get(kind, "# 本 é 🎈: [a")
        return f"{'' if kind in {'at column 0', 'blank line'} else ' ' * column}{text}\n"

    def _end(self, *, tabs: bool = True) -> str:
        """What ends a line after a value. After a dash or the colon of an explicit key YAML has no tabs."""
        if self.draw.chance(0.7):
            return "\n"
        kind = self.draw.form("line end", "comment", "blanks", "brace", *(["comment after tab", "tab"] if tabs else []))
        ends = {"comment": " # keep: in step", "comment after tab": "\t# c", "blanks": "   ", "tab": "\t"}
        return f"{ends.get(kind, '  # 1 } ] image: x')}\n"

    def _after(self, node: Node, column: int, path: Path, *, in_map: bool, tabs: bool = True) -> str:
        if isinstance(node, Map | List) and (self._is_empty(node) or self.draw.chance(0.12)):
            return self._flow_after(node, column, path)
        if isinstance(node, Map):
            return self._map_after(node, column, path, in_map=in_map, tabs=tabs)
        if isinstance(node, List):
            return self._list_after(node, column, path, in_map=in_map, tabs=tabs)
        if isinstance(node, Image):
            return self._image_after(node, column, path, tabs=tabs)
        return self._text_after(node, column) if isinstance(node, Text) else self._plain_after(node, path, tabs=tabs)

    def _text_after(self, node: Text, column: int) -> str:
        lines = (f"{' ' * (column + 2)}{line}\n" if line else "\n" for line in node.lines)
        return f" |{self.draw.one('', '-', '+')}{self.draw.one('', ' # text')}\n{''.join(lines)}"

    @staticmethod
    def _is_empty(node: Map | List) -> bool:
        return not (node.pairs if isinstance(node, Map) else node.items)

    def _flow_after(self, node: Map | List, column: int, path: Path) -> str:
        style = self.draw.form("flow", "line", "lines", "json")
        return f" {self._flow(node, column + 1, path, style)}{self._end()}"

    def _map_after(self, node: Map, column: int, path: Path, *, in_map: bool, tabs: bool) -> str:
        if node.base and self._bases and not in_map and self.draw.chance(0.2):
            return self._repeated(path)
        name = self._name() if node.base and self.draw.chance(0.4) else ""
        if not in_map and not name and self.draw.chance(0.8):
            gap = self.draw.number(1, 4)
            inner = column + 1 + gap
            text = f"{' ' * gap}{''.join(self._pairs(node, inner, path))[inner:]}"
        else:
            inner = column + self.draw.number(1, 8)
            tag = self.draw.one("", "", "", " !!map") if name else ""
            head = f"{f' &{name}' if name else ''}{tag}{self._end(tabs=tabs or bool(name))}"
            text = head + "".join(self._pairs(node, inner, path))
        if name:
            self.draw.form("mapping", "anchored")
            self._bases.append(_Base(name, self._below(path)))
        return text

    def _below(self, path: Path) -> dict[Path, Meant]:
        """The images at and below a path, by what is behind it."""
        depth = len(path)
        found = [(each, way) for each in self.images for way in (each.at, *each.paths)]
        return {way[depth:]: each for each, way in found if way[:depth] == path}

    def _repeated(self, path: Path) -> str:
        self.draw.form("mapping", "repeated by alias")
        base = self.draw.random.choice(self._bases)
        for inner, image in base.images.items():
            image.paths.append((*path, *inner))
        return f" *{base.name}{self._end()}"

    def _merge(self, pairs: list[tuple[str, Node]], path: Path) -> list[tuple[str, Node]] | None:
        """The pairs with << instead of their image, which comes from the first base that has one."""
        bases = [base for base in self._bases if ("image",) in base.images]
        if not bases or not self.draw.chance(0.6):
            return None
        form = self.draw.form("merge", "one", "several")
        chosen = self.draw.random.sample(bases, min(len(bases), 2)) if form == "several" else [bases[-1]]
        names = ", ".join(f"*{base.name}" for base in chosen)
        chosen[0].images["image",].paths.append((*path, "image"))
        rest = [pair for pair in pairs if pair[0] != "image"]
        rest.insert(self.draw.number(0, len(rest)), ("<<", Raw(f"[{names}]" if form == "several" else names)))
        return rest

    def _list_after(self, node: List, column: int, path: Path, *, in_map: bool, tabs: bool) -> str:
        deeper = self.draw.form("sequence", "at the key's column", "deeper") == "deeper"
        inner = column + (self.draw.number(1, 4) if deeper or not in_map else 0)
        lines = [self._end(tabs=tabs)]
        for number, item in enumerate(node.items):
            comment = self._comment(inner)
            lines.append(
                f"{comment}{' ' * inner}-{self._after(item, inner, (*path, str(number)), in_map=False, tabs=False)}"
            )
        return "".join(lines)

    def _plain_after(self, value: Raw | str, path: Path, *, tabs: bool) -> str:
        if isinstance(value, Raw):
            return f" {value.text}{self._end(tabs=tabs or bool(value.text))}"
        if path[-1] == "value" and self._anchors and self.draw.chance(0.5):
            name, image = self.draw.random.choice(self._anchors)
            image.blocked = True
            self.draw.form("alias", "of an image as a text")
            return f" *{name}{self._end()}"
        if path[-2:-1] == ("labels",) and value.startswith("redis:"):
            name = self._name()
            self._labels.append((name, value))
            return f" &{name} {value}{self._end()}"
        return f" {scalars.text(self.draw, value)}{self._end()}"

    def _image_after(self, image: Image, column: int, path: Path, *, tabs: bool) -> str:
        if image.known and (alias := self._alias(path)):
            return f" *{alias}{self._end()}"
        name = self._name()
        form = self.draw.form("image", *scalars.BLOCK_FORMS)
        meant = self._meant(image, path)
        if "anchor" in form and image.known:
            self._anchors.append((name, meant))
        return scalars.image(form, image.reference, name, column, self.draw, self._end, tabs=tabs)

    def _alias(self, path: Path) -> str | None:
        """The name of an image that was anchored before, or of a label."""
        if self._labels and self.draw.chance(0.5):
            name, value = self._labels[-1]
            self._labels.pop()
            self.draw.form("alias", "of a label as an image")
            self.images.append(meant := Meant(value, path, [path], True))
            self._anchors.append((name, meant))
            return name
        if not self._anchors or not self.draw.chance(0.25):
            return None
        self.draw.form("alias", "of an image")
        name, meant = self.draw.random.choice(self._anchors)
        meant.paths.append(path)
        return name

    def _meant(self, image: Image, path: Path) -> Meant:
        meant = Meant(image.reference, path, [path] if image.known else [])
        self.images.append(meant)
        return meant

    # Flow style: each method gives a text without an end of line.

    def _flow(self, node: Node, column: int, path: Path, style: str) -> str:
        if isinstance(node, Map):
            parts = [self._flow_pair(key, value, column + 2, (*path, key), style) for key, value in node.pairs]
            return self._enclosed("{", parts, "}", column, style)
        if isinstance(node, List):
            parts = [self._flow(item, column + 2, (*path, str(at)), style) for at, item in enumerate(node.items)]
            return self._enclosed("[", parts, "]", column, style)
        return self._flow_image(node, path, style) if isinstance(node, Image) else self._flow_text(node, style)

    def _flow_image(self, node: Image, path: Path, style: str) -> str:
        self._meant(node, path)
        if style == "json":
            return scalars.json_text(node.reference, slash=self.draw.chance(0.2))
        return scalars.flow_image(self.draw, node.reference, self._name())

    def _flow_text(self, node: Raw | Text | str, style: str) -> str:
        if isinstance(node, Raw):
            return "7" if style == "json" else node.text
        if style == "json" or isinstance(node, Text):
            return scalars.json_text(node if isinstance(node, str) else "\n".join(node.lines))
        return scalars.text(self.draw, node, flow=True)

    def _flow_pair(self, key: str, value: Node, column: int, path: Path, style: str) -> str:
        written = scalars.json_text(key) if style == "json" else scalars.key(self.draw, key, flow=True)
        between = self.draw.one(":", ": ") if style == "json" else ": "
        mark = "? " if style != "json" and self.draw.chance(0.05) else ""
        return f"{mark}{written}{between}{self._flow(value, column, path, style)}"

    def _enclosed(self, begin: str, parts: list[str], end: str, column: int, style: str) -> str:
        if style == "lines" and parts:
            comma = self.draw.one(",\n", ", # c\n", "\t,\n")
            inner = f"{comma}{' ' * (column + 2)}".join(parts)
            last = self.draw.one("", ",")
            return f"{begin}{self.draw.one('', ' # {')}\n{' ' * (column + 2)}{inner}{last}\n{' ' * column}{end}"
        pad = self.draw.one("", " ") if parts else ""
        last = self.draw.one("", "", ",") if parts and style != "json" else ""
        comma = self.draw.one(", ", ",") if style == "json" else ", "
        return f"{begin}{pad}{comma.join(parts)}{last}{pad}{end}"
