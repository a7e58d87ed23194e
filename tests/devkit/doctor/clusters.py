"""The node's image, the kubeconfig, the guard, and the server."""

from __future__ import annotations

import dataclasses

from tests.devkit.doctor.fake import BAD_KUBECONFIG, FORBIDDEN, K3S, KIND, REFUSED, SILENT, Plan
from tests.devkit.doctor.situation import OK, PROBLEM, UNKNOWN, WARNING, Situation, kind_yaml, kubectl

CLUSTER = (
    Situation("node-image", "by digest", OK, Plan()),
    Situation("node-image", "by its tag", WARNING, Plan(files=kind_yaml("kindest/node:v1.36.4"))),
    Situation("node-image", "a tag that moves", PROBLEM, Plan(files=kind_yaml("kindest/node:latest"))),
    Situation(
        "node-image",
        "no image",
        PROBLEM,
        Plan(files={"infra/kind.yaml": "kind: Cluster\nnodes:\n  - role: control-plane\n"}),
    ),
    Situation("node-image", "no nodes", PROBLEM, Plan(files={"infra/kind.yaml": "kind: Cluster\n"})),
    Situation("node-image", "no YAML", PROBLEM, Plan(files={"infra/kind.yaml": "kind: [Cluster\n"})),
    Situation("node-image", "no file", PROBLEM, Plan(files={"infra/kind.yaml": None})),
    Situation("node-image", "no name", PROBLEM, Plan(files=kind_yaml("kindest/Node:v1.36.4"))),
    Situation(
        "node-image",
        "two images",
        PROBLEM,
        Plan(files={"infra/kind.yaml": "nodes:\n- {image: 'a:v1.2.3'}\n- {image: 'a:v1.2.4'}\n"}),
    ),
    Situation("kubeconfig", "kind's", OK, Plan(cluster=KIND)),
    Situation("kubeconfig", "none", WARNING, Plan()),
    Situation("kubeconfig", "cannot be read", PROBLEM, Plan(cluster=BAD_KUBECONFIG)),
    Situation("guard", "proven", OK, Plan(cluster=KIND)),
    Situation("guard", "production", PROBLEM, Plan(cluster=REFUSED)),
    Situation("guard", "does not answer", WARNING, Plan(cluster=SILENT)),
    Situation("guard", "may not look", UNKNOWN, Plan(cluster=FORBIDDEN)),
    Situation("guard", "no cluster", UNKNOWN, Plan()),
    Situation("kubernetes", "the pinned one", OK, Plan(cluster=KIND)),
    Situation("kubernetes", "k3s", OK, Plan(cluster=K3S)),
    Situation("kubernetes", "another than pinned", WARNING, Plan(cluster=dataclasses.replace(KIND, version="v1.34.0"))),
    Situation("kubernetes", "an old kind", PROBLEM, Plan(cluster=dataclasses.replace(KIND, version="v1.28.15"))),
    Situation("kubernetes", "an old k3s", PROBLEM, Plan(cluster=dataclasses.replace(K3S, version="v1.27.1+k3s1"))),
    Situation("kubernetes", "no server", UNKNOWN, Plan(cluster=SILENT)),
    Situation("kubectl-skew", "one apart", OK, Plan(kubectl("v1.35.0"), cluster=KIND)),
    Situation("kubectl-skew", "two older", PROBLEM, Plan(kubectl("v1.34.9"), cluster=KIND)),
    Situation("kubectl-skew", "two newer", PROBLEM, Plan(kubectl("v1.38.1"), cluster=KIND)),
    Situation("kubectl-skew", "no kubectl", UNKNOWN, Plan(cluster=KIND)),
    Situation("kubectl-skew", "no server", UNKNOWN, Plan(kubectl("v1.36.4"), cluster=SILENT)),
)
