"""The same input gives the same bytes: run after run, in every locale, in whatever order the folder lists its files."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from devkit.report import FORMATS
from tests.checkout import Checkout, make_checkout
from tests.need import missing

LOCALES = ("C", "C.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8")
FILES = {
    "V1__citus.sql": "CREATE EXTENSION citus;\n",
    "V2__INDEX_ı.sql": 'CREATE TABLE "Iıİi" (tenant_id bigint, id int, PRIMARY KEY (tenant_id, id));\n',
    "V3__bets.sql": "CREATE TABLE bets (id uuid, tenant_id bigint, PRIMARY KEY (id) INCLUDE (tenant_id));\n"
    "SELECT create_distributed_table('bets', 'tenant_id');\n",
    "V5__later.sql": 'LISTEN "ışık";\n-- devkit: ignore reaches-outside -- the dashboard listens, too\nNOTIFY a;\n',
    "V5__later.sql.old": "",
    "V10__stop.sql": "CREATE UNIQUE INDEX bets_id ON bets (id);\n",
    "v11__I.sql": "",
    "ZZZ.txt": "",
    "äöü.txt": "",
    "İ.txt": "",
}
MANIFEST = "kind: Pod\nspec:\n  containers:\n  - image: redis\n  - image: citusdata/citus:12.1.6\n"


def fill(checkout: Checkout, order: list[str]) -> None:
    checkout.clear()
    for name in order:
        (checkout.migrations / name).write_text(FILES[name])
    for name in ("b.yaml", "a.yaml"):
        (checkout.manifests / name).write_text(MANIFEST)


def installed(locale: str) -> bool:
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.lower()
    return locale.lower().replace("utf-8", "utf8") in listed.split() or locale == "C"


@pytest.mark.full
@pytest.mark.parametrize("form", FORMATS)
def test_reports_are_equal_byte_for_byte(form: str, checkout: Checkout) -> None:
    fill(checkout, sorted(FILES))
    reports: set[str] = set()
    for locale in LOCALES:
        if not installed(locale):
            missing(f"the locale {locale} is not installed here (Debian: apt-get install locales-all)")
        env = {"LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": str(len(reports) + 1), "TZ": "Asia/Tokyo"}
        for words in (("--no-cache",), ()):
            result = checkout.run("verify", "--format", form, *words, env=env)
            assert result.code == 1, result
            reports.add(result.out)
    assert len(reports) == 1
    assert "tenant-in-primary-key" in reports.pop()


@pytest.mark.full
def test_the_order_of_the_folder_changes_nothing(cache: Path) -> None:
    reports: set[str] = set()
    listings: set[tuple[str, ...]] = set()
    if not os.access("/dev/shm", os.W_OK):
        missing("there is no /dev/shm, where the newest file is listed first")
    for seed in range(3):
        order = sorted(FILES)
        random.Random(seed).shuffle(order)
        root = Path("/dev/shm") / f"devkit-order-{os.getpid()}"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        try:
            shuffled = make_checkout(root, cache)
            fill(shuffled, order)
            listings.add(tuple(path.name for path in shuffled.migrations.iterdir()))
            reports.add(shuffled.verify("--no-cache").out)
        finally:
            shutil.rmtree(root)
    assert len(reports) == 1
    assert len(listings) == 3
