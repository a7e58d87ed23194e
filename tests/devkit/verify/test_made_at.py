"""What a lock does not have as the migrations make it is named with the file and line that made it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from devkit.config import load_project
from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.progress import silent
from devkit.schema.snapshot import Snapshot, differences
from devkit.schema.text import from_text, to_text
from devkit.verify.inputs import Request
from devkit.verify.made_at import Spoken
from devkit.verify.reading import read_scripts
from devkit.verify.verify import verify
from tests.checkout import Checkout
from tests.devkit.schema.changes import BASE, CHANGES, Change
from tests.everyday import first

# The role that runs migrations may give nothing away to another role.
NOT_ASKED = {"ALTER TABLE app.plain OWNER TO reader", "ALTER SCHEMA app OWNER TO reader"}
ASKED = [change for change in CHANGES if change.statement not in NOT_ASKED]


@pytest.mark.parametrize("change", first(5, ASKED), ids=lambda change: change.statement)
def test_a_change_of_any_kind_is_found_in_the_lock_with_its_place(empty: Checkout, change: Change) -> None:
    lines = {
        "infra/migrations/V1__base.sql": BASE,
        "infra/migrations/V2__change.sql": f"SELECT 1;\n{change.statement};\n",
    }
    empty.clear()
    (empty.migrations / "V1__base.sql").write_text(BASE)
    lock = to_text(_schema(empty.root))
    (empty.migrations / "V2__change.sql").write_text(lines["infra/migrations/V2__change.sql"])
    schema = _schema(empty.root)
    assert to_text(schema) != lock
    left_at = Spoken(read_scripts(order(read_folder(empty.migrations), "infra/migrations")).runnable).place
    differing = differences(schema, from_text(lock, "lock"), left_at)
    (found,) = (each for each in differing if each.object == change.names)
    assert found.place is not None
    line = lines[found.place.file].splitlines()[found.place.line - 1]
    name = re.split(r"[.\s]", re.sub(r"\(.*| to .*", "", change.names))[-1]
    assert name in line or change.statement in line, (change, line)
    if re.match("grant|comment|default grant", change.names) or change.statement.startswith("DROP"):
        assert change.statement in line or "CASCADE" in change.statement, line


def _schema(root: Path) -> Snapshot:
    folder = root / "infra"
    schema = verify(Request(load_project(root), folder / "migrations", folder / "k8s"), dict(os.environ), silent).schema
    assert schema is not None
    return schema
