"""Services are there for the blocks that ask for them, under the page's addresses; unused, they are faults."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.docs.page import read_page
from tests.docs.repository import make_original
from tests.docs.story import Outcome, run_page

ASK = """\
import sys, psycopg

with psycopg.connect(sys.argv[1]) as session:
    print(*session.execute("SELECT current_user").fetchone())
"""


def told(text: str, folder: Path, small: Path, server: Path) -> Outcome:
    return run_page(read_page("page.md", text), folder / "page", small, server, threading.Event())


@pytest.mark.full
def test_a_page_finds_its_database_by_address_and_by_service(folder: Path, small: Path, server: Path) -> None:
    (small / "ask.py").write_text(ASK)
    ask = ".venv/bin/python ask.py"
    text = (
        f"<!-- with: database -->\n```console\n$ {ask} postgresql://app@localhost:5432/app\napp\n```\n"
        f"```console\n$ {ask} service=dev\napp\n$ {ask} postgresql://postgres@localhost:5432/postgres\npostgres\n```\n"
    )
    outcome = told(text, folder, small, server)
    assert outcome.is_right, (outcome.faults, outcome.difference)


def test_a_database_that_nobody_asks_is_a_fault(folder: Path, small: Path, server: Path) -> None:
    outcome = told("<!-- with: database -->\n```sh\ntrue\n```\n", folder, small, server)
    assert outcome.faults == ("page.md: with: database: no block connects to it; take the mark away",)


@pytest.mark.full
def test_only_marked_blocks_see_the_cluster_and_have_to_ask_it(
    folder: Path, programs: dict[str, Path], server: Path
) -> None:
    assert programs
    text = (
        "<!-- on: new cluster -->\n<!-- exit: 1 -->\n```console\n$ ./inv status\n…\n"
        "  kind-dev at https://127.0.0.1:6443, namespace dev-infra\n…\n```\n"
        "```console\n$ echo ${KUBECONFIG-none}\nnone\n```\n"
        "<!-- on: cluster -->\n```sh\ntest -f $KUBECONFIG\n```\n"
    )
    outcome = told(text, folder, make_original(folder / "whole"), server)
    assert outcome.difference == ""
    assert outcome.faults == (
        "page.md:14: on: cluster: no command of this block asked the cluster for anything; take the mark away",
    )


@pytest.mark.full
def test_a_registry_has_the_images_of_the_sample_and_has_to_be_asked(folder: Path, server: Path) -> None:
    original = make_original(folder / "whole")
    pin = "<!-- with: registry -->\n<!-- types: n -->\n<!-- exit: 2 -->\n```sh\n./inv pin\n```\n"
    assert told(pin, folder, original, server).is_right
    (folder / "page").rename(folder / "before")
    unused = told("<!-- with: registry -->\n```sh\n./inv pin --check\n```\n", folder, original, server)
    assert unused.faults == ("page.md: with: registry: no block asks it for an image; take the mark away",)
