"""The first run: what it does, in which order, and what it says."""

from __future__ import annotations

import pytest

from tests.launcher.clone import Clone


def test_with_uv_on_path_uv_makes_the_environment(with_uv: Clone) -> None:
    with_uv.run()
    assert with_uv.calls() == ["uv_venv", "sync", "postgres"]


def test_without_uv_pip_installs_the_locked_uv_which_does_the_rest(with_python: Clone) -> None:
    with_python.run()
    assert with_python.calls() == ["venv", "pip", "bootstrap", "sync", "postgres"]


def test_pip_is_asked_for_uv_alone_with_its_hashes(with_python: Clone) -> None:
    with_python.run()
    asked = (with_python.fake / "asked").read_text()
    assert asked == "uv==0.13 \\\n    --hash=sha256:22 \\\n    --hash=sha256:33\n"


@pytest.mark.parametrize("call", ["uv_venv", "sync"])
def test_a_uv_that_is_too_old_or_broken_is_passed_over(with_uv: Clone, call: str) -> None:
    with_uv.offer("python3")
    said = "error: unexpected argument '--allow-existing' found"
    text = (with_uv.path / "uv").read_text()
    (with_uv.path / "uv").write_text(text.replace(f"act {call}", f'echo "{said}" >&2; exit 2'))
    result = with_uv.run()
    assert result.code == 0
    assert f"{said}\ninv: the uv on PATH cannot do it: trying with Python and pip\n" in result.err


def test_it_says_what_it_does(with_uv: Clone) -> None:
    assert with_uv.run().err == (
        f"inv: making the Python environment that devkit runs in: {with_uv.venv}\n"
        "  It holds the very packages of requirements.lock, whatever else is on this machine: about 230 MB,\n"
        "  a few seconds with uv, up to half a minute without. This needs the network once; later runs start at once.\n"
        "inv: ready\n"
    )


def test_stdout_belongs_to_the_program(with_python: Clone) -> None:
    assert with_python.run("--list").out.splitlines()[-1] == "<--list>"


def test_another_python_in_the_environment_is_kept_out(with_uv: Clone) -> None:
    result = with_uv.run(PYTHONHOME="/elsewhere", PYTHONPATH="/elsewhere", VIRTUAL_ENV="/elsewhere")
    assert result.out.splitlines()[1:3] == ["path unset", "home unset"]


def test_the_index_that_pip_uses_is_uvs_too(with_uv: Clone) -> None:
    with_uv.run(PIP_INDEX_URL="https://mirror.invalid/simple")
    assert (with_uv.fake / "index").read_text() == "https://mirror.invalid/simple\n"


@pytest.mark.parametrize(("home", "no_cache"), [("", "unset"), ("/dev/null", "1")])
def test_without_a_home_uv_keeps_no_cache(with_uv: Clone, home: str, no_cache: str) -> None:
    with_uv.run(HOME=home or str(with_uv.place))
    assert (with_uv.fake / "no-cache").read_text() == f"{no_cache}\n"


def test_devkit_venv_names_another_place(with_uv: Clone) -> None:
    place = with_uv.place / "my venv"
    with_uv.run(DEVKIT_VENV=str(place))
    assert (place / "bin/python").exists()
    assert not with_uv.venv.exists()


def test_a_relative_devkit_venv_is_below_the_current_folder(with_uv: Clone) -> None:
    with_uv.run(DEVKIT_VENV="here", cwd=with_uv.fake)
    assert (with_uv.fake / "here/bin/python").exists()


def test_a_folder_that_is_not_ours_is_not_emptied(with_uv: Clone) -> None:
    theirs = with_uv.fake / "python3"
    result = with_uv.run(DEVKIT_VENV=str(with_uv.fake))
    assert result.code == 2
    assert result.err == (
        f"inv: {with_uv.fake} is not empty, and no environment of ours\n  name a new folder: DEVKIT_VENV=DIR ./inv …\n"
    )
    assert theirs.exists()


def test_nothing_is_left_beside_the_environment(with_uv: Clone) -> None:
    before = {*with_uv.root.iterdir()}
    with_uv.run()
    assert {*with_uv.root.iterdir()} - before == {with_uv.venv}
    assert not [*with_uv.venv.glob(".devkit.*")]
