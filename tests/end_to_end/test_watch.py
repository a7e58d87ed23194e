"""./inv watch: each kind of save is seen, saves during a run lead to one more, never two at once."""

from __future__ import annotations

import dataclasses
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.watch.loop import signature
from tests.checkout import Checkout


@dataclasses.dataclass
class Watching:
    """A running watch and the lines that end its runs."""

    process: subprocess.Popen[str]
    ends: queue.Queue[str]

    def next(self) -> str:
        """The verdict line of the next run; queue.Empty when none comes."""
        return self.ends.get(timeout=20)

    def quiet(self, seconds: float = 2.5) -> bool:
        """Whether no further run ends within a while."""
        time.sleep(seconds)
        return self.ends.empty()


@pytest.fixture
def watching(empty: Checkout) -> Iterator[Watching]:
    """A watch over one good migration, after its first run."""
    (empty.migrations / "V1__good.sql").write_text("CREATE TABLE good (id int PRIMARY KEY);\n")
    (empty.manifests / "a.yaml").write_text("kind: ConfigMap\n")
    process = subprocess.Popen(
        empty.argv("watch"), env=empty.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    ends: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(("✔", "✘")):
                ends.put(line)

    threading.Thread(target=read, daemon=True).start()
    watching = Watching(process, ends)
    assert watching.next().startswith("✔")
    yield watching
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stdout is not None
    process.stdout.close()
    assert empty.left_behind() == []


@pytest.mark.full
def test_every_kind_of_save_is_seen(watching: Watching, empty: Checkout, tmp_path: Path) -> None:
    second = empty.migrations / "V2__b.sql"
    second.write_text("SELEC 1;\n")
    assert watching.next().startswith("✘ 1 error")
    aside = empty.migrations / ".V2__b.sql.swp"  # an editor writes beside the file and renames over it
    aside.write_text("SELECT 1;\n")
    aside.replace(second)
    while not watching.next().startswith("✔ 0 errors, 0 warnings in 2 migrations"):
        pass
    (empty.manifests / "b.yaml").write_text("kind: Pod\nspec: {containers: [{image: redis}]}\n")
    assert watching.next().startswith("✘ 1 error")
    (empty.manifests / "b.yaml").unlink()
    assert watching.next().startswith("✔")
    empty.configure('tenant-column = "shop_id"')
    assert watching.next().startswith("✔")
    conflict = empty.root / "infra/migrations.sum"
    conflict.write_text("<<<<<<< HEAD\n")
    assert watching.next().startswith("✘ 1 error")
    conflict.unlink()
    assert watching.next().startswith("✔")
    kept = tmp_path / "kept"
    shutil.move(empty.migrations, kept)
    time.sleep(1.5)
    shutil.move(kept, empty.migrations)
    assert watching.next().startswith("✔")
    second.write_text("SELEC 2;\n")
    assert watching.next().startswith("✘")
    assert watching.quiet()


@pytest.mark.full
def test_saves_during_a_run_lead_to_one_more(watching: Watching, empty: Checkout) -> None:
    second = empty.migrations / "V2__b.sql"
    for number in range(4):
        second.write_text(f"SELECT pg_sleep(1), {number};\n")
        time.sleep(0.4)
    first, last = watching.next(), watching.next()
    assert first.startswith("✔")
    assert last.startswith("✔")
    assert watching.quiet()


def test_the_signature_changes_with_a_save_that_keeps_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "V1__a.sql"
    file.write_text("a")
    status = file.stat()
    before = signature(tmp_path, (tmp_path,))
    other = tmp_path.parent / f"{tmp_path.name}.other"
    other.write_text("b")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(file)
    assert signature(tmp_path, (tmp_path,)) != before
