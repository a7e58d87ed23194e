"""What is in the stack's identity, and that it does not depend on what is not."""

from __future__ import annotations

import dataclasses
import random
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.config import load_project
from devkit.images.running import Likeness, Running
from devkit.progress import silent
from devkit.verify.identify import of_cluster
from devkit.verify.identity import Child, Cluster, Identity
from devkit.verify.inputs import Request
from devkit.verify.node_images import node_images
from devkit.verify.verify import verify
from tests.devkit.compare.reports import REPORTS, THERE_STACK
from tests.devkit.report.verdict import VERDICT
from tests.examples import Project

LOCK = """version = 1
[[image]]
name = "docker.io/library/redis:8.2.2"
digest = "sha256:{a}"
media-type = "application/vnd.oci.image.index.v1+json"
[image.platforms."linux/amd64"]
manifest = "sha256:{b}"
config = "sha256:{c}"
size = 1
[image.platforms."linux/arm64/v8"]
manifest = "sha256:{d}"
config = "sha256:{e}"
size = 1
""".format(**{sign: sign * 64 for sign in "abcde"})
SQL = "CREATE EXTENSION citus;\nCREATE TABLE bets (tenant_id bigint, id bigint, PRIMARY KEY (tenant_id, id));\n"


def pod(*images: str) -> str:
    return "kind: Pod\nspec:\n  containers:\n" + "".join(f"  - image: {each}\n" for each in images)


def test_the_images_are_what_the_manifests_name_with_the_platforms_of_the_lock(project: Project) -> None:
    pinned = f"redis:8.2.2@sha256:{'a' * 64}"
    (project.manifests / "a.yaml").write_text(pod("grafana/loki:3.5.7", pinned, "docker.io/redis:8.2.2", "{{ x }}"))
    (project.root / "infra/images.lock").write_text(LOCK)
    images = project.judge("SELECT 1;").identity.images
    assert list(images) == []  # a template is refused whole
    (project.manifests / "a.yaml").write_text(pod("grafana/loki:3.5.7", pinned, f"redis@sha256:{'f' * 64}"))
    images = project.judge("SELECT 1;").identity.images
    assert {name: each.digest[:8] for name, each in images.items()} == {
        "docker.io/grafana/loki:3.5.7": "",
        "docker.io/library/redis:8.2.2": "sha256:a",
        "docker.io/library/redis": "sha256:f",
    }
    redis = images["docker.io/library/redis:8.2.2"].platforms
    assert redis["linux/arm64/v8"] == Child(f"sha256:{'d' * 64}", f"sha256:{'e' * 64}")
    assert images["docker.io/library/redis"].platforms == {}


def test_one_tag_with_two_digests_is_two_images(project: Project) -> None:
    (project.manifests / "a.yaml").write_text(pod(f"redis:8.2.2@sha256:{'a' * 64}", "redis:8.2.2"))
    found = project.judge("SELECT 1;").identity.images
    assert sorted(each.digest[:8] for each in found.values()) == ["", "sha256:a"]
    assert set(found) == {"docker.io/library/redis:8.2.2", f"docker.io/library/redis:8.2.2@sha256:{'a' * 64}"}


def test_schema_settings_versions_and_migrations_of_a_replay(project: Project) -> None:
    found = project.judge(SQL).identity
    assert (found.engine, found.citus, found.cluster) == ("embedded", "13.0 (stand-in)", None)
    assert found.schema is not None
    assert "column public.bets.tenant_id" in found.schema.objects
    expected = {"TimeZone": "UTC", "encoding": "UTF8", "locale": "C.UTF-8", "locale provider": "b"}
    assert {name: found.settings.get(name) for name in expected} == expected
    assert found.versions.keys() == {"devkit", "devkit's files", "stand-in of citus", "pglast", "PyYAML"}
    assert list(found.migrations) == ["V1__example.sql"]
    stopped = project.judge(SQL, "SELEC 1;\n").identity
    assert (stopped.schema, len(stopped.migrations)) == (None, 2)


def test_it_is_the_same_from_the_cache_and_without_it_and_whatever_the_text_of_a_session(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = project.judge(SQL, "SET timezone TO 'Asia/Tokyo';\nSET citus.shard_count TO 8;\n")
    again = project.verify()
    assert (again.cached, again.identity) == (True, first.identity)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    request = dataclasses.replace(
        Request(load_project(project.root), project.migrations, project.manifests), use_cache=False
    )
    anew = verify(request, project.env, silent)
    assert (anew.cached, anew.identity.digest) == (False, first.identity.digest)
    assert anew.identity.settings["TimeZone"] == "UTC"


def test_kinds_configuration_is_in_it_and_a_cached_verdict_is_not_asked_for_another(project: Project) -> None:
    assert project.judge(SQL).identity.node_images == ()
    (project.root / "infra/kind.yaml").write_text("nodes: [{role: control-plane, image: 'kindest/node:v1'}]\n")
    found = project.verify()
    assert (found.cached, found.identity.node_images) == (False, ("kindest/node:v1",))


@pytest.mark.parametrize(
    ("text", "images"),
    [
        (None, ()),
        (b"", ("",)),
        (b"kind: Cluster\n", ("",)),
        (b"nodes:\n- role: worker\n  image: b\n- image: a\r\n- image: b\n", ("a", "b")),
        (b"nodes: [{role: worker}, {image: a}, 7]", ("", "a")),
        (b"nodes: {", ("kind.yaml cannot be read",)),
        (b"\xff\xfe\x00", ("kind.yaml cannot be read",)),
        (b"nodes: " + b"[" * 50_000, ("kind.yaml cannot be read",)),
    ],
)
def test_the_images_of_kinds_nodes(text: bytes | None, images: tuple[str, ...]) -> None:
    assert node_images(text) == images


def test_a_cluster_adds_its_versions_and_what_runs_otherwise() -> None:
    def ran(verdict: Likeness, *, is_leaving: bool = False) -> Running:
        return Running("p", "c", "container", "i", "", verdict, is_leaving=is_leaving)

    running = [ran(each) for each in Likeness] + [ran(Likeness.DIFFERENT), ran(Likeness.DIFFERENT, is_leaving=True)]
    found = of_cluster(VERDICT, "v1.34.0", ("v1.34.1", "v1.34.0", "v1.34.1"), running)
    unlike = {"different": 2, "other-arch": 1, "not-pinned": 1, "extra-container": 1}
    assert found.cluster == Cluster("v1.34.0", ("v1.34.0", "v1.34.1"), unlike)
    up, half = (of_cluster(VERDICT, "v1", (), [ran(each)]) for each in (Likeness.MATCH, Likeness.UNKNOWN))
    assert up.digest == half.digest  # a stack that is still coming up is the same one


@pytest.mark.full
@given(REPORTS.map(lambda each: each.stack), st.randoms(use_true_random=False))
def test_the_digest_depends_on_no_order_of_tables(stack: Identity, order: random.Random) -> None:
    tables = {name: getattr(stack, name) for name in ("images", "settings", "versions", "migrations")}
    shuffled = {name: dict(order.sample(list(each.items()), len(each))) for name, each in tables.items()}
    assert msgspec.structs.replace(stack, **shuffled).digest == stack.digest


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", THERE_STACK.digest)
    assert (
        THERE_STACK.digest == "e221be5b345b69565a4599fc7092323a52cb32fef56d96c283dbf35c91984b32"
    )  # a devkit that digests otherwise has to count its version up
