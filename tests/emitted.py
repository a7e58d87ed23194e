"""The rule ids that devkit's code can put into a finding, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "devkit"
_MAKERS = frozenset({"Finding", "_error"})


def emitted_rules() -> set[str]:
    """The first argument of every call that makes a finding; a name other than RULE.id or rule fails."""
    found: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        found.update(_in_file(path))
    return found


def _in_file(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS):
            continue
        first = node.args[0]
        assert not any(isinstance(each, ast.Constant) and each.value == "" for each in node.args), (
            f"{path}:{node.lineno}"
        )
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value
        elif ast.unparse(first) == "RULE.id":
            yield path.stem.replace("_", "-")
        else:
            # _error(rule, …) hands its own argument on
            assert ast.unparse(first) == "rule", f"{path}:{node.lineno}: a rule id that is computed"
