"""What runs beside what is pinned: every form that a kubelet was seen to report, and nothing else, counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.images.lock import ImagesLock, LockedImage
from devkit.images.name import normal
from devkit.images.resolved import DOCKER_MANIFEST, OCI_INDEX, Child, Resolved
from devkit.images.running import Likeness, Running, compare, pinned_image, running

AMD, ARM = "linux/amd64", "linux/arm64"


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


INDEX, AMD_CHILD, AMD_CONFIG, ARM_CHILD, ARM_CONFIG, OTHER = map(digest, range(1, 7))
REDIS = Resolved(
    INDEX, OCI_INDEX, (Child(AMD, AMD_CHILD, AMD_CONFIG, 9), Child("linux/arm64/v8", ARM_CHILD, ARM_CONFIG, 9))
)
HAND = Resolved(OTHER, DOCKER_MANIFEST, (Child(AMD, OTHER, digest(7), 9),))
LOCK = ImagesLock(
    (
        LockedImage(normal("redis:8.2.2"), REDIS),
        LockedImage(normal(f"quay.io/a/b@{OTHER}"), HAND, ("infra/k8s/a.yaml#spec.containers[0].image",)),
    )
)
PINNED = f"redis:8.2.2@{INDEX}"


@pytest.mark.parametrize(
    ("image_id", "platform", "verdict", "built_for"),
    [
        (f"docker.io/library/redis@{INDEX}", AMD, "match", ""),
        (f"mirror.example.com:5000/cache/redis@{INDEX}", ARM, "match", ""),
        (f"docker-pullable://redis@{INDEX}", AMD, "match", ""),
        (INDEX, AMD, "match", ""),  # cri-dockerd on Docker's containerd store
        (INDEX, "", "match", ""),
        (f"docker.io/library/redis@{AMD_CHILD}", AMD, "match-by-child", AMD),
        (f"docker.io/library/redis@{ARM_CHILD}", ARM, "match-by-child", "linux/arm64/v8"),
        (AMD_CONFIG, AMD, "match-by-config", AMD),
        (ARM_CONFIG, ARM, "match-by-config", "linux/arm64/v8"),
        (f"docker://{AMD_CONFIG}", AMD, "match-by-config", AMD),
        (f"docker.io/library/redis@{AMD_CHILD}", ARM, "other-arch", AMD),
        (AMD_CONFIG, ARM, "other-arch", AMD),
        (f"docker://{ARM_CONFIG}", AMD, "other-arch", "linux/arm64/v8"),
        (AMD_CHILD, "windows/amd64", "other-arch", AMD),
        (f"docker.io/library/redis@{AMD_CHILD}", "", "unknown", AMD),
        (AMD_CONFIG, "", "unknown", AMD),
        (f"docker.io/library/redis@{OTHER}", AMD, "different", ""),
        (OTHER, "", "different", ""),
        (f"docker://{OTHER}", AMD, "different", ""),
        ("docker.io/library/redis:8.2.2", AMD, "different", ""),  # a name proves nothing
        (f"{INDEX}0", AMD, "different", ""),
        (f"redis@{INDEX}\n", AMD, "different", ""),
        (f"redis@{INDEX.upper()}", AMD, "different", ""),
        (f"{INDEX}@{OTHER}", AMD, "different", ""),
        ("redis@sha256:", AMD, "different", ""),
    ],
)
def test_every_recorded_form_is_judged(image_id: str, platform: str, verdict: str, built_for: str) -> None:
    assert compare(image_id, REDIS, platform) == (verdict, built_for)


@pytest.mark.parametrize(
    ("image", "locked"),
    [
        (PINNED, "docker.io/library/redis:8.2.2"),
        (f"docker.io/library/redis:8.2.2@{INDEX}", "docker.io/library/redis:8.2.2"),
        (f"quay.io/a/b@{OTHER}", f"quay.io/a/b@{OTHER}"),
        ("redis:8.2.2", None),
        (f"redis:8.2.3@{INDEX}", None),
        (f"redis:8.2.2@{OTHER}", None),
        (f"redis@{INDEX}", None),
        (f"mirror.example.com/redis:8.2.2@{INDEX}", None),
        (f"quay.io/a/b:1@{OTHER}", None),
        ("quay.io/a/b", None),
        ("", None),
        ("NOT A NAME", None),
    ],
)
def test_an_image_is_pinned_when_the_lock_has_its_name_and_its_digest(image: str, locked: str | None) -> None:
    found = pinned_image(LOCK, image)
    assert (str(found.name) if found else None) == locked


def pod(spec: dict[str, Any], status: dict[str, Any] | None) -> dict[str, Any]:
    return {"metadata": {"name": "redis-0"}, "spec": spec, **({} if status is None else {"status": status})}


def one(name: str, image: str = PINNED, **more: str) -> dict[str, str]:
    return {"name": name, "image": image, **more}


def ran(name: str, image_id: str) -> dict[str, str]:
    return {"name": name, "imageID": image_id}


def test_a_container_of_every_kind_is_judged_by_its_own_status() -> None:
    found = running(
        pod(
            {
                "initContainers": [one("wait"), one("proxy", restartPolicy="Always")],
                "containers": [one("redis"), one("metrics", "exporter:1", restartPolicy="Always")],
                "ephemeralContainers": [one("debugger", "busybox")],
            },
            {
                "initContainerStatuses": [ran("proxy", AMD_CHILD), ran("wait", OTHER)],
                "containerStatuses": [ran("metrics", OTHER), ran("redis", AMD_CONFIG)],
                "ephemeralContainerStatuses": [ran("debugger", INDEX)],
            },
        ),
        frozenset({"wait", "proxy", "redis", "metrics"}),
        LOCK,
        AMD,
    )
    assert [(each.kind, each.container, each.image_id, each.verdict) for each in found] == [
        ("init container", "wait", OTHER, "different"),
        ("sidecar", "proxy", AMD_CHILD, "match-by-child"),
        ("container", "redis", AMD_CONFIG, "match-by-config"),
        ("container", "metrics", OTHER, "not-pinned"),
        ("ephemeral container", "debugger", INDEX, "extra-container"),
    ]


@pytest.mark.parametrize("group", ["initContainers", "containers", "ephemeralContainers"])
@pytest.mark.parametrize("image", [PINNED, "envoy:1"])
def test_a_container_that_the_manifest_does_not_name_is_extra_whatever_it_runs(group: str, image: str) -> None:
    body = pod({group: [one("proxy", image)]}, {f"{group[:-1]}Statuses": [ran("proxy", INDEX)]})
    (found,) = running(body, frozenset({"redis"}), LOCK, AMD)
    assert found.verdict is Likeness.EXTRA
    (found,) = running(body, None, LOCK, AMD)  # nobody can say which containers there are
    assert found.verdict is (Likeness.MATCH if image == PINNED else Likeness.NOT_PINNED)


@pytest.mark.parametrize(
    "status",
    [
        None,
        {},
        {"containerStatuses": None},
        {"containerStatuses": [{"name": "redis"}]},
        {"containerStatuses": [ran("redis", "")]},
    ],
)
def test_a_pod_that_has_not_started_has_nothing_to_compare(status: dict[str, Any] | None) -> None:
    (found,) = running(pod({"containers": [one("redis")]}, status), frozenset({"redis"}), LOCK, "")
    assert found == Running("redis-0", "redis", "container", PINNED, "", Likeness.UNKNOWN)


def test_an_image_without_an_index_matches_by_the_digest_that_is_pinned() -> None:
    assert compare(f"quay.io/a/b@{OTHER}", HAND, ARM) == (Likeness.MATCH, "")
    assert compare(digest(7), HAND, AMD) == (Likeness.BY_CONFIG, AMD)


def test_an_image_that_is_declared_to_be_emulated_runs_as_it_was_built() -> None:
    for image_id, verdict in ((digest(7), "match-by-config"), (f"docker://{digest(8)}", "different")):
        assert compare(image_id, HAND, ARM, is_emulated=True)[0] == verdict
    assert compare(digest(7), HAND, ARM)[0] is Likeness.OTHER_ARCH
    assert compare(AMD_CHILD, REDIS, ARM, is_emulated=True)[0] is Likeness.OTHER_ARCH  # it was published for arm64
    body = pod({"containers": [one("b", f"quay.io/a/b@{OTHER}")]}, {"containerStatuses": [ran("b", digest(7))]})
    (found,) = running(body, {"b"}, LOCK, ARM, lambda name: (ARM,) if name.repository == "a/b" else ())
    assert (found.verdict, found.built_for) == (Likeness.BY_CONFIG, AMD)


DIGESTS = st.integers(0, 40).map(digest)
IMAGES = st.builds(
    Resolved,
    DIGESTS,
    st.sampled_from([OCI_INDEX, DOCKER_MANIFEST]),
    st.lists(st.builds(Child, st.sampled_from([AMD, ARM, "linux/arm/v7"]), DIGESTS, DIGESTS, st.just(1))).map(tuple),
)
FORMS = st.sampled_from(["{}", "docker://{}", "redis@{}", "docker-pullable://a.b:5000/c/redis@{}"])
PLATFORMS = st.sampled_from([AMD, ARM, "linux/arm", ""])


@given(IMAGES, st.one_of(st.text(), st.builds(str.format, FORMS, DIGESTS)), PLATFORMS)
def test_whatever_is_not_in_the_lock_is_different_and_nothing_else_is(image: Resolved, image_id: str, at: str) -> None:
    known = {image.digest, *(each for child in image.children for each in (child.manifest, child.config))}
    is_known = any(image_id.endswith(each) for each in known)
    assert (compare(image_id, image, at)[0] is Likeness.DIFFERENT) == (not is_known)


@given(IMAGES, FORMS, DIGESTS, PLATFORMS)
def test_what_matches_is_the_pinned_digest_or_belongs_to_the_nodes_platform(
    image: Resolved, form: str, found: str, at: str
) -> None:
    ours = {each for child in (image.of(at) if at else ()) for each in (child.manifest, child.config)}
    verdict, _ = compare(form.format(found), image, at)
    accepted = {Likeness.MATCH, Likeness.BY_CHILD, Likeness.BY_CONFIG}
    assert (verdict in accepted) == (found in {image.digest, *ours})
    assert verdict is not Likeness.OTHER_ARCH or at
