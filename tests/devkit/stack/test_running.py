"""Which pods are there for which manifest, and what they run beside it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

import pytest

from devkit.cluster.api import Api
from devkit.cluster.documents import Document
from devkit.cluster.failures import RefusedError
from devkit.cluster.readiness.values import Seen
from devkit.finding import Place
from devkit.stack.running import Owned, differing_images, owned_pods

PLACE = Place("infra/k8s/web.yaml", 3)


def workload(image: str) -> dict[str, Any]:
    spec = {"template": {"spec": {"containers": [{"name": "web", "image": image}]}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def pod(image: str) -> dict[str, Any]:
    return {"metadata": {"name": "web-1"}, "spec": {"containers": [{"name": "web", "image": image}]}}


WEB = Document(workload("web:1"), PLACE)


def differing(live: str, *pods: str, leaving: str = "") -> list[tuple[str, Place]]:
    """What is said of a Deployment with the image `live`, and pods with the images `pods`."""
    owned = [Owned(pod(image), WEB, leaving) for image in pods]
    found = differing_images((WEB,), owned, Seen(objects=(workload(live),)))
    return [(each.message, each.place) for each in found]


def test_one_pod_of_many_that_runs_another_image_is_enough() -> None:
    for pods in (("web:1", "web:2"), ("web:2", "web:1")):
        ((message, place),) = differing("web:1", *pods)
        assert message.startswith("Deployment/web container web runs web:2, and its manifest names web:1")
        assert place is PLACE


def test_a_workload_that_was_changed_differs_before_it_has_pods() -> None:
    ((message, _),) = differing("web:3")
    assert "runs web:3" in message


def test_pods_that_go_and_pods_of_others_do_not_count() -> None:
    assert differing("web:1", "web:2", leaving="is being deleted") == []
    others = Owned(pod("web:2"), None)
    assert list(differing_images((WEB,), (others,), Seen(objects=(workload("web:1"),)))) == []
    assert list(differing_images((WEB,), (Owned(pod("web:2"), WEB),), Seen())) == []  # workload-not-ready says it


def owned_by(kind: str, name: str, version: str = "apps/v1") -> dict[str, Any]:
    """What is made and made again by that."""
    owner = {"apiVersion": version, "kind": kind, "name": name, "uid": f"uid of {name}", "controller": True}
    return {"metadata": {"name": "made", "ownerReferences": [owner], "uid": "uid of made"}}


class Server:
    """Answers one request with an object, or refuses it with a code; a second request is an error."""

    def __init__(self, answer: dict[str, Any] | int | None) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def find(self, path: str) -> Any:  # noqa: ANN401 - JSON
        self.asked.append(path)
        assert len(self.asked) == 1
        if isinstance(self.answer, int):
            raise RefusedError(self.answer, "", "no", "ask")
        return self.answer


def whose(pod: dict[str, Any], answer: dict[str, Any] | int | None = None, times: int = 1) -> tuple[Owned, list[str]]:
    """Whose pod it is, and what the server was asked."""
    server = Server(answer)
    found = owned_pods(cast("Api", server), (WEB,), Seen(pods=(pod,) * times), "ns")
    return found[-1], server.asked


def test_a_pod_is_there_for_whatever_made_it() -> None:
    job = owned_by("Job", "j", "batch/v1")
    assert whose({"metadata": {"name": "web"}})[0].document is None  # a Pod is not the Deployment of its name
    assert whose(owned_by("Deployment", "web"))[0].document is WEB
    assert whose(job, owned_by("Deployment", "web"), times=2) == (
        Owned(job, WEB),
        ["/apis/batch/v1/namespaces/ns/jobs/j"],
    )
    assert whose(job, None)[0] == whose(job, {"metadata": {"name": "j"}})[0] == Owned(job, None)


def test_where_its_maker_may_not_be_read_nobody_knows_whose_a_pod_is() -> None:
    job = owned_by("Job", "j", "batch/v1")
    assert whose(job, HTTPStatus.FORBIDDEN)[0] == Owned(job, None, unread="Job/j")
    with pytest.raises(RefusedError):
        whose(job, HTTPStatus.INTERNAL_SERVER_ERROR)
