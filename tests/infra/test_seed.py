"""The developers' data fits the migrations, and can be loaded twice."""

from __future__ import annotations

from devkit.migrations.fileset import order
from devkit.migrations.folder import read_folder
from devkit.postgres.cache import Cache
from devkit.postgres.replay import Replay
from devkit.postgres.scratch import embedded_scratch
from devkit.progress import silent
from devkit.verify.reading import read_scripts
from tests.checkout import ROOT


def test_the_seed_loads_twice_and_counts_once(found: Cache) -> None:
    scripts = read_scripts(order(read_folder(ROOT / "infra/migrations"), "infra/migrations"))
    assert scripts.findings == ()
    with embedded_scratch(found, database="app", owner="app", progress=silent) as scratch:
        assert Replay(scratch, 60, silent).run(scripts.runnable) is None
        for _ in range(2):
            for path in sorted((ROOT / "infra/seed").glob("*.sql")):
                scratch.owner.execute(path.read_bytes())
        assert scratch.owner.execute("SELECT count(*) FROM open_bets").fetchone() == (1,)
        assert scratch.owner.execute("SELECT count(*) FROM users").fetchone() == (3,)
