"""./inv pin --check names the images that another push can change."""

from __future__ import annotations

from pathlib import Path

from tests.checkout import Checkout


def test_the_sample_has_one_tag_that_moves_and_no_error(checkout: Checkout) -> None:
    done = checkout.run("pin", "--check")
    assert done.code == 0
    assert "infra/k8s/citus-coordinator.yaml:" in done.out
    assert "the tag of citusdata/citus:13.0 moves" in done.out
    assert "redis" not in done.out


def test_latest_is_an_error_and_another_folder_can_be_named(checkout: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: redis:latest}]}\n"
    )
    done = checkout.run("pin", "--check", "--manifests", str(folder))
    assert (done.code, "redis:latest is latest" in done.out) == (1, True)
    assert "1 image, 1 that can change or cannot be read" in done.err


def test_without_check_it_says_what_there_is(checkout: Checkout) -> None:
    done = checkout.run("pin")
    assert (done.code, "./inv pin --check" in done.err) == (2, True)


def test_the_new_migrations_name_may_come_from_a_button(checkout: Checkout) -> None:
    done = checkout.run("new", env={"DEVKIT_NEW_MIGRATION": "bets get a channel; $(id)"})
    assert done.code == 0
    assert (checkout.migrations / "V19__bets_get_a_channel_id.sql").is_file(), done.out
