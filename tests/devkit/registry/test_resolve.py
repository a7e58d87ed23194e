"""Names become the digests that every machine can pull, held against a real registry and what skopeo says."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator

import pytest

from devkit.errors import DevkitError
from devkit.images.name import Name, normal
from devkit.images.resolved import DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, Resolved
from devkit.progress import silent
from devkit.registry.rate import rate_of
from devkit.registry.resolve import resolve
from tests.devkit.registry.clocks import StillClock
from tests.devkit.registry.layouts import digest_of
from tests.devkit.registry.registry_server import Pushed, Registry, serving
from tests.devkit.registry.web_server import Heard, Said, answering, between

BOTH = ("linux/amd64", "linux/arm64/v8")
ALL_FOUR = {OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST}
NOWHERE = "sha256:" + "0" * 64
# No logins, and no authorities: reading all of the system's takes longer than a test.
NO_LOGINS = {"HOME": os.devnull, "SSL_CERT_DIR": os.devnull}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with serving(tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.fixture(scope="module")
def index(registry: Registry) -> Pushed:
    return registry.push_index("team/oci", "1", BOTH)


@pytest.fixture(scope="module")
def docker_list(registry: Registry) -> Pushed:
    return registry.push_index("team/docker", "1", BOTH, docker=True)


@pytest.fixture(scope="module")
def single(registry: Registry) -> Pushed:
    return registry.push_single("team/single", "1", "linux/amd64")


def ask(*references: str, known: dict[str, Resolved] | None = None, clock: StillClock | None = None) -> list[Resolved]:
    """What resolve() says of each reference, at a place without logins."""
    names = [normal(each) for each in references]
    found = resolve(names, known or {}, NO_LOGINS, silent, clock=(clock or StillClock()).clock)
    return [found[name] for name in names]


def failing(*references: str, clock: StillClock | None = None) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        ask(*references, clock=clock)
    return caught.value


def as_resolved(pushed: Pushed) -> Resolved:
    return Resolved(pushed.digest, pushed.media_type, pushed.children)


def at(host: str, pushed: Pushed) -> str:
    """The image by the name that it has behind another server."""
    return f"{host}/{pushed.name.partition('/')[2]}"


def unchanged(heard: Heard, said: Said) -> Said:
    del heard
    return said


@pytest.mark.parametrize("docker", [False, True])
@pytest.mark.parametrize("platforms", [BOTH, ("linux/amd64",), ("linux/arm/v6", "linux/arm/v7", "linux/s390x")])
def test_an_index_gives_its_own_digest_and_its_children(
    registry: Registry, platforms: tuple[str, ...], docker: bool
) -> None:
    pushed = registry.push_index("team/index", "1", platforms, docker=docker)
    assert ask(pushed.name) == [as_resolved(pushed)]
    assert pushed.digest == digest_of(registry.raw("team/index:1"))
    assert [each.platform for each in pushed.children] == sorted(platforms)


@pytest.mark.parametrize("docker", [False, True])
@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm64/v8"])
def test_a_single_manifest_gives_its_digest_and_the_platform_of_its_configuration(
    registry: Registry, platform: str, docker: bool
) -> None:
    pushed = registry.push_single("team/one", "1", platform, docker=docker)
    assert ask(pushed.name) == [as_resolved(pushed)]
    assert pushed.media_type == (DOCKER_MANIFEST if docker else OCI_MANIFEST)


@pytest.mark.parametrize(
    ("accept", "status"), [("*/*", 404), (DOCKER_MANIFEST, 404), (OCI_MANIFEST, 404), (OCI_INDEX, 200)]
)
def test_an_oci_index_is_not_found_by_who_accepts_less(
    registry: Registry, index: Pushed, accept: str, status: int
) -> None:
    assert registry.request("HEAD", "/v2/team/oci/manifests/1", headers={"Accept": accept}).status == status
    assert ask(index.name) == [as_resolved(index)]


V1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"


@pytest.mark.parametrize(("accept", "media_type"), [("*/*", V1), (DOCKER_MANIFEST, DOCKER_MANIFEST)])
def test_a_docker_list_is_the_amd64_child_to_who_accepts_less(
    registry: Registry, docker_list: Pushed, accept: str, media_type: str
) -> None:
    naive = registry.request("HEAD", "/v2/team/docker/manifests/1", headers={"Accept": accept})
    assert (naive.status, naive.headers["Content-Type"]) == (200, media_type)
    amd64 = next(each.manifest for each in docker_list.children if each.platform == "linux/amd64")
    # To */* the child is even written anew, as schema 1: a digest that nobody pushed.
    assert (naive.headers["Docker-Content-Digest"] == amd64) == (accept == DOCKER_MANIFEST)
    assert naive.headers["Docker-Content-Digest"] != docker_list.digest
    assert ask(docker_list.name) == [as_resolved(docker_list)]


def test_a_docker_list_whose_child_has_no_history_is_a_bad_request_to_who_accepts_less(registry: Registry) -> None:
    pushed = registry.push_index("team/odd", "1", BOTH, docker=True, has_history=False)
    assert registry.request("HEAD", "/v2/team/odd/manifests/1", headers={"Accept": "*/*"}).status == 400
    assert ask(pushed.name) == [as_resolved(pushed)]


def test_one_head_names_all_four_types(registry: Registry, index: Pushed) -> None:
    with between(registry.host, unchanged) as server:
        ask(at(server.host, index))
    heads = [set(each.headers["accept"].split(", ")) for each in server.heard if each.method == "HEAD"]
    assert heads == [ALL_FOUR, ALL_FOUR]  # twice: the answers have to agree


def test_a_registry_that_picks_a_child_is_asked_for_the_index_alone(registry: Registry, docker_list: Pushed) -> None:
    def picky(heard: Heard, said: Said) -> Said:
        if heard.method == "HEAD" and DOCKER_MANIFEST in heard.headers["accept"]:
            child = registry.request(heard.method, heard.path, headers={"Accept": DOCKER_MANIFEST})
            return Said(200, dict(child.headers))
        return said

    with between(registry.host, picky) as server:
        assert ask(at(server.host, docker_list)) == [as_resolved(docker_list)]


def put_index(registry: Registry, repository: str, *entries: object, tag: str | None = "1") -> dict[str, object]:
    return registry.put_manifest(repository, tag, {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})


def platforms_of(registry: Registry, repository: str) -> list[str]:
    (found,) = ask(f"{registry.host}/{repository}:1")
    return [each.platform for each in found.children]


def test_attestations_and_artifacts_are_no_platforms(registry: Registry) -> None:
    image = registry.put_image("team/attested", "linux/amd64")
    unknown = {
        **registry.put_image("team/attested", "linux/arm"),
        "platform": {"os": "unknown", "architecture": "unknown"},
    }
    annotated = {
        **registry.put_image("team/attested", "linux/arm64"),
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }
    artifact = {**registry.put_image("team/attested", "linux/386"), "artifactType": "application/spdx+json"}
    put_index(registry, "team/attested", unknown, annotated, artifact, image)
    assert platforms_of(registry, "team/attested") == ["linux/amd64"]


def test_children_for_other_systems_than_linux_are_left_out(registry: Registry) -> None:
    entries = [registry.put_image("team/windows", each) for each in ("windows/amd64", "linux/amd64", "darwin/arm64")]
    put_index(registry, "team/windows", *entries)
    assert platforms_of(registry, "team/windows") == ["linux/amd64"]


def test_the_first_of_two_children_for_a_platform_is_what_nodes_get(registry: Registry) -> None:
    first = registry.put_image("team/twice", "linux/amd64")
    second = registry.put_image("team/twice", "linux/amd64", annotations={"a": "second"})
    put_index(registry, "team/twice", first, second)
    ((found,),) = [each.children for each in ask(f"{registry.host}/team/twice:1")]
    assert found.manifest == first["digest"]


def test_an_index_in_an_index_is_followed_once(registry: Registry) -> None:
    deepest = put_index(registry, "team/nested", registry.put_image("team/nested", "linux/arm64"), tag=None)
    inner = put_index(registry, "team/nested", registry.put_image("team/nested", "linux/amd64"), deepest, tag=None)
    put_index(registry, "team/nested", inner, registry.put_image("team/nested", "linux/s390x"))
    assert platforms_of(registry, "team/nested") == ["linux/amd64", "linux/s390x"]


def test_an_entry_without_a_platform_is_asked_for_its_configuration(registry: Registry) -> None:
    image = registry.put_image("team/bare", "linux/arm64/v8")
    put_index(registry, "team/bare", {key: value for key, value in image.items() if key != "platform"})
    assert platforms_of(registry, "team/bare") == ["linux/arm64/v8"]


def test_what_is_known_is_not_looked_into_again(registry: Registry, index: Pushed) -> None:
    known = dataclasses.replace(as_resolved(index), children=())
    with between(registry.host, unchanged) as server:
        assert ask(at(server.host, index), known={index.digest: known}) == [known]
    assert [each.method for each in server.heard if "manifests" in each.path] == ["HEAD", "HEAD"]


def test_what_is_known_as_something_else_is_looked_into(index: Pushed) -> None:
    known = Resolved(index.digest, DOCKER_LIST, ())
    assert ask(index.name, known={index.digest: known}) == [as_resolved(index)]


def test_two_names_of_one_digest_are_looked_into_once(registry: Registry, index: Pushed) -> None:
    with between(registry.host, unchanged) as server:
        name = at(server.host, index)
        assert ask(name, f"{name}@{index.digest}") == [as_resolved(index)] * 2
    assert server.count("GET", "/manifests/") == 1 + len(index.children)


def test_a_name_with_a_digest_is_asked_by_it_and_not_by_its_tag(registry: Registry, index: Pushed) -> None:
    with between(registry.host, unchanged) as server:
        image = at(server.host, index).removesuffix(":1")
        assert ask(f"{image}:moved@{index.digest}", f"{image}@{index.digest}") == [as_resolved(index)] * 2
    assert not [each for each in server.heard if "manifests" in each.path and "sha256" not in each.path]


def test_nothing_asked_is_nothing_said() -> None:
    assert ask() == []


def test_what_is_done_is_told(index: Pushed, single: Pushed) -> None:
    told: list[str] = []
    resolve([normal(index.name), normal(single.name)], {}, NO_LOGINS, told.append)
    assert told == [
        "resolving 2 images",
        "resolving 1 of 2 images",
        "resolving 2 of 2 images",
        "reading 1 of 2 new images",
        "reading 2 of 2 new images",
    ]


# What a registry, or somebody in between, may get wrong.


def test_two_answers_that_differ_pin_nothing(registry: Registry, index: Pushed) -> None:
    heads: list[Heard] = []

    def lying(heard: Heard, said: Said) -> Said:
        if heard.method != "HEAD":
            return said
        heads.append(heard)
        headers = {**said.headers, "Docker-Content-Digest": NOWHERE} if len(heads) == 2 else said.headers
        return dataclasses.replace(said, headers=headers)

    with between(registry.host, lying) as server:
        error = failing(at(server.host, index))
    assert "the registry answers differently each time" in error.problem
    assert index.digest in error.problem
    assert NOWHERE in error.problem


def without(*names: str) -> Callable[[Heard, Said], Said]:
    def alter(heard: Heard, said: Said) -> Said:
        del heard
        return dataclasses.replace(said, headers={key: said.headers[key] for key in said.headers if key not in names})

    return alter


@pytest.mark.parametrize("names", [("Docker-Content-Digest",), ("Docker-Content-Digest", "Etag")])
def test_without_the_digest_header_the_body_is_digested(
    registry: Registry, index: Pushed, docker_list: Pushed, names: tuple[str, ...]
) -> None:
    with between(registry.host, without(*names)) as server:
        found = ask(at(server.host, index), at(server.host, docker_list))
    assert found == [as_resolved(index), as_resolved(docker_list)]


@pytest.mark.parametrize("status", [405, 501])
def test_a_registry_that_knows_no_head_is_asked_by_get(registry: Registry, index: Pushed, status: int) -> None:
    with between(registry.host, lambda heard, said: Said(status) if heard.method == "HEAD" else said) as server:
        assert ask(at(server.host, index)) == [as_resolved(index)]


def wrong_body(part: str) -> Callable[[Heard, Said], Said]:
    def alter(heard: Heard, said: Said) -> Said:
        if heard.method == "GET" and part in heard.path:
            body = said.body + b" "  # the same JSON
            return dataclasses.replace(said, headers={**said.headers, "Content-Length": str(len(body))}, body=body)
        return said

    return alter


def test_a_body_with_another_digest_pins_nothing(registry: Registry, index: Pushed, single: Pushed) -> None:
    for pushed, part in (
        (index, index.digest),
        (index, index.children[1].manifest),
        (single, single.children[0].config),
    ):
        with between(registry.host, wrong_body(part)) as server:
            error = failing(at(server.host, pushed))
        assert f"{part}: what is sent for it has another digest" in error.problem


def test_a_digest_header_for_another_digest_pins_nothing(registry: Registry, index: Pushed) -> None:
    def lying(heard: Heard, said: Said) -> Said:
        headers = {**said.headers, "Docker-Content-Digest": NOWHERE}
        return dataclasses.replace(said, headers=headers) if heard.method == "HEAD" else said

    with between(registry.host, lying) as server:
        assert "answers differently" in failing(f"{at(server.host, index)}@{index.digest}").problem


@pytest.mark.parametrize("digest", ["sha512:" + "0" * 128, "sha256:0", "none"])
def test_a_digest_of_another_kind_is_refused(registry: Registry, index: Pushed, digest: str) -> None:
    def odd(heard: Heard, said: Said) -> Said:
        del heard
        return dataclasses.replace(said, headers={**said.headers, "Docker-Content-Digest": digest})

    with between(registry.host, odd) as server:
        assert "something else than a sha256 digest" in failing(at(server.host, index)).problem


def describing(body: object, media_type: str, sent_as: str | None = None) -> Callable[[Heard], Said]:
    """A server that holds one document, under every tag and its digest."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(heard: Heard) -> Said:
        kind = sent_as if sent_as and heard.method == "GET" else media_type
        return Said(200, {"Content-Type": kind, "Docker-Content-Digest": digest_of(data)}, data)

    return answer


CONFIG = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": NOWHERE, "size": 2}
MANIFEST = {"schemaVersion": 2, "config": CONFIG, "layers": []}


@pytest.mark.parametrize(
    ("body", "media_type", "sent_as", "why"),
    [
        ({}, "application/vnd.docker.distribution.manifest.v1+prettyjws", None, "no image that nodes can pull"),
        ({}, "text/html; charset=utf-8", None, "gives text/html, which is no image"),
        ({}, "", None, "something without a media type"),
        (b"{", OCI_INDEX, None, "it cannot be read"),
        ([], OCI_INDEX, None, "it cannot be read"),
        ({"schemaVersion": 2}, OCI_INDEX, None, f"it is no {OCI_INDEX}"),
        (MANIFEST, OCI_INDEX, None, f"it is no {OCI_INDEX}"),
        ({**MANIFEST, "manifests": []}, OCI_INDEX, None, f"it is no {OCI_INDEX}"),
        ({**MANIFEST, "manifests": []}, OCI_MANIFEST, None, f"it is no {OCI_MANIFEST}"),
        ({"schemaVersion": 2, "layers": []}, OCI_MANIFEST, None, f"it is no {OCI_MANIFEST}"),
        ({**MANIFEST, "mediaType": DOCKER_MANIFEST}, OCI_MANIFEST, None, "says that it is"),
        ({**MANIFEST, "config": {**CONFIG, "digest": "x"}}, OCI_MANIFEST, None, "else than a sha256 digest"),
        ({"schemaVersion": 2, "manifests": [{**CONFIG, "size": -1}]}, OCI_INDEX, None, "else than a sha256 digest"),
        (MANIFEST, OCI_MANIFEST, DOCKER_MANIFEST, f"sent as {DOCKER_MANIFEST}, and was named as {OCI_MANIFEST}"),
        (b" " * (4 << 20) + b"{}", OCI_INDEX, None, "answers more than 4 MiB"),
    ],
)
def test_what_is_no_image_is_refused_with_why(body: object, media_type: str, sent_as: str | None, why: str) -> None:
    with answering(describing(body, media_type, sent_as)) as server:
        error = failing(f"{server.host}/team/odd:1")
    assert why in error.problem
    assert server.host in error.problem
    assert error.cure


@pytest.mark.parametrize(
    ("config", "why"),
    [(b"{}", "its configuration names no platform"), (b"?", "its configuration cannot be read")],
)
def test_a_chart_or_another_artifact_is_no_container_image(registry: Registry, config: bytes, why: str) -> None:
    blob = {"mediaType": CONFIG["mediaType"], **registry.put_blob("team/chart", config)}
    registry.put_manifest("team/chart", "1", {"mediaType": OCI_MANIFEST, **MANIFEST, "config": blob})
    assert why in failing(f"{registry.host}/team/chart:1").problem


def test_a_tag_that_does_not_exist_is_said(registry: Registry, index: Pushed) -> None:
    error = failing(f"{index.name.removesuffix('1')}2")
    assert error.problem == f"{registry.host}/team/oci: the registry has no tag 2"
    assert f"skopeo list-tags docker://{registry.host}/team/oci" in error.cure


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("NAME_UNKNOWN", "the registry has no image of this name"),
        ("MANIFEST_UNKNOWN", "the registry has no tag 1"),
        ("", "the registry has no such image, or no tag 1 of it"),
    ],
)
def test_what_is_missing_is_said_as_the_registry_says_it(code: str, why: str) -> None:
    body = json.dumps({"errors": [{"code": code}]} if code else "not here").encode()
    with answering(lambda _: Said(404, {}, body)) as server:
        assert failing(f"{server.host}/team/app:1").problem == f"{server.host}/team/app: {why}"


def test_an_image_that_vanished_is_said_by_its_digest(registry: Registry) -> None:
    pushed = registry.push_single("team/gone", "1", "linux/amd64")
    registry.delete("team/gone", pushed.digest)
    image = f"{registry.host}/team/gone"
    assert failing(f"{image}@{pushed.digest}").problem == f"{image}: the registry has no digest {pushed.digest}"


def test_a_child_that_vanished_is_said_by_its_digest(registry: Registry) -> None:
    pushed = registry.push_index("team/half", "1", BOTH)
    registry.delete("team/half", pushed.children[0].manifest)
    assert f"the registry has no digest {pushed.children[0].manifest}" in failing(pushed.name).problem


def test_one_bad_image_does_not_hide_the_others(registry: Registry, index: Pushed) -> None:
    error = failing(f"{registry.host}/team/oci:2", index.name, "127.0.0.1:1/a:1", "127.0.0.1:1/b:1")
    assert error.problem == (
        "3 of 4 images cannot be resolved:\n"
        "  the registry 127.0.0.1:1 refuses connections: nobody listens there (2 images)\n"
        "    see whether the network and the registry are up: curl -sSI https://127.0.0.1:1/v2/\n"
        f"  {registry.host}/team/oci: the registry has no tag 2\n"
        f"    mend it in the manifest; the tags that there are: skopeo list-tags docker://{registry.host}/team/oci"
    )
    assert error.cure == "nothing was pinned; mend these, and run the same command again"


def test_a_bug_in_one_thread_is_raised(monkeypatch: pytest.MonkeyPatch, index: Pushed) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("devkit.registry.resolve.top_of", broken)
    with pytest.raises(ZeroDivisionError):
        ask(index.name)


# Busy registries.


class Busy:
    """Answers as often as there are `answers` with one of them, then lets through."""

    def __init__(self, *answers: Said | None) -> None:
        self.answers = list(answers)

    def __call__(self, heard: Heard, said: Said) -> Said | None:
        if heard.method == "HEAD" and self.answers:
            return self.answers.pop(0)
        return said


@pytest.mark.parametrize(
    ("answer", "slept"),
    [
        (Said(429, {"Retry-After": "7"}), [7.0]),
        (Said(503, {"Retry-After": "7"}), [7.0]),
        (
            Said(429, {"Date": "Wed, 21 Oct 2026 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2026 07:28:09 GMT"}),
            [9.0],
        ),
        (Said(429, {"Retry-After": "soon"}), [0.5]),
        (Said(429), [0.5]),
        (Said(500), [0.5]),
        (Said(502), [0.5]),
        (None, [0.5]),  # the connection breaks
    ],
)
def test_a_busy_registry_is_asked_again_when_it_says(
    registry: Registry, index: Pushed, answer: Said | None, slept: list[float]
) -> None:
    clock = StillClock()
    with between(registry.host, Busy(answer)) as server:
        assert ask(at(server.host, index), clock=clock) == [as_resolved(index)]
    assert clock.slept == slept


def test_a_registry_that_stays_busy_is_given_up(registry: Registry, index: Pushed) -> None:
    clock = StillClock()
    with between(
        registry.host, lambda *_: Said(429, {"RateLimit-Limit": "100;w=21600", "RateLimit-Remaining": "0;w=21600"})
    ) as server:
        error = failing(at(server.host, index), clock=clock)
    assert error.problem == (
        f"{server.host} has had too many requests from here: its rate limit is used up (0 of 100 pulls left per 6 h)"
    )
    assert error.cure == (f"run the same command again later; log in for a higher limit: docker login {server.host}")
    assert clock.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(("seconds", "when"), [("61", "2 min"), ("900", "15 min"), ("7200", "2 h"), ("20000", "6 h")])
def test_a_wait_that_is_too_long_is_not_begun(registry: Registry, index: Pushed, seconds: str, when: str) -> None:
    clock = StillClock()
    with between(registry.host, lambda *_: Said(429, {"Retry-After": seconds})) as server:
        error = failing(at(server.host, index), clock=clock)
    assert f"run the same command again in {when};" in error.cure
    assert clock.slept == []


def test_all_waits_together_end_after_a_minute(registry: Registry, index: Pushed) -> None:
    clock = StillClock()
    with between(registry.host, lambda *_: Said(503, {"Retry-After": "25"})) as server:
        error = failing(at(server.host, index), clock=clock)
    assert clock.slept == [25.0, 25.0]
    assert f"{server.host} answers 503" in error.problem
    assert "in 25 s" in error.cure


def test_a_broken_registry_is_quoted(registry: Registry, index: Pushed) -> None:
    body = b'{"errors":[{"code":"UNKNOWN","message":"disk\\u001b[31m full"}]}'
    with between(registry.host, lambda heard, _: Said(500, {}, body if heard.method == "GET" else b"")) as server:
        assert failing(f"{at(server.host, index)}").problem.startswith(
            f"{server.host} answers 500 when asked for team/oci"
        )
    with between(registry.host, lambda heard, said: said if heard.method == "HEAD" else Said(500, {}, body)) as server:
        assert failing(at(server.host, index)).problem.endswith(": disk [31m full")


def test_the_rate_limit_is_told_once(registry: Registry, index: Pushed, docker_list: Pushed) -> None:
    def rated(heard: Heard, said: Said) -> Said:
        del heard
        more = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "57;w=21600"}
        return dataclasses.replace(said, headers={**said.headers, **more})

    told: list[str] = []
    with between(registry.host, rated) as server:
        names: list[Name] = [normal(at(server.host, each)) for each in (index, docker_list)]
        resolve(names, {}, NO_LOGINS, told.append)
    assert [each for each in told if "left" in each] == [f"{server.host}: 57 of 100 pulls left per 6 h"]


def test_a_rate_limit_is_read_in_its_forms() -> None:
    assert rate_of({}) is None
    assert rate_of({"RateLimit-Remaining": "5"}) == "5 pulls left"
    assert rate_of({"RateLimit-Remaining": "5", "RateLimit-Limit": "10;w=90"}) == "5 of 10 pulls left per 2 min"
    assert rate_of({"RateLimit-Remaining": "many"}) is None
