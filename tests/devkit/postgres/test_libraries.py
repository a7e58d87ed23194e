"""Libraries that the machine lacks: the real loader and the real server, linked to libraries that are nowhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.postgres import elf, libraries
from devkit.postgres.cache import Cache
from devkit.postgres.install import ADMIN, environment, installed
from devkit.process import run
from devkit.progress import silent
from tests.need import missing

ABSENT = {"libgssapi_krb5.so.2": "libgssapi_krb0.so.2", "libxml2.so.2": "libxml0.so.2"}


@pytest.fixture
def home(found: Cache) -> Iterator[Path]:
    """A copy of the installed server that is linked to libraries of which no machine has any."""
    if sys.platform != "linux":
        missing("stand-in libraries are for Linux: macOS has the real ones")
    folder = found.folder / "lacking"
    shutil.copytree(installed(found, silent) / "server", folder / "server", symlinks=True)
    for file in (folder / "server/bin/postgres", *(folder / "server/lib").glob("libpq.so*")):
        content = file.read_bytes()
        for name, absent in ABSENT.items():
            content = content.replace(name.encode(), absent.encode())
        if not file.is_symlink():
            file.write_bytes(content)
    yield folder
    shutil.rmtree(folder)


def test_without_kerberos_and_xml_the_server_works_and_refuses_xml_alone(
    home: Path, found: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "DISPENSABLE", {ABSENT[name]: of for name, of in libraries.DISPENSABLE.items()})
    user, env = found.server_user, environment()
    libraries.complete(home / "server", user, env)
    assert all((home / "server/lib" / name).is_file() for name in ABSENT.values())

    every = {**env, "LD_BIND_NOW": "1"}  # each function is looked for before the program starts
    assert run([home / "server/bin/postgres", "--version"], user=user, env=every, cwd=home).code == 0

    data = home / "data"
    data.mkdir()
    if user:
        shutil.chown(data, user.uid, user.gid)
    made = run([home / "server/bin/initdb", "-D", data, "-U", ADMIN, "--no-sync"], user=user, env=env, cwd=data)
    assert made.code == 0, made.output
    done = subprocess.run(
        [home / "server/bin/postgres", "--single", "-D", data, "template1"],
        input="SELECT '<a/>'::xml\nSELECT xmlelement(name a)\nSELECT digest\nSELECT 40 + 2 AS answer\n",
        env=env, user=user.uid if user else None, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr.count("ERROR:  could not set up XML error handler") == 2
    assert 'answer = "42"' in done.stdout
    assert done.returncode == 0


def test_what_it_cannot_do_without_is_named_with_how_to_get_it(home: Path, found: Cache) -> None:
    with pytest.raises(DevkitError, match=r"needs libgssapi_krb0\.so\.2, which this machine lacks") as raised:
        libraries.complete(home / "server", found.server_user, environment())
    assert "apt-file search libgssapi_krb0.so.2" in raised.value.cure


def test_what_a_program_wants_is_read_with_versions_and_kinds(home: Path) -> None:
    symbols = elf.wanted((home / "server/bin/postgres").read_bytes())
    assert {"xmlFree", "__xmlStructuredErrorContext", "gss_wrap", "malloc"} <= {each.name for each in symbols}
    assert {each.name for each in symbols if each.is_variable} >= {"xmlFree", "stdout"}
    assert next(each.version for each in symbols if each.name == "xmlFree") == "LIBXML2_2.4.30"
