"""Helm templates are told apart from manifests that have braces of their own."""

from __future__ import annotations

import pytest

from tests.devkit.images.pinning import find, pin

POD = "kind: Pod\nspec:\n  containers:\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{POD}  - image: {{{{ .Values.image }}}}\n", 4, 12),
        (f"{POD}  - image: '{{{{ .Values.image }}}}'\n", 4, 12),
        (f"{POD}  - image: repo/{{{{ .Values.image }}}}:8\n", 4, 12),
        (f"{POD}  - image: {{{{ .Values.image }}}}:8\n", 4, 12),
        (f"{POD}  - image: |-\n      {{{{ .Values.image }}}}\n", 4, 12),
        (f"metadata:\n  name: {{{{ .Release.Name }}}}-x\n{POD}  - image: redis:8\n", 2, 9),
        (f'metadata:\n  name: "{{{{ .Release.Name }}}}-x"\n{POD}  - image: redis:8\n', 2, 9),
        (f"{{{{- if .Values.on }}}}\n{POD}  - image: redis:8\n{{{{- end }}}}\n", 1, 1),
        (f"{POD}  - image: redis:8\n    {{{{- with .Values.r }}}}\n    r: a\n    {{{{- end }}}}\n", 5, 5),
        (f"{POD}  - image: redis:8\n    labels:\n      a: b\n      {{{{ .key }}}}: c\n", 7, 7),
        ("kind: Service\nspec:\n  port: {{ .Values.port }}\n", 3, 9),
        ("kind: Service\na: b\nx: {{ .Values.port }}\nc: d\ne: f\ng: h: i\n", 3, 4),
    ],
)
def test_a_helm_template_is_a_finding_at_its_braces(text: str, line: int, column: int) -> None:
    found = find(text)
    (finding,) = found.findings
    assert (finding.place.line, finding.place.column, found.uses) == (line, column, ())
    assert "this is a template" in finding.message
    assert pin(text) == text


RULE = "kind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - annotations:\n        summary: "


@pytest.mark.parametrize(
    "text",
    [
        f"{RULE}on {{{{ $labels.x }}}} down\n",
        f"{RULE}'{{{{ $labels.x }}}} is down'\n        image: '{{{{ $labels.image }}}} of {{{{ $labels.pod }}}}'\n",
        f"{RULE}|\n          {{{{ $value }}}}\n",
        'kind: ConfigMap\ndata:\n  a.json: |\n    {"image": "{{ x }}", "legendFormat": "{{pod}}"}\n',
        "kind: ConfigMap\ndata:\n  name: '{{ name }}'\n  image: '{{ image }}'\n",
        "kind: ApplicationSet\nspec:\n  template:\n    metadata: {name: '{{name}}', namespace: '{{path.basename}}'}\n",
        "kind: Pod\nspec: {a: {{b: c}: d}}\n".replace("{{b", "{ {b"),
        "kind: Pod # {{ .Values.x }}\n",
    ],
)
def test_braces_of_rules_dashboards_and_other_kinds_are_no_template(text: str) -> None:
    manifest = f"{text}---\n{POD}  - image: redis:8\n    args: ['{{{{ x }}}}', \"{{{{ .Values.y }}}}\"]\n"
    found = find(manifest)
    assert ([use.reference for use in found.uses], found.findings, found.unknown) == (["redis:8"], (), ())


def test_quoted_braces_beside_a_mistake_make_no_template() -> None:
    (finding,) = find("a:\n- b: c\n  title: '{{ template \"x\" . }}'\n    icon: '{{ y }}'\n").findings
    assert (finding.place.line, "template" in finding.message) == (4, False)


def test_a_broken_rule_is_shown_where_it_is_broken_and_called_no_template() -> None:
    (finding,) = find(f"{RULE}on {{{{ $labels.x }}}} down\n        a: b\n        c: d\n        e: f: g\n").findings
    assert (finding.place.line, "template" in finding.message) == (10, False)


WORKFLOW = """kind: Workflow
metadata: {generateName: a-}
spec:
  templates:
  - container: {image: "{{inputs.parameters.image}}"}
  - container: {image: alpine:3.20}
"""


def test_the_images_of_an_argo_workflow_are_unknown_and_once_declared_its_parameters_stay_so() -> None:
    parameter, image = "0:spec.templates.0.container.image", "0:spec.templates.1.container.image"
    found = find(WORKFLOW)
    assert ([each.path for each in found.unknown], found.uses, found.findings) == ([parameter, image], (), ())
    found = find(WORKFLOW, {"Workflow": [(("spec", "templates", "*", "container", "image"), ())]})
    assert ([each.path for each in found.unknown], found.findings) == ([parameter], ())
    assert [use.path for use in found.uses] == [image]
