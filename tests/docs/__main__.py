"""`python -m tests.docs [PAGE…]` runs pages and shows where they are wrong; `--write` mends what they show.

`--quick` is what ./inv check runs: the pages that need no cluster, no registry and no minutes, up to the last output
that they show, and of those the ones that something has changed for since they were right.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest

from devkit.console import progress, say
from devkit.files import write_atomically
from devkit.postgres.cache import find_cache
from devkit.postgres.install import installed
from devkit.progress import Progress, silent
from tests.checkout import ROOT
from tests.docs.embedded import beside
from tests.docs.marks import FORMAT
from tests.docs.page import Page
from tests.docs.pages import count, page_files, read_pages
from tests.docs.remembered import Remembered
from tests.docs.repository import make_original, workshop
from tests.docs.story import Outcome, run_page


def main() -> int:
    """Run the pages that the command line names; 0 when all are right, 1 when one is not, 2 when one is not read."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.docs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"Marks are HTML comments on the lines right above a block of sh or console:\n{FORMAT}",
    )  # fmt: skip
    parser.add_argument("pages", metavar="PAGE", nargs="*", help="a page's file; none: all of them")
    parser.add_argument("--write", action="store_true", help="write into the pages what their commands said")
    parser.add_argument("--quick", action="store_true", help="only what ./inv check runs")
    chosen = parser.parse_args()
    try:
        names = [Path(word).resolve().relative_to(ROOT).as_posix() for word in chosen.pages] or page_files()
        pages, errors = read_pages(names)
    except (ValueError, OSError) as refused:  # elsewhere, or not there
        parser.error(str(refused))
    if errors:
        say("\n".join(errors))
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # with all that has to be cleaned up
    os.umask(0o022)  # as root, the embedded server runs as another user and must read what is made here
    began = time.monotonic()
    wanted = [page.checked for page in pages if page.checked.is_quick] if chosen.quick else pages
    wanted = [page for page in wanted if page.runs_here]
    with progress(wanted=True) as tell, workshop() as folder:
        wrong = _run(wanted, folder, tell, write=chosen.write, remembers=chosen.quick)
    if not wrong:
        few = len(wanted) == 1
        what = f"{len(wanted)} {'page is as it says' if few else 'pages are as they say'}"
        say(f"docs: {what} ({time.monotonic() - began:.1f} s)" + ("" if chosen.pages else f"; {count(pages)}"))
    return 1 if wrong else 0


def _run(pages: Sequence[Page], folder: Path, tell: Progress, *, write: bool, remembers: bool) -> int:
    """Run pages side by side, say what is wrong with each, and return how many are."""
    cache = find_cache(os.environ)
    server, original = beside(installed(cache, silent), folder), make_original(folder / "original")
    remembered = Remembered(cache.folder / "pages", original)
    pages = [page for page in pages if not (remembers and remembered.has(page))]
    wrong = 0
    called_off = threading.Event()
    with ThreadPoolExecutor(os.cpu_count() or 2) as workers:
        stories = [
            workers.submit(run_page, page, folder / f"page-{number}", original, server, called_off)
            for number, page in enumerate(pages)
        ]
        try:
            for number, story in enumerate(as_completed(stories), 1):
                try:
                    outcome = story.result()
                except (pytest.skip.Exception, pytest.fail.Exception) as missing:  # tests/need.py
                    say(f"{pages[stories.index(story)].name}: {missing}")
                    wrong += 1
                    continue
                tell(f"docs: {number} of {len(stories)} pages, {outcome.page.name}")
                if outcome.is_right:
                    remembered.add(outcome.page)
                else:
                    wrong += not _mended(outcome, write=write)
        except BaseException:
            called_off.set()
            workers.shutdown(cancel_futures=True)
            raise
    return wrong


def _mended(outcome: Outcome, *, write: bool) -> bool:
    """Say what is wrong with a page, and write it anew where that is wanted and mends it."""
    name, text = outcome.page.name, outcome.text
    is_mended = write and not outcome.faults
    if is_mended:
        write_atomically(ROOT / name, text.encode())
    if outcome.difference:
        say(outcome.difference.rstrip("\n"))
        for line in outcome.drifted:
            say(f"{name}:{line}: {'written anew' if is_mended else 'shows what is not so'}")
        if not is_mended:
            say(f"  → read it, then .venv/bin/python -m tests.docs --write {name}")
    for fault in outcome.faults:
        say(fault)
    return is_mended


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
