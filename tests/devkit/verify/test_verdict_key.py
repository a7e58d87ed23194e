"""A cached verdict is never stale: one changed byte changes the key, or is proven to be in no verdict."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.config import Project, Settings
from devkit.images.folder import Manifest
from devkit.migrations.fileset import MIGRATION, order
from devkit.migrations.folder import Entry, Trouble
from devkit.verify import inputs as module
from devkit.verify.inputs import Inputs, Request, verdict_key

NAMES = st.sampled_from(["V1__a.sql", "V2__b.sql", "V2__b.sql.old", "README.md", "v3__c.sql"])
ENTRIES = st.dictionaries(NAMES, st.binary(max_size=12), min_size=1).map(
    lambda files: tuple(Entry(name, data, size=len(data)) for name, data in sorted(files.items()))
)
MANIFESTS = st.dictionaries(st.sampled_from(["a.yaml", "b.yaml"]), st.one_of(st.none(), st.binary(max_size=12))).map(
    lambda files: tuple(Manifest(name, data) for name, data in sorted(files.items()))
)


def key(inputs: Inputs, source: bytes = b"[tool.devkit]", version: str = "17.11") -> str:
    project = Project(Path("/r"), Settings(), source)
    return verdict_key(Request(project, Path("/r/m"), Path("/r/k")), inputs, version)


@pytest.mark.full
@given(ENTRIES, MANIFESTS, st.data())
def test_a_changed_byte_changes_the_key_or_is_of_a_file_that_is_never_applied(
    entries: tuple[Entry, ...], manifests: tuple[Manifest, ...], data: st.DataObject
) -> None:
    before = Inputs(entries, "m", manifests)
    chosen = data.draw(st.integers(0, len(entries) - 1))
    changed = data.draw(st.binary(max_size=12).filter(lambda each: each != entries[chosen].data))
    entry = dataclasses.replace(entries[chosen], data=changed, size=len(changed))
    after = dataclasses.replace(before, entries=(*entries[:chosen], entry, *entries[chosen + 1 :]))
    if MIGRATION.fullmatch(entry.name):
        assert key(before) != key(after)
    else:
        assert order(before.entries, "m") == order(after.entries, "m")  # irrelevant: nothing of it is judged


@pytest.mark.full
@given(ENTRIES, MANIFESTS, st.data())
def test_a_changed_manifest_changes_the_key(
    entries: tuple[Entry, ...], manifests: tuple[Manifest, ...], data: st.DataObject
) -> None:
    other = data.draw(MANIFESTS.filter(lambda each: each != manifests))
    assert key(Inputs(entries, "m", manifests)) != key(Inputs(entries, "m", other))


@pytest.mark.full
@given(ENTRIES, ENTRIES)
def test_two_file_sets_never_share_a_key_unless_they_are_judged_alike(
    one: tuple[Entry, ...], other: tuple[Entry, ...]
) -> None:
    if key(Inputs(one, "m", ())) == key(Inputs(other, "m", ())):
        assert order(one, "m") == order(other, "m")


def test_trouble_settings_versions_and_shown_names_are_in_the_key() -> None:
    base = Inputs((Entry("V1__a.sql", b"x", size=1),), "m", (Manifest("a.yaml", b""),))
    keys = [
        key(base),
        key(base, source=b"[tool.devkit] "),
        key(base, version="17.12"),
        key(dataclasses.replace(base, migrations_shown="n")),
        key(dataclasses.replace(base, entries=(Entry("V1__a.sql", trouble=Trouble.UNREADABLE),))),
        key(dataclasses.replace(base, entries=(Entry("V1__a.sql", trouble=Trouble.BROKEN),))),
        key(dataclasses.replace(base, manifests=(Manifest("a.yaml", None),))),
        key(dataclasses.replace(base, manifests=())),
        key(dataclasses.replace(base, kind=b"")),
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("file", ["devkit/postgres/standin/x.sql", "devkit/rules/x.py", "requirements.lock"])
def test_our_own_code_the_stand_in_and_the_locks_are_in_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "devkit").mkdir(exist_ok=True)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "devkit")
    monkeypatch.setattr(module, "REQUIREMENTS", tmp_path / "requirements.lock")
    base = Inputs((), "m", ())
    path.write_bytes(b"one")
    before = key(base)
    path.write_bytes(b"two")
    assert key(base) != before
