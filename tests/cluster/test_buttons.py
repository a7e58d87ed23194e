"""Buttons, really clicked through Tilt's API server, and verify that follows every save."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from devkit.cluster.tilt import find_tilt
from devkit.postgres.cache import Cache
from tests.cluster.living import Living, living
from tests.cluster.page import Page
from tests.cluster.stack import Stack

BAD = """CREATE TABLE notes (id bigint PRIMARY KEY, tenant_id bigint NOT NULL);
SELECT create_distributed_table('notes', 'tenant_id');
"""


@pytest.fixture
def alive(stack: Stack, found: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """The sample up under Tilt, which migrates and verifies by itself."""
    stack.settle(forwards=False)
    with living(stack, found, tmp_path_factory.mktemp("services")) as alive:
        up = stack.up()
        assert up.code == 0, up.err
        yield alive


def state(page: Page, name: str) -> str:
    return str(page.resource(name).get("updateStatus", ""))


@pytest.mark.full
def test_tilt_follows_every_save_verify_turns_red_and_a_changed_config_map_restarts_its_pod(alive: Living) -> None:
    page = Page(alive.stack)
    page.until(lambda: state(page, "verify") == "ok", 90)
    file = alive.stack.checkout.migrations / "V19__notes.sql"
    file.write_text(BAD)
    page.until(lambda: state(page, "verify") == "error")
    history = page.resource("verify")["buildHistory"]
    assert "exit status 1" in history[0]["error"]
    running = find_tilt(alive.stack.port, {**os.environ, **alive.stack.environment()})
    assert running is not None
    assert {each.name for each in running.resources if each.is_command} == {"migrate", "verify"}
    file.unlink()
    page.until(lambda: state(page, "verify") == "ok")

    def pods() -> dict[str, str]:
        found = alive.stack.get("/api/v1/…/pods")["items"]
        return {each["metadata"]["name"]: each["metadata"]["uid"] for each in found}

    before = pods()
    alive.stack.replace("loki", "retention_period: 168h", "retention_period: 24h")
    page.until(lambda: pods().get("loki-0") not in {None, before["loki-0"]})
    assert {name: uid for name, uid in pods().items() if name != "loki-0"} == {
        name: uid for name, uid in before.items() if name != "loki-0"
    }


@pytest.mark.full
def test_the_buttons_do_what_they_say(alive: Living) -> None:
    page = Page(alive.stack)
    page.until(lambda: state(page, "verify") == "ok", 90)
    buttons = page.buttons()
    assert buttons["reset"]["requiresConfirmation"] is True
    assert buttons["reset"]["location"] == {"componentID": "nav", "componentType": "Global"}
    for name in ("verify-now", "pin-check", "seed"):
        assert page.ended(name, page.click(name)) == 0, alive.buttons_said()
    with alive.database() as admin:
        assert admin.execute("SELECT count(*) FROM public.tenants").fetchall() == [(2,)]
    before = {each.name for each in alive.stack.checkout.migrations.iterdir()}
    word = "$(touch hacked); 'bets'"
    assert page.ended("new-migration", page.click("new-migration", DEVKIT_NEW_MIGRATION=word)) == 0, (
        alive.buttons_said()
    )
    (new,) = {each.name for each in alive.stack.checkout.migrations.iterdir()} - before
    assert new.startswith("V19__")
    assert not (alive.stack.checkout.root / "hacked").exists()


@pytest.mark.full
@pytest.mark.parametrize("clicks", [1, 2])
def test_reset_by_its_button(alive: Living, clicks: int) -> None:
    """A second click ends the first reset in the middle and begins anew; whatever it leaves, a third one completes."""
    stack, page = alive.stack, Page(alive.stack)
    page.until(lambda: state(page, "migrate") == "ok", 90)
    before, tilts = alive.identifier(), alive.tilts()
    since = page.click("reset")
    for _ in range(clicks - 1):
        time.sleep(4)
        since = page.click("reset")
    code = page.ended("reset", since)
    if clicks > 1:
        code = page.ended("reset", page.click("reset"))
    assert code == 0, alive.buttons_said()
    assert alive.tilts() == tilts, "the Tilt that has the button stays"
    assert alive.identifier() != before
    verified = stack.run("verify", "--engine", "cluster", "--format", "json")
    assert verified.code == 0, verified.out
