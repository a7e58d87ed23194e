"""Kubeconfigs as the products write them, the nodes that stand behind them, and what the guard must say."""

from __future__ import annotations

import dataclasses

from devkit.cluster.evidence import Marker, Node
from devkit.cluster.policy import SharedCluster

UID, OTHER = "0f1a8e52-5c1f-4a57-9d3b-64a1c1de0001", "b7c9d0aa-77e2-4a0e-8f0c-2a90e2de0002"
HERE, THERE = "6f0a1f4e-0000-4000-8000-000000000001", "9b1d3c77-0000-4000-8000-000000000002"
OURS = "dev-infra"
MARKED = Marker(UID, OURS)
ALLOWED = ("kind-*", "k3d-*", "minikube", "docker-desktop", "rancher-desktop", "colima*", "orbstack", "microk8s",
           "default")  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A kubeconfig, what its cluster says, what is allowed; `sign` is the one that refuses ("": accepted).

    `late`: a sign that is asked before any request, and decides only by what the cluster says.
    """

    name: str
    kubeconfig: str
    nodes: tuple[Node, ...]
    sign: str = ""
    contexts: tuple[str, ...] = ALLOWED
    shared: tuple[SharedCluster, ...] = ()
    uid: str = UID
    remembered: str | None = UID
    marker: Marker | None = MARKED
    boot_id: str = HERE
    late: bool = False


def config(
    context: str, server: str, *, cluster: str = "", user: str = "", tls: str = "", login: str = "token: abcdef"
) -> str:
    """A kubeconfig with one context. `tls` is what its cluster entry has more, `login` what its user has."""
    extra = f", {tls}" if tls else ""
    return f"""apiVersion: v1
kind: Config
clusters:
- cluster: {{certificate-authority-data: LS0tLS1CRUdJTg==, server: '{server}'{extra}}}
  name: '{cluster or context}'
contexts:
- context: {{cluster: '{cluster or context}', user: '{user or cluster or context}'}}
  name: '{context}'
current-context: '{context}'
preferences: {{}}
users:
- name: '{user or cluster or context}'
  user: {{{login}}}
"""


def plugin(command: str, *args: str) -> str:
    """A user that logs in by an exec plugin."""
    listed = ", ".join(f"'{each}'" for each in args)
    version = "client.authentication.k8s.io/v1beta1"
    return f"exec: {{apiVersion: {version}, command: {command}, args: [{listed}], interactiveMode: IfAvailable}}"


def nodes(*provider_ids: str, boot: str = THERE, os: str = "", **labels: str) -> tuple[Node, ...]:
    """Nodes called by the end of their providerID."""
    return tuple(Node(each.rpartition("/")[2], each, os, boot, labels) for each in provider_ids)


def unnamed(*names: str, boot: str = THERE, os: str = "Ubuntu 24.04.3 LTS", **labels: str) -> tuple[Node, ...]:
    """Nodes without a providerID, as kubeadm, minikube and MicroK8s leave them."""
    return tuple(Node(name, "", os, boot, labels) for name in names)


def kind(name: str = "kind-dev", server: str = "https://127.0.0.1:43231", **more: str) -> str:
    """What kind writes."""
    return config(name, server, **more)


DEV = nodes("kind://docker/dev/dev-control-plane", os="Debian GNU/Linux 12 (bookworm)")
EC2 = nodes("aws:///eu-west-1a/i-0a1b2c3d4e5f60718")
K3S = nodes("k3s://node-a", boot=THERE, os="Ubuntu 24.04.3 LTS")
K3S_HERE = nodes("k3s://laptop", boot=HERE)
MINIKUBE = unnamed("minikube", **{"minikube.k8s.io/name": "minikube", "minikube.k8s.io/primary": "true"})
MICRO = {"microk8s.io/cluster": "true", "node.kubernetes.io/microk8s-controlplane": "microk8s-controlplane"}
EKS_ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/shop"
EKS_HOST = "https://0A1B2C3D4E5F60718293A4B5C6D7E8F9.gr7.eu-west-1.eks.amazonaws.com"
EKS_LOGIN = plugin("aws", "--region", "eu-west-1", "eks", "get-token", "--cluster-name", "shop")
GKE = "gke_shop-123456_europe-west1_shop"
GKE_LOGIN = plugin("gke-gcloud-auth-plugin")
LINODE = "https://d00de7a4-ea02-430f-a746-06c5c19518f4.eu-west-1.linodelke.net:443"
TEAM = SharedCluster("team-dev", "https://10.20.0.5:6443", UID)
TEAM_EKS = SharedCluster("dev-eks", EKS_HOST, UID, "aws")
TEAM_FILE = config("team-dev", "https://10.20.0.5:6443", cluster="kubernetes", user="kubernetes-admin")
EKS_FILE = config("dev-eks", EKS_HOST, cluster=EKS_ARN, login=EKS_LOGIN)

ACCEPTED = (
    Row("kind on docker", kind(), DEV),
    Row("kind on podman", kind(), nodes("kind://podman/dev/dev-control-plane")),
    Row("kind on nerdctl", kind(), nodes("kind://nerdctl/dev/dev-control-plane")),
    Row("kind, many nodes", kind("kind-ha"), nodes(
        "kind://docker/ha/ha-control-plane", "kind://docker/ha/ha-control-plane2", "kind://docker/ha/ha-worker")),
    Row("kind, context renamed", config("dev", "https://127.0.0.1:43231", cluster="kind-dev"), DEV, contexts=("dev",)),
    Row("kind on IPv6", kind(server="https://[::1]:43231"), DEV),
    Row("kind, listening on all", kind(server="https://0.0.0.0:43231"), DEV),
    Row("k3d", config("k3d-dev", "https://0.0.0.0:6550", user="admin@k3d-dev"), nodes("k3s://k3d-dev-server-0")),
    Row("k3d with Docker Desktop", config("k3d-a-b", "https://host.docker.internal:6550", user="admin@k3d-a-b"),
        nodes("k3s://k3d-a-b-server-0", "k3s://k3d-a-b-agent-0", "k3s://k3d-a-b-agent-11")),
    Row("k3s on this machine", config("default", "https://127.0.0.1:6443"), K3S_HERE),
    Row("k3s on this machine, entries renamed", config("k3s-here", "https://localhost:6443"), K3S_HERE,
        contexts=("k3s-here",)),
    Row("minikube on Linux", config("minikube", "https://192.168.49.2:8443", login="client-certificate: /c.crt"),
        MINIKUBE),
    Row("minikube on a Mac", config("minikube", "https://127.0.0.1:32769"), MINIKUBE),
    Row("minikube's profile on kvm2", config("citus", "https://192.168.39.24:8443"),
        unnamed("citus", "citus-m02", **{"minikube.k8s.io/name": "citus"}), contexts=("citus",)),
    Row("Docker Desktop", config("docker-desktop", "https://127.0.0.1:6443"),
        unnamed("docker-desktop", os="Docker Desktop")),
    Row("Docker Desktop, by its name", config("docker-desktop", "https://kubernetes.docker.internal:6443"),
        unnamed("docker-desktop", os="Docker Desktop")),
    Row("Docker Desktop, kind mode", config("docker-desktop", "https://127.0.0.1:52347"),
        nodes("kind://docker/desktop/desktop-control-plane", "kind://docker/desktop/desktop-worker")),
    Row("Docker Desktop, kind's own kubeconfig", kind("kind-desktop"),
        nodes("kind://docker/desktop/desktop-control-plane")),
    Row("Rancher Desktop", config("rancher-desktop", "https://127.0.0.1:6443"),
        nodes("k3s://lima-rancher-desktop", os="Alpine Linux v3.22")),
    Row("Rancher Desktop in WSL", config("rancher-desktop", "https://127.0.0.1:6443"), K3S_HERE),
    Row("Colima", config("colima", "https://127.0.0.1:54661"), nodes("k3s://colima")),
    Row("Colima, a profile", config("colima-work", "https://127.0.0.1:54661"), nodes("k3s://colima-work")),
    Row("OrbStack", config("orbstack", "https://127.0.0.1:26443"), nodes("k3s://orbstack", os="OrbStack")),
    Row("OrbStack, by its name", config("orbstack", "https://k8s.orb.local:26443"), nodes("k3s://orbstack")),
    Row("MicroK8s", config("microk8s", "https://127.0.0.1:16443", cluster="microk8s-cluster", user="admin"),
        unnamed("laptop", boot=HERE, **MICRO)),
    Row("a shared cluster", TEAM_FILE, K3S, shared=(TEAM,)),
    Row("a shared cluster whose nodes may not be read", TEAM_FILE, (), shared=(TEAM,)),
    Row("a shared cluster with a plugin", EKS_FILE, EC2, contexts=(), shared=(TEAM, TEAM_EKS)),
)  # fmt: skip

# What each sign alone keeps out: nothing else about these is wrong.
ALONE = (
    Row("a local name that says prod", kind("kind-prod"), nodes("kind://docker/prod/prod-control-plane"),
        "denied-name"),
    Row("kind with single sign-on", kind(login=plugin("kubectl", "oidc-login", "get-token")), DEV,
        "credential-plugin"),
    Row("kind behind a proxy", kind(tls="proxy-url: 'socks5://localhost:1080'"), DEV, "proxy"),
    Row("kubectl proxy", kind(server="http://127.0.0.1:8001"), DEV, "plain-http"),
    Row("a tunnel with tls-server-name", kind(tls="tls-server-name: kubernetes.default"), DEV, "borrowed-name"),
    Row("a tunnel with insecure-skip-tls-verify", kind(tls="insecure-skip-tls-verify: true"), DEV, "borrowed-name"),
    Row("a proxy of many clusters", kind(server="https://127.0.0.1:8443/clusters/7"), DEV, "server-path"),
    Row("kind on another machine", kind(server="https://192.168.1.20:43231"), DEV, "address"),
    Row("an empty allow-list", kind(), DEV, "allow-list", contexts=()),
    Row("a context not on the list", kind(), DEV, "allow-list", contexts=("kind-ci", "k3d-*")),
    Row("a cluster without a UID", kind(), DEV, "no-uid", uid="", remembered="", marker=Marker("", OURS)),
    Row("no nodes", kind(), (), "no-nodes"),
    Row("kind nodes with OpenShift's label", kind(), nodes(
        "kind://docker/dev/dev-control-plane", **{"node.openshift.io/os_id": "rhcos"}), "cloud-node"),
    Row("mixed nodes", kind(), (*DEV, *unnamed("worker-1")), "node-provider"),
    Row("nodes of two kind clusters", kind(), (*DEV, *nodes("kind://docker/ci/ci-control-plane")), "node-provider"),
    Row("kind's cluster of another name", kind(), nodes("kind://docker/ci/ci-control-plane"), "names-disagree"),
    Row("k3d called kind", kind(), nodes("k3s://k3d-dev-server-0"), "names-disagree"),
    Row("k3s here called kind", kind(), K3S_HERE, "names-disagree"),
    Row("k3s through an ssh tunnel", config("default", "https://127.0.0.1:6443"), K3S, "this-machine"),
    Row("k3s through an ssh tunnel, from a Mac", config("default", "https://127.0.0.1:6443"),
        nodes("k3s://node-a", boot=""), "this-machine", boot_id=""),
    Row("k3s here with an agent elsewhere", config("default", "https://127.0.0.1:6443"), (*K3S_HERE, *K3S),
        "this-machine"),
    Row("MicroK8s through a tunnel", config("microk8s", "https://127.0.0.1:16443", cluster="microk8s-cluster"),
        unnamed("server", **MICRO), "this-machine"),
    Row("a shared cluster's context at another server", TEAM_FILE.replace("10.20.0.5", "10.30.0.5"), K3S,
        "shared-server", shared=(TEAM,)),
    Row("a shared cluster whose certificate is not checked", config(
        "team-dev", TEAM.server, tls="insecure-skip-tls-verify: true"), K3S, "shared-tls", shared=(TEAM,)),
    Row("a shared cluster by another's certificate", config("team-dev", TEAM.server, tls="tls-server-name: kubernetes"),
        K3S, "shared-tls", shared=(TEAM,)),
    Row("a shared cluster by plain http", config("team-dev", "http://10.20.0.5:8001"), K3S, "shared-tls",
        shared=(dataclasses.replace(TEAM, server="http://10.20.0.5:8001"),)),
    Row("a shared cluster through a proxy", config("team-dev", TEAM.server, tls="proxy-url: 'socks5://127.0.0.1:1080'"),
        K3S, "shared-proxy", shared=(TEAM,)),
    Row("a shared cluster by another plugin", EKS_FILE.replace("command: aws", "command: ./aws"), EC2, "shared-exec",
        shared=(TEAM_EKS,)),
    Row("a shared cluster, a plugin where none is allowed", EKS_FILE, EC2, "shared-exec",
        shared=(dataclasses.replace(TEAM_EKS, exec=""),)),
    Row("a shared cluster by an auth-provider", TEAM_FILE.replace("token: abcdef", "auth-provider: {name: oidc}"), K3S,
        "shared-exec", shared=(TEAM,)),
    Row("a shared cluster made anew", TEAM_FILE, K3S, "shared-uid", shared=(TEAM,), uid=OTHER, remembered=OTHER,
        marker=Marker(OTHER, OURS)),
    Row("a shared cluster without a UID in the file", TEAM_FILE, K3S, "shared-uid",
        shared=(dataclasses.replace(TEAM, uid=""),)),
    Row("kind never confirmed", kind(), DEV, "uid-changed", remembered=None),
    Row("kind made anew, marker and all", kind(), DEV, "uid-changed", remembered=OTHER),
    Row("marker missing", kind(), DEV, "marker-missing", marker=None),
    Row("marker of another cluster", kind(), DEV, "marker-cluster", marker=Marker(OTHER, OURS)),
    Row("marker of another namespace", kind(), DEV, "marker-namespace", marker=Marker(UID, "dev-anna")),
)  # fmt: skip

_OPENSHIFT = "api-ocp4-example-com:6443"
_TELEPORT = "tls-server-name: kube-teleport-proxy-alpn.teleport.example.com"
_TSH = plugin("/usr/local/bin/tsh", "kube", "credentials", "--kube-cluster=shop", "--proxy=teleport.example.com:443")
_VULTR = "vke-455dcd32-e621-48ee-a10e-0cb5f754e13e"


def remote(name: str, sign: str, kubeconfig: str, seen: tuple[Node, ...], *, late: bool = False) -> Row:
    """A cluster that is not local, where the project allows every context: the list alone must not be what helps."""
    return Row(name, kubeconfig, seen, sign, contexts=("*",), late=late)


REMOTE = (
    remote("EKS", "denied-name", config(EKS_ARN, EKS_HOST, login=EKS_LOGIN), EC2),
    remote("EKS by eksctl", "denied-name", config("anna@shop.eu-west-1.eksctl.io", EKS_HOST, login=EKS_LOGIN), EC2),
    remote("EKS with an alias", "denied-name", config("kind-dev", EKS_HOST, cluster=EKS_ARN, login=EKS_LOGIN), EC2),
    remote("EKS with all names like kind's", "denied-name", kind(server=EKS_HOST), EC2),
    remote("EKS through a tunnel, by its plugin", "credential-plugin", kind(login=EKS_LOGIN), EC2),
    remote("EKS through a tunnel, by a token", "cloud-node", kind(), EC2),
    remote("EKS through an http proxy", "denied-name", config("eks", EKS_HOST, tls="proxy-url: 'http://10.0.0.3:80'"),
           EC2),
    remote("GKE", "denied-name", config(GKE, "https://34.76.10.20", login=GKE_LOGIN), nodes("gce://shop/b/gke-1")),
    remote("GKE by its DNS endpoint", "denied-name",
           kind(server="https://gke-0a1b2c3d4e5f-123456789.europe-west1.gke.goog", login=GKE_LOGIN),
           nodes("gce://shop/b/gke-1")),
    remote("GKE, context renamed", "denied-name",
           config("kind-dev", "https://34.76.10.20", cluster=GKE, login=GKE_LOGIN), nodes("gce://shop/b/gke-1")),
    remote("GKE by the connect gateway", "denied-name", config(
        "connectgateway_shop_global_dev", "https://connectgateway.googleapis.com/v1/projects/1/locations/global"), ()),
    remote("GKE by its plugin, names local", "credential-plugin",
           kind(server="https://34.76.10.20", login=GKE_LOGIN), nodes("gce://shop/b/gke-1")),
    remote("GKE of old, by an auth-provider", "credential-plugin",
           kind(server="https://34.76.10.20", login="auth-provider: {name: gcp, config: {cmd-path: /opt/gcloud}}"),
           nodes("gce://shop/b/gke-1")),
    remote("AKS", "denied-name", config("shop", "https://shop-dns-0a1b2c3d.hcp.westeurope.azmk8s.io:443",
           user="clusterUser_shop-rg_shop"), nodes("azure:///subscriptions/0/virtualMachines/0")),
    remote("AKS behind a private address", "denied-name",
           config("shop", "https://127.0.0.1:6443", user="clusterAdmin_shop-rg_shop"), unnamed("aks-nodepool1-0")),
    remote("AKS by kubelogin", "credential-plugin", kind(login=plugin("kubelogin", "get-token", "--login", "azurecli")),
           nodes("azure:///subscriptions/0/virtualMachines/0", **{"kubernetes.azure.com/cluster": "MC_shop"})),
    remote("AKS by Azure Arc's proxy", "denied-name", kind(server="https://127.0.0.1:47011/proxies/0a1b2c"), ()),
    remote("OpenShift", "denied-name", config(f"default/{_OPENSHIFT}/kube:admin", "https://api.ocp4.example.com:6443",
           cluster=_OPENSHIFT, user=f"kube:admin/{_OPENSHIFT}"), unnamed("w-0", **{"node.openshift.io/os_id": "r"})),
    remote("OpenShift on AWS, renamed", "denied-name", kind(server="https://api.shop.a1b2.p1.openshiftapps.com:6443"),
           EC2),
    remote("Rancher's proxy", "denied-name", config("dev", "https://rancher.example.com/k8s/clusters/c-m-ckf5sprd",
           login="token: 'kubeconfig-u-abc:xyz'"), nodes("rke2://node-a")),
    remote("Rancher's proxy through a tunnel", "denied-name", kind(server="https://127.0.0.1:8443/k8s/clusters/local"),
           K3S),
    remote("Teleport", "denied-name", config("teleport.example.com-shop", "https://teleport.example.com:443"
           "/v1/teleport/c2hvcA/a3ViZQ", cluster="teleport.example.com", login=_TSH), EC2),
    remote("Teleport by name, over loopback", "credential-plugin", kind(tls=_TELEPORT, login=_TSH), EC2),
    remote("Tailscale", "denied-name", config("default", "https://shop.tail0a1b2.ts.net:6443"), K3S),
    remote("vcluster in a cloud", "denied-name", config("vcluster_dev_team-a_kind-x", "https://localhost:11643"), EC2),
    remote("vcluster, context renamed", "node-provider", kind(server="https://localhost:11643"),
           unnamed("ip-10-0-1-7", os="")),
    remote("DigitalOcean", "denied-name", config("do-fra1-shop",
           "https://8a604b66-43ff-4f24-926c-29b158894e10.k8s.ondigitalocean.com"), nodes("digitalocean://4711")),
    remote("Linode", "denied-name", config("lke203785-ctx", LINODE, cluster="lke203785", user="lke203785-admin"),
           nodes("linode://4711")),
    remote("Civo, renamed", "address", kind(server="https://74.220.18.5:6443"), nodes("civo://4711")),
    remote("Vultr", "denied-name", config(_VULTR, f"https://{_VULTR[4:]}.vultr-k8s.com:6443"), nodes("vultr://4711")),
    remote("Scaleway", "denied-name", config("admin@shop", "https://0a1b2c.api.k8s.fr-par.scw.cloud:6443"), ()),
    remote("OVHcloud", "denied-name", config("kubernetes-admin@shop", "https://ebak4v.c1.sbg5.k8s.ovh.net"), ()),
    remote("Oracle", "denied-name", config("context-cyvinhurwxq", "https://129.146.1.2:6443",
           cluster="cluster-cyvinhurwxq", user="user-cyvinhurwxq", login=plugin("oci", "ce", "cluster")), ()),
    remote("Gardener", "denied-name", config("garden-shop--dev-external",
           "https://api.dev.shop.internal.live.k8s.ondemand.com"), nodes("openstack:///4711")),
    remote("Hetzner through a tunnel", "cloud-node", kind(), nodes("hcloud://4711")),
    remote("vSphere through a tunnel", "cloud-node", kind(), nodes("vsphere://4211-0a1b")),
    remote("kubeadm through a tunnel", "node-provider", kind(), unnamed("cp-1", "worker-1")),
    remote("k3s by its private address", "address", config("default", "https://10.0.4.7:6443"), K3S),
    remote("k3s by an address that minikube uses", "address", kind("default", "https://192.168.49.2:6443"), K3S,
           late=True),
    remote("k3s at Docker Desktop's name", "address", kind("default", "https://kubernetes.docker.internal:6443"),
           K3S_HERE, late=True),
    remote("MicroK8s by `microk8s config`", "address", config("microk8s", "https://192.168.1.10:16443",
           cluster="microk8s-cluster", user="admin"), unnamed("server", **MICRO)),
    remote("minikube's none driver on EC2", "address", config("minikube", "https://172.31.29.188:8443"), MINIKUBE),
    remote("a kind name that leads into the net", "address", kind(server="https://203.0.113.9:6443"), EC2),
    remote("a DNS name that leads to loopback", "address", kind(server="https://dev.localtest.me:43231"), DEV),
    remote("a loopback address inside a name", "address", kind(server="https://127.0.0.1.nip.io:43231"), DEV),
    remote("a loopback address as one number", "address", kind(server="https://2130706433:43231"), DEV),
    remote("production by its name", "denied-name", config("shopPROD1", "https://10.0.4.7:6443"), K3S),
    remote("production by its host", "denied-name", config("default", "https://k8s.prod.example.com"), K3S),
    remote("production by its user", "denied-name", config("default", "https://127.0.0.1:6443", user="live_me"), K3S),
    remote("kubectl proxy to a cloud", "plain-http", config("default", "http://127.0.0.1:8001"), EC2),
    remote("a cloud's tunnel, certificate unchecked", "borrowed-name", kind(tls="insecure-skip-tls-verify: true"), EC2),
)  # fmt: skip

ROWS = (*ACCEPTED, *ALONE, *REMOTE)
