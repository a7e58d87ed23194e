"""What is applied: the manifests in the project's namespace, and nothing else changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devkit.cluster.config_hash import ANNOTATION
from devkit.cluster.documents import read_documents
from devkit.cluster.personal import read_personal
from devkit.cluster.rendered import Rendered, rendered, to_yaml
from devkit.cluster.wanted import places, wanted_objects
from devkit.config import Settings, load_project
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.images.folder import Manifest, read_manifests
from devkit.stack.objects import stack_objects
from tests.checkout import ROOT

MINE = Settings(namespace="mine")


def render(*texts: str, settings: Settings = MINE, off: frozenset[str] = frozenset()) -> tuple[Rendered, ...]:
    manifests = [Manifest(f"k8s/m{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    return rendered(manifests, settings, off)


def thing(kind: str, name: str, rest: str = "", namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}{where}}}\n{rest}\n"


def named(objects: tuple[Rendered, ...]) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.namespace) for each in objects]


def test_everything_goes_to_the_projects_namespace_which_comes_first() -> None:
    roles = "subjects: [{kind: ServiceAccount, name: a, namespace: dev}, {kind: User, name: b}]"
    found = render(
        thing("Secret", "s", namespace="dev"), thing("Namespace", "dev"), thing("ClusterRole", "c"),
        thing("RoleBinding", "r", roles),
    )  # fmt: skip
    assert named(found) == [
        ("Namespace", "mine", ""), ("Secret", "s", "mine"), ("ClusterRole", "c", ""), ("RoleBinding", "r", "mine"),
    ]  # fmt: skip
    assert found[3].body["subjects"][0]["namespace"] == "mine"
    assert "namespace" not in found[3].body["subjects"][1]


def test_a_namespace_is_made_where_the_manifests_have_none() -> None:
    assert named(render(thing("Secret", "s"))) == [("Namespace", "mine", ""), ("Secret", "s", "mine")]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((thing("Secret", "s", namespace="prod"),), r"k8s/m0.yaml:1: Secret s is for namespace prod, .* mine alone"),
        ((thing("Namespace", "a"), thing("Namespace", "b")), r"k8s/m1.yaml:1 is a second Namespace \(k8s/m0.yaml:1"),
        ((thing("Secret", "s"), thing("Secret", "s")), r"k8s/m1.yaml:1 has Secret s, as k8s/m0.yaml:1 has"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(texts: tuple[str, ...], said: str) -> None:
    with pytest.raises(DevkitError, match=said):
        render(*texts)


WORKERS = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: citus-worker}\nspec: {replicas: 7}\n"


def test_workers_are_as_many_as_are_wanted_and_with_none_their_file_is_left_out() -> None:
    text = f"{thing('Service', 'citus-worker')}---\n{WORKERS}"
    assert named(render(text)) == [("Namespace", "mine", "")]
    _, service, workers = render(text, settings=Settings(namespace="mine", citus_workers=2))
    assert (service.kind, workers.body["spec"]["replicas"]) == ("Service", 2)
    with pytest.raises(DevkitError, match="citus-workers is 2, and no manifest has the StatefulSet citus-worker"):
        render(thing("Secret", "s"), settings=Settings(namespace="mine", citus_workers=2))


def test_a_group_that_is_switched_off_is_left_out() -> None:
    settings = Settings(namespace="mine", optional={"extra": ("m1", "nowhere")})
    texts = thing("Secret", "a"), thing("Secret", "b")
    assert [each.name for each in render(*texts, settings=settings)] == ["mine", "a", "b"]
    assert [each.name for each in render(*texts, settings=settings, off=frozenset({"extra"}))] == ["mine", "a"]


POD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  template:
    metadata: {annotations: {mine: "1"}}
    spec:
      volumes: [VOLUME]
      containers: [{name: c, image: a, CONTAINER}]
"""


@pytest.mark.parametrize(
    ("volume", "container"),
    [
        ("{name: v, configMap: {name: x}}", ""),
        ("{name: v, projected: {sources: [{configMap: {name: x}}]}}", ""),
        ("", "envFrom: [{configMapRef: {name: x}}]"),
        ("", "env: [{name: e, valueFrom: {configMapKeyRef: {name: x, key: k}}}]"),
    ],
)
def test_a_changed_config_map_changes_the_pods_that_use_it_and_no_other(volume: str, container: str) -> None:
    def annotations(text: str, name: str = "x") -> Any:  # noqa: ANN401 - JSON
        config = thing("ConfigMap", name, f"data: {{k: {text}}}")
        *_, pod = render(config, POD.replace("VOLUME", volume).replace("CONTAINER", container))
        return pod.body["spec"]["template"]["metadata"]["annotations"]

    before = annotations("a")
    assert before == {"mine": "1", ANNOTATION: before[ANNOTATION]}
    assert annotations("a") == before
    assert annotations("b") != before
    assert annotations("a", "other") == {"mine": "1"}


def test_secrets_count_too_and_their_values_are_not_in_the_hash_as_text() -> None:
    secret = thing("Secret", "x", "stringData: {k: hunter2}")
    pod = POD.replace("VOLUME", "{name: v, secret: {secretName: x}}").replace("CONTAINER", "")
    *_, found = render(secret, pod)
    shown = json.dumps(found.body)
    assert ANNOTATION in shown
    assert "hunter2" not in shown


def test_the_sample_is_applied_with_its_images_as_they_are_written() -> None:
    project = load_project(ROOT)
    found = stack_objects(project, ROOT / project.settings.manifests)
    assert "citus-worker" not in {each.name for each in found}
    again = [each.body for each in read_documents(Manifest("all", to_yaml(found).encode()))]
    assert again == [each.body for each in found]
    written = {
        (each.kind, each.name): each.body
        for manifest in read_manifests(ROOT / "infra/k8s", "infra/k8s")
        for each in read_documents(manifest)
    }
    for each in found:
        body = json.loads(json.dumps(each.body))
        ((body.get("spec") or {}).get("template") or {"metadata": {}})["metadata"].pop("annotations", None)
        assert body == written[each.kind, each.name], "dev-infra is the sample's namespace, so nothing changes"


def test_wanted_and_places_speak_of_the_same_objects() -> None:
    found = render(thing("Secret", "s"))
    assert [(each.kind, each.namespace, each.name) for each in wanted_objects(found)] == [
        ("Namespace", "", "mine"), ("Secret", "mine", "s"),
    ]  # fmt: skip
    assert places(found)["Secret", "s"] == Place("k8s/m0.yaml", 1)


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ('{"observability": false, "forwards": false}', {"observability"}),
        ('{"observability": true}', set()),
        (None, set()),
    ],
)
def test_a_developer_switches_groups_off(tmp_path: Path, text: str | None, off: set[str]) -> None:
    if text is not None:
        (tmp_path / "tilt_config.json").write_text(text)
    assert read_personal(tmp_path, Settings(optional={"observability": ("loki",)})) == off


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"observabilty": false}', 'unknown key "observabilty"\n  did you mean "observability"'),
        ('{"x": 1}', "known keys: forwards, automatic, observability"),
        ('{"observability": "no"}', 'observability is "no"\n  write "observability": false'),
        ("[]", "is no JSON object"),
        ("{", "cannot be read"),
    ],
)
def test_what_is_no_setting_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "tilt_config.json").write_text(text)
    with pytest.raises(DevkitError) as raised:
        read_personal(tmp_path, Settings(optional={"observability": ("loki",)}))
    assert said in str(raised.value)
