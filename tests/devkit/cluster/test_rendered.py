"""What is applied: the manifests in the project's namespace, and nothing else changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.cluster.config_hash import ANNOTATION
from devkit.cluster.documents import Document, read_documents
from devkit.cluster.personal import read_personal
from devkit.cluster.rendered import rendered, to_yaml
from devkit.cluster.wanted import places, wanted_objects
from devkit.config import Settings, load_project
from devkit.errors import DevkitError
from devkit.finding import Place
from devkit.images.folder import Manifest, read_manifests
from devkit.stack.objects import stack_objects
from tests.checkout import ROOT

MINE = Settings(namespace="mine")


def render(*texts: str, settings: Settings = MINE, off: frozenset[str] = frozenset()) -> tuple[Document, ...]:
    manifests = [Manifest(f"k8s/m{number}.yaml", text.encode()) for number, text in enumerate(texts)]
    return rendered(manifests, settings, off)


def thing(kind: str, name: str, rest: str = "", namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}{where}}}\n{rest}\n"


def named(objects: tuple[Document, ...]) -> list[tuple[str, str, str]]:
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


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"])
def test_every_template_gets_the_hash_whatever_its_metadata_is_and_a_pod_none(kind: str) -> None:
    pod = {"metadata": None, "spec": {"containers": [{"envFrom": [{"secretRef": {"name": "x"}}]}]}}
    spec = {"jobTemplate": {"spec": {"template": pod}}} if kind == "CronJob" else {"template": pod}
    bodies = [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"k": "YQ=="}},
        {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "d"}, "spec": spec},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": pod["spec"]},
    ]
    _, _, workload, bare = render(*map(json.dumps, bodies))
    assert json.dumps(workload.body).count(ANNOTATION) == 1
    assert ANNOTATION not in json.dumps(bare.body)


def test_a_template_that_two_share_by_an_anchor_is_hashed_for_each() -> None:
    items = "".join(
        f"- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {{name: {name}}}\n  spec: {spec}\n"
        for name, spec in (("a", "&spec {template: {spec: {volumes: [{configMap: {name: x}}]}}}"), ("b", "*spec"))
    )
    _, _, first, second = render(thing("ConfigMap", "x"), f"apiVersion: v1\nkind: List\nitems:\n{items}")
    assert (first.name, second.name) == ("a", "b")
    assert first.body["spec"] == second.body["spec"]
    assert ANNOTATION in json.dumps(second.body)


def test_a_secret_is_not_in_what_a_traceback_shows() -> None:
    assert "hunter2" not in repr(render(thing("Secret", "x", "stringData: {k: hunter2}")))


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: citus-worker}\nspec:\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: x}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {volumes: [x]}}}\n",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: d}\nsubjects: [x]\n",
        "apiVersion: v1\nkind: List\nitems:\n",
        "apiVersion: v1\nkind: List\nitems: [~, {}]\n",
    ],
)
def test_what_has_another_shape_is_left_to_kubernetes(text: str) -> None:
    worker = "" if "citus-worker" in text else f"---\n{WORKERS}"
    assert render(f"{text}{worker}", settings=Settings(namespace="mine", citus_workers=1))


@pytest.mark.parametrize(("key", "metadata"), [("name", "{name: 12}"), ("namespace", "{name: a, namespace: [b]}")])
def test_a_name_that_is_no_text_is_refused_with_its_place(key: str, metadata: str) -> None:
    with pytest.raises(DevkitError, match=rf"k8s/m0.yaml:2: metadata.{key} is no text\n  write it in quotes"):
        render(f"# first\napiVersion: v1\nkind: Secret\nmetadata: {metadata}\n")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_whatever_a_manifest_says_is_applied_as_it_says(value: object) -> None:
    body = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "labels": {"b": "c"}},
        "spec": value,
    }
    text = to_yaml(render(json.dumps(body)))
    placed = {**body, "metadata": {"name": "a", "labels": {"b": "c"}, "namespace": "mine"}}
    _, again = read_documents(Manifest("all", text.encode()))
    assert again.body == placed
    assert [json.loads(each) for each in text.split("---\n")[1:]][1] == placed
    # what one of YAML's readers takes for the end of a line or for no character, and JSON's half of one
    assert not set(text) & {*map(chr, range(0x7F, 0xA0)), *"\u2028\u2029\ufeff\ufffe\uffff"}
    assert "\\ud8" not in text.replace("\\\\", "")


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
