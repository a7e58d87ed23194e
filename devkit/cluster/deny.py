"""What means a cloud, a managed cluster or production: names, hosts, paths, credential plugins, provider IDs, labels.

None of this makes a cluster local; it gives the reason why one is not, and catches what wears a local name. Each entry
is what the product itself writes into kubeconfigs and nodes.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Iterable

# prod1 is prod, and so is the Prod of MyProd.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class Kind(enum.Enum):
    """What an entry is held against, and how: see `is_like`."""

    NAME = enum.auto()  # of a context, cluster or user: a regular expression
    WORD = enum.auto()  # one whole word of a name, host or path
    HOST = enum.auto()  # a host, or any host below it
    PATH = enum.auto()  # a part of the API server's path
    PLUGIN = enum.auto()  # the file name of an exec command, or an auth-provider
    PROVIDER = enum.auto()  # the start of a node's providerID
    LABEL = enum.auto()  # the start of a node label's name


@dataclasses.dataclass(frozen=True, slots=True)
class Denied:
    """One thing that a local cluster never has, and whose it is."""

    kind: Kind
    pattern: str
    means: str

    def is_like(self, text: str) -> bool:
        """Whether `text`, which is of this entry's kind, is meant."""
        match self.kind:
            case Kind.NAME:
                return re.search(self.pattern, text, re.IGNORECASE) is not None
            case Kind.WORD:
                return self.pattern in {word.lower() for word in _WORD.findall(text)}
            case Kind.HOST:
                return f".{text.rstrip('.')}".endswith(f".{self.pattern}")
            case Kind.PATH:
                return self.pattern in f"{text}/"
            case Kind.PLUGIN:
                return re.split(r"[/\\]", text)[-1].removesuffix(".exe") == self.pattern
            case Kind.PROVIDER | Kind.LABEL:
                return text.startswith(self.pattern)


def _all(kind: Kind, *pairs: tuple[str, str]) -> tuple[Denied, ...]:
    return tuple(Denied(kind, pattern, means) for pattern, means in pairs)


DENIED = (
    *_all(
        Kind.NAME,
        (r"^gke_", "Google GKE"),
        (r"^connectgateway_", "Google's connect gateway"),
        (r"^arn:aws[a-z-]*:eks:", "Amazon EKS"),
        (r"\.eksctl\.io$", "Amazon EKS"),
        (r"^cluster(User|Admin)_", "Azure AKS"),
        (r"(^|/)api-[a-z0-9-]+:\d+(/|$)", "OpenShift"),
        (r"^do-[a-z]{3}\d-", "DigitalOcean"),
        (r"^lke\d+", "Linode LKE"),
        (r"^vke-", "Vultr"),
        (r"^(context|cluster|user)-c[a-z0-9]{10}$", "Oracle OKE"),
        (r"^yc-", "Yandex Cloud"),
        (r"^garden-.+--|^shoot--", "Gardener"),
        (r"^tanzu-cli-", "Tanzu"),
        (r"^(loft-)?vcluster_", "a vcluster, which lives in another cluster"),
    ),
    *_all(
        Kind.WORD,
        ("prod", "production"),
        ("production", "production"),
        ("prd", "production"),
        ("live", "production"),
        ("preprod", "the stage before production"),
        ("staging", "staging"),
        ("stage", "staging"),
        ("stg", "staging"),
    ),
    *_all(
        Kind.HOST,
        ("eks.amazonaws.com", "Amazon EKS"),
        ("eks.amazonaws.com.cn", "Amazon EKS"),
        ("gke.goog", "Google GKE"),
        ("googleapis.com", "Google's connect gateway"),
        ("azmk8s.io", "Azure AKS"),
        ("azure.com", "Azure"),
        ("azure.us", "Azure"),
        ("openshiftapps.com", "OpenShift"),
        ("k8s.ondigitalocean.com", "DigitalOcean"),
        ("linodelke.net", "Linode LKE"),
        ("scw.cloud", "Scaleway"),
        ("ovh.net", "OVHcloud"),
        ("oraclecloud.com", "Oracle OKE"),
        ("cloud.ibm.com", "IBM Cloud"),
        ("appdomain.cloud", "IBM Cloud"),
        ("civo.com", "Civo"),
        ("vultr-k8s.com", "Vultr"),
        ("exo.io", "Exoscale"),
        ("ondemand.com", "SAP's Gardener"),
        ("tencent-cloud.com", "Tencent Cloud"),
        ("aliyuncs.com", "Alibaba Cloud"),
        ("ts.net", "a machine in a Tailscale network"),
    ),
    *_all(
        Kind.PATH,
        ("/k8s/clusters/", "Rancher's proxy"),
        ("/v1/teleport/", "Teleport's proxy"),
        ("/kubernetes/cluster/", "the vCluster platform's proxy"),
        ("/proxies/", "Azure Arc's proxy"),
    ),
    *_all(
        Kind.PLUGIN,
        ("aws", "Amazon EKS"),
        ("aws-iam-authenticator", "Amazon EKS"),
        ("gke-gcloud-auth-plugin", "Google GKE"),
        ("gcloud", "Google GKE"),
        ("gcp", "Google GKE"),
        ("kubelogin", "Azure AKS, or single sign-on"),
        ("azure", "Azure AKS"),
        ("tsh", "Teleport"),
        ("doctl", "DigitalOcean"),
        ("oci", "Oracle OKE"),
        ("ibmcloud", "IBM Cloud"),
        ("scw", "Scaleway"),
        ("exo", "Exoscale"),
        ("yc", "Yandex Cloud"),
        ("tanzu", "Tanzu"),
        ("pinniped", "Tanzu"),
        ("kubectl-gardenlogin", "Gardener"),
        ("rancher", "Rancher"),
    ),
    *_all(
        Kind.PROVIDER,
        ("aws://", "Amazon"),
        ("gce://", "Google Cloud"),
        ("azure://", "Azure"),
        ("openstack://", "OpenStack"),
        ("vsphere://", "vSphere"),
        ("digitalocean://", "DigitalOcean"),
        ("linode://", "Linode"),
        ("hcloud://", "Hetzner Cloud"),
        ("scaleway://", "Scaleway"),
        ("ocid1.", "Oracle Cloud"),
        ("oci://", "Oracle Cloud"),
        ("ibm://", "IBM Cloud"),
        ("civo://", "Civo"),
        ("vultr://", "Vultr"),
        ("exoscale://", "Exoscale"),
        ("equinixmetal://", "Equinix Metal"),
        ("qcloud://", "Tencent Cloud"),
        ("yandex://", "Yandex Cloud"),
        ("upcloud://", "UpCloud"),
        ("ionos://", "IONOS"),
        ("nutanix://", "Nutanix"),
        ("proxmox://", "Proxmox"),
        ("harvester://", "Harvester"),
        ("kubevirt://", "KubeVirt"),
        ("cloudstack://", "CloudStack"),
        ("metal3://", "bare metal"),
        ("rke2://", "RKE2"),
    ),
    *_all(
        Kind.LABEL,
        ("eks.amazonaws.com/", "Amazon EKS"),
        ("alpha.eksctl.io/", "Amazon EKS"),
        ("karpenter.k8s.aws/", "Amazon EKS"),
        ("cloud.google.com/", "Google GKE"),
        ("kubernetes.azure.com/", "Azure AKS"),
        ("node.openshift.io/", "OpenShift"),
        ("doks.digitalocean.com/", "DigitalOcean"),
        ("lke.linode.com/", "Linode LKE"),
        ("k8s.scaleway.com/", "Scaleway"),
        ("oke.oraclecloud.com/", "Oracle OKE"),
        ("oci.oraclecloud.com/", "Oracle Cloud"),
        ("ibm-cloud.kubernetes.io/", "IBM Cloud"),
        ("kubernetes.civo.com/", "Civo"),
        ("vke.vultr.com/", "Vultr"),
        ("node.exoscale.net/", "Exoscale"),
        ("alibabacloud.com/", "Alibaba Cloud"),
        ("tke.cloud.tencent.com/", "Tencent Cloud"),
        ("yandex.cloud/", "Yandex Cloud"),
        ("worker.gardener.cloud/", "Gardener"),
        ("run.tanzu.vmware.com/", "Tanzu"),
        ("rke.cattle.io/", "Rancher"),
        ("instance.hetzner.cloud/", "Hetzner"),
    ),
)


def denied(looked: Iterable[tuple[Kind, str]], entries: tuple[Denied, ...] = DENIED) -> tuple[str, str] | None:
    """The first of the texts, each with its kind, that an entry catches, and whose it is; None when none does."""
    for kind, text in looked:
        for entry in entries:
            if entry.kind is kind and entry.is_like(text):
                return text, entry.means
    return None
