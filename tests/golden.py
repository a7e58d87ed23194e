"""Writes anew what is generated and committed: `./.venv/bin/python -m tests.golden`, then read the difference."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from devkit.config import load_project
from devkit.files import write_atomically
from devkit.progress import silent
from devkit.report.text import to_text
from devkit.rules.rule import Rule
from devkit.rules.rules import EVERY_RULE
from devkit.schema.diagram import to_mermaid
from devkit.tasks.options import line_reader
from devkit.verify.inputs import Request
from devkit.verify.verify import verify
from tests.checkout import ROOT, make_checkout
from tests.devkit.compare.reports import golden_text
from tests.devkit.doctor.machines import write_doctor
from tests.examples import judge_example, shown
from tests.reference.generated import write as write_reference

PICTURE = ROOT / "docs/verify.svg"
CONFORMANCE = ROOT / "docs/conformance.md"
_IDENTITY = re.compile(r"(?<=^  identity )[0-9a-f]{12}")
_DRAWN = re.compile(r"(?<=^```mermaid\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
EXAMPLES = ROOT / "tests/data/golden/rules"
COMPARED = ROOT / "tests/data/golden/compare.txt"

_BAD = """\
-- Notes that support keeps on a player.
CREATE TABLE player_notes (
    id uuid PRIMARY KEY,
    tenant_id bigint NOT NULL,
    note text NOT NULL
);
SELECT create_distributed_table('player_notes', 'tenant_id');
"""


def picture() -> str:
    """An SVG of what verify says of the sample with one bad migration and a stray beside it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        checkout = make_checkout(root, root / "cache")
        (checkout.migrations / "V19__player_notes.sql").write_text(_BAD)
        (checkout.migrations / "V2__reference_data.sql.old").write_text("CREATE TABEL old (;\n")
        project = load_project(root)
        verdict = verify(Request(project, checkout.migrations, checkout.manifests), dict(os.environ), silent)
        text = Text("$ ./inv verify\n", style="bold")
        for piece, style in to_text(verdict, line_reader(project)):
            shown = _IDENTITY.sub("1dea11ced5ac", piece)  # the real one changes with each file of devkit's
            text.append(shown, style=style or "not bold")
    console = Console(record=True, width=110, file=Path(os.devnull).open("w"), highlight=False)  # noqa: SIM115 - ends with us
    console.print(text, end="")
    svg = console.export_svg(title="./inv verify")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a picture fetches nothing
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def drawn(text: str) -> str:
    """The text of a document with the sample's diagram in it as it is now."""
    request = Request(load_project(ROOT), ROOT / "infra/migrations", ROOT / "infra/k8s")
    schema = verify(request, dict(os.environ), silent).schema
    if schema is None:
        sys.exit("the sample has no schema: ./inv verify")
    return _DRAWN.sub(lambda _: to_mermaid(schema), text)


def golden_file(rule: Rule, number: int) -> Path:
    """Where the text lies that verify gives for a rule's bad example, counted from 0."""
    return EXAMPLES / f"{rule.id}-{number + 1}.txt"


def write_examples() -> None:
    """What verify says of each bad example; the texts of examples that are gone go."""
    for old in EXAMPLES.glob("*.txt"):
        old.unlink()
    for rule in EVERY_RULE:
        for number, text in enumerate(rule.bad):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                verdict = judge_example(rule, text, root, dict(os.environ))
                write_atomically(golden_file(rule, number), shown(verdict, root).encode())


if __name__ == "__main__":
    write_reference()
    write_doctor()
    write_examples()
    write_atomically(COMPARED, golden_text().encode())
    write_atomically(PICTURE, picture().encode())
    write_atomically(CONFORMANCE, drawn(CONFORMANCE.read_text("utf-8")).encode())
