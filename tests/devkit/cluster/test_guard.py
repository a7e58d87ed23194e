"""The guard: right about every cluster of the table, and no sign or entry in it is there for nothing."""

from __future__ import annotations

import dataclasses
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from devkit.cluster.deny import DENIED, Denied, Kind, denied
from devkit.cluster.evidence import Evidence
from devkit.cluster.guard import Refusal, refusal_before, refusal_looked, refusal_owned
from devkit.cluster.kubeconfig import read_target
from devkit.cluster.policy import Policy, SharedCluster
from devkit.cluster.sign import Sign
from devkit.cluster.signs import BEFORE, LOOKED, OWNED
from devkit.cluster.target import Target
from tests.devkit.cluster.clusters import ACCEPTED, OURS, ROWS, Row

SIGNS = (*BEFORE, *LOOKED, *OWNED)
REFUSED = tuple(row for row in ROWS if row.sign)
by_name = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
refused_by_name = pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.name)

# Names, hosts, … as they occur. Each entry must be the only one to catch one of them.
EXAMPLES = {
    Kind.NAME: """gke_shop-123456_europe-west1_shop connectgateway_shop_global_dev shop-aws.eu-west-1.eksctl.io
        arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/shop clusterUser_shop-rg_shop do-fra1-shop lke203785-ctx
        default/api-ocp4-example-com:6443/kube:admin vke-455dcd32-e621-48ee-a10e-0cb5f754e13e context-cyvinhurwxq
        yc-managed-k8s-cat0a1b2 garden-shop--dev-external tanzu-cli-shop vcluster_dev_team-a_kind-dev""",
    Kind.WORD: "kind-prod1 MyProduction k8s.prd.example.com live_admin k3d-preprod STAGING-a k3s-stage2 a.stg.b",
    Kind.HOST: """0A1B.gr7.eu-west-1.eks.amazonaws.com 0A1B.yl4.cn-north-1.eks.amazonaws.com.cn
        gke-0a1b-123.europe-west1.gke.goog connectgateway.googleapis.com shop-dns-0a1b.hcp.westeurope.azmk8s.io
        eastus.k8sconnect.azure.com shop.hcp.usgovvirginia.cx.aks.containerservice.azure.us 0a1b.k8s.ondigitalocean.com
        api.shop.a1b2.p1.openshiftapps.com d00de7a4.eu-west-1.linodelke.net 0a1b.api.k8s.fr-par.scw.cloud
        ebak4v.c1.sbg5.k8s.ovh.net 0a1b.eu-frankfurt-1.clusters.oci.oraclecloud.com 0a1b.k8s.civo.com.
        c100-e.eu-de.containers.cloud.ibm.com c2.us-south.containers.appdomain.cloud 0a1b.vultr-k8s.com
        0a1b.sks-ch-gva-2.exo.io api.dev.shop.internal.canary.k8s.ondemand.com cls-0a1b.ccs.tencent-cloud.com
        apiserver.0a1b.cn-hangzhou.cs.aliyuncs.com shop.tail0a1b2.ts.net""",
    Kind.PATH: "/k8s/clusters/c-m-ckf5sprd /v1/teleport/c2hvcA/a3ViZQ /kubernetes/cluster/dev /proxies/0a1b2c",
    Kind.PLUGIN: r"""/usr/local/bin/aws aws-iam-authenticator gke-gcloud-auth-plugin.exe gcloud gcp kubelogin azure tsh
        doctl oci ibmcloud scw exo yc tanzu pinniped kubectl-gardenlogin C:\tools\rancher.exe""",
    Kind.PROVIDER: """aws:///eu-west-1a/i-0a1b gce://shop/b/gke-1 azure:///subscriptions/0 openstack:///0a1b
        vsphere://4211-0a1b digitalocean://4711 linode://4711 hcloud://4711 scaleway://instance/fr-par-1/0a1b
        ocid1.instance.oc1.eu-frankfurt-1.0a1b oci://0a1b ibm://0a1b///shop civo://0a1b vultr://0a1b exoscale://0a1b
        equinixmetal://0a1b qcloud:///800001/ins-0a1b yandex://fhm0a1b upcloud:////0a1b ionos://0a1b nutanix://0a1b
        proxmox://dc/100 harvester://0a1b kubevirt://vm-0a1b cloudstack:///0a1b metal3://ns/host/0a1b rke2://node-a""",
    Kind.LABEL: """eks.amazonaws.com/nodegroup alpha.eksctl.io/cluster-name karpenter.k8s.aws/instance-size
        cloud.google.com/gke-nodepool kubernetes.azure.com/cluster node.openshift.io/os_id lke.linode.com/pool-id
        doks.digitalocean.com/node-pool k8s.scaleway.com/pool-name oke.oraclecloud.com/pool.name
        oci.oraclecloud.com/fault-domain ibm-cloud.kubernetes.io/zone kubernetes.civo.com/node-pool
        vke.vultr.com/node-pool node.exoscale.net/nodepool-id alibabacloud.com/nodepool-id
        tke.cloud.tencent.com/nodepool-id yandex.cloud/node-group-id worker.gardener.cloud/pool
        run.tanzu.vmware.com/tkr rke.cattle.io/machine instance.hetzner.cloud/provided-by""",
}


def policy_of(row: Row) -> Policy:
    return Policy(row.contexts, row.shared, OURS, row.boot_id, row.remembered)


def target_of(row: Row, folder: Path) -> Target:
    file = folder / "config"
    file.write_text(row.kubeconfig)
    return read_target({"KUBECONFIG": str(file)})


def refusal(row: Row, target: Target, policy: Policy, signs: tuple[Sign, ...] = SIGNS) -> Refusal | None:
    """As a verb that deletes asks: before any request, after reading, and right before the delete."""
    before = tuple(sign for sign in signs if sign in BEFORE)
    looked = tuple(sign for sign in signs if sign not in OWNED)
    evidence = Evidence(row.uid, row.nodes, row.marker)
    return (
        refusal_before(target, policy, before)
        or refusal_looked(target, evidence, policy, looked)
        or refusal_owned(target, evidence, policy, signs)
    )


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    assert len(ACCEPTED) >= 14
    assert len(REFUSED) >= 31
    assert len({row.name for row in ROWS}) == len(ROWS)


@by_name
def test_a_cluster_is_accepted_or_refused_by_the_sign_that_should(row: Row, tmp_path: Path) -> None:
    found = refusal(row, target_of(row, tmp_path), policy_of(row))
    assert (found.sign if found else "") == row.sign, found


@refused_by_name
def test_what_can_be_known_before_a_request_is_refused_before_one(row: Row, tmp_path: Path) -> None:
    found = refusal_before(target_of(row, tmp_path), policy_of(row))
    assert (found is not None) == (row.sign in {sign.id for sign in BEFORE} and not row.late)


@refused_by_name
def test_a_refusal_says_why_in_one_line_and_its_cure_is_a_command_or_an_edit(row: Row, tmp_path: Path) -> None:
    found = refusal(row, target_of(row, tmp_path), policy_of(row))
    assert found is not None
    assert found.reason
    assert "\n" not in found.reason
    assert "abcdef" not in f"{found}"
    assert any(part in found.cure for part in ("kubectl ", "./inv ", "contexts = [", "[[tool.devkit.cluster]]"))


def mended(target: Target, cure: str) -> Target:
    """The target after the kubectl command of a cure, if there is one, that changes the cluster's entry."""
    found = re.search(r"kubectl config set-cluster [^)\n]*", cure)
    if found is None:
        return target
    name, *options = shlex.split(found[0])[3:]
    assert name == target.cluster
    given = dict(option.removeprefix("--").split("=") for option in options)
    entry = {**target.cluster_entry, **given, "insecure-skip-tls-verify": False}
    return dataclasses.replace(target, server=given.get("server", target.server), cluster_entry=entry)


@refused_by_name
def test_following_the_cure_allows_the_cluster_and_nothing_less_does(row: Row, tmp_path: Path) -> None:
    target, policy = target_of(row, tmp_path), policy_of(row)
    found = refusal(row, target, policy)
    assert found is not None
    edit = tomllib.loads("\n".join(line[4:] for line in found.cure.splitlines() if line.startswith("    ")))
    straight = mended(target, found.cure)
    if "contexts" in edit:
        assert refusal(row, target, dataclasses.replace(policy, contexts=tuple(edit["contexts"]))) is None
    elif "tool" in edit and row.uid:
        (entry,) = edit["tool"]["devkit"]["cluster"]
        half, whole = SharedCluster(**entry), SharedCluster(**{**entry, "uid": row.uid})
        assert refusal(row, straight, dataclasses.replace(policy, shared=(half,))) is not None
        assert refusal(row, straight, dataclasses.replace(policy, shared=(whole,))) is None
        assert straight is target or refusal(row, target, dataclasses.replace(policy, shared=(whole,))) is not None
    elif straight is not target:
        later = refusal(row, straight, policy)
        assert later is None or later.sign in {"address", "cloud-node", "shared-server"}
    else:
        assert found.sign in {"no-uid", *(sign.id for sign in OWNED)} or target.auth_provider


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.id)
def test_without_any_one_sign_a_refused_cluster_is_accepted(sign: Sign, tmp_path: Path) -> None:
    rest = tuple(each for each in SIGNS if each is not sign)
    freed = [
        row.name
        for row in REFUSED
        if row.sign == sign.id and refusal(row, target_of(row, tmp_path), policy_of(row), rest) is None
    ]
    assert freed


def test_every_sign_has_its_own_id() -> None:
    assert len({sign.id for sign in SIGNS}) == len(SIGNS)


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row.name)
def test_without_a_list_and_a_shared_cluster_nothing_is_allowed(row: Row, tmp_path: Path) -> None:
    policy = dataclasses.replace(policy_of(row), contexts=(), shared=())
    assert refusal_before(target_of(row, tmp_path), policy) is not None


@pytest.mark.parametrize("sign", [*LOOKED, *OWNED], ids=lambda sign: sign.id)
def test_a_sign_that_needs_to_look_refuses_without(sign: Sign, tmp_path: Path) -> None:
    row = ACCEPTED[0]
    assert sign.judge(target_of(row, tmp_path), None, policy_of(row)) == "nothing was read of the cluster yet"


@pytest.mark.parametrize("entry", DENIED, ids=lambda entry: f"{entry.kind.name} {entry.pattern}")
def test_each_entry_of_the_deny_list_alone_catches_something(entry: Denied) -> None:
    rest = tuple(each for each in DENIED if each is not entry)
    caught = [text for text in EXAMPLES[entry.kind].split() if entry.is_like(text)]
    assert [text for text in caught if denied([(entry.kind, text)], rest) is None]


@pytest.mark.parametrize("kind", Kind)
def test_each_example_is_caught(kind: Kind) -> None:
    assert [text for text in EXAMPLES[kind].split() if denied([(kind, text)]) is None] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.WORD, "kind-product"),
        (Kind.WORD, "livestock"),
        (Kind.WORD, "backstage"),
        (Kind.WORD, "olive"),
        (Kind.HOST, "noteks.amazonaws.com.example"),
        (Kind.HOST, "xazmk8s.io"),
        (Kind.NAME, "kind-gke_like"),
        (Kind.NAME, "cluster-citus"),
        (Kind.PLUGIN, "laws"),
    ],
)
def test_what_only_resembles_an_entry_is_not_caught(kind: Kind, text: str) -> None:
    assert denied([(kind, text)]) is None
