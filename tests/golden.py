"""Writes anew what is generated and committed: `./.venv/bin/python -m tests.golden`, then read the difference."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from devkit.config import load_project
from devkit.files import write_atomically
from devkit.progress import silent
from devkit.report import json_schema, to_text
from devkit.tasks import line_reader
from devkit.verify.inputs import Request
from devkit.verify.verify import verify
from tests.checkout import ROOT, make_checkout

PICTURE = ROOT / "docs/verify.svg"
SCHEMA = ROOT / "docs/reference/report.schema.json"

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
            text.append(piece, style=style or "not bold")
    console = Console(record=True, width=110, file=Path(os.devnull).open("w"), highlight=False)  # noqa: SIM115 - ends with us
    console.print(text, end="")
    svg = console.export_svg(title="./inv verify")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # a picture fetches nothing
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    write_atomically(SCHEMA, json_schema())
    write_atomically(PICTURE, picture().encode())
