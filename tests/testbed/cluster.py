"""A cluster a session: etcd, API server, controllers, scheduler and a simulated kubelet, as processes on 127.0.0.1."""

from __future__ import annotations

import base64
import dataclasses
import json
import secrets
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.testbed.certificates import Authority
from tests.testbed.kube import Kube
from tests.testbed.programs import Program, free_port
from tests.testbed.stages import write_stages

_AUDIT = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
"""


@dataclasses.dataclass(frozen=True)
class Request:
    """One request as the API server's audit log has it."""

    verb: str
    uri: str
    agent: str
    code: int


class Cluster:
    """A running cluster that shows itself as the kind cluster `name`."""

    def __init__(self, folder: Path, programs: Mapping[str, Path], name: str) -> None:
        self.folder = folder
        self.name = name
        self.context = f"kind-{name}"
        self._programs = programs
        self.authority = Authority(folder)
        certificate, key = self.authority.issue("admin", "/O=system:masters/CN=kubernetes-admin")
        self.admin = {"client-certificate-data": _data(certificate), "client-key-data": _data(key)}
        self.port, self.etcd_port, self.kubelet_port = free_port(), free_port(), free_port()
        self.server = f"https://127.0.0.1:{self.port}"
        context = ssl.create_default_context(cafile=str(self.authority.ca))
        context.load_cert_chain(certificate, key)
        self.kube = Kube(self.server, context)
        self.kubeconfig = self.write_kubeconfig(folder / "kubeconfig")
        self._servers = self._plan()

    # -- starting and stopping

    def start(self) -> None:
        """Start everything, and wait until a node is ready."""
        etcd, apiserver, *others = self._servers
        etcd.start()
        self._start_apiserver(apiserver)
        for program in others:
            program.start()
        self._furnish()
        others[-1].wait(self._has_node)

    def restart_apiserver(self) -> None:
        """Kill the API server and start it anew on the same port."""
        self._servers[1].stop(at_once=True)
        self._start_apiserver(self._servers[1])

    def stop_apiserver(self) -> None:
        """Take the API server away; restart_apiserver() brings it back."""
        self._servers[1].stop(at_once=True)

    def stop(self) -> None:
        """Stop everything, etcd last."""
        for program in reversed(self._servers):
            program.stop()

    def _start_apiserver(self, program: Program) -> None:
        program.start()
        program.wait(self.kube.is_ready)

    def _has_node(self) -> bool:
        nodes = self.kube.get("/api/v1/nodes")["items"]
        states = [
            c["status"] for node in nodes for c in node.get("status", {}).get("conditions", []) if c["type"] == "Ready"
        ]
        return "True" in states

    def _furnish(self) -> None:
        """A node as kind makes it, and the storage class that kind brings."""
        self.add_node(f"{self.name}-control-plane", f"kind://docker/{self.name}/{self.name}-control-plane")
        self.kube.create(
            "/apis/storage.k8s.io/v1/storageclasses",
            {
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": {
                    "name": "standard",
                    "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
                },
                "provisioner": "kubernetes.io/host-path",
            },
        )
        self.kube.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", _forward_definition())

    def add_node(self, name: str, provider_id: str, **labels: str) -> None:
        """A node; the simulated kubelet makes it ready."""
        self.kube.create(
            "/api/v1/nodes",
            {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": name, "labels": labels},
                "spec": {"providerID": provider_id},
            },
        )

    # -- what tests need of it

    def write_kubeconfig(
        self,
        file: Path,
        *,
        user: Mapping[str, str] | None = None,
        server: str = "",
        cluster: str = "",
        context: str = "",
    ) -> Path:
        """A kubeconfig as `kind` writes it, for the administrator or for `user`."""
        cluster = cluster or self.context
        context = context or cluster
        entry = {"server": server or self.server, "certificate-authority-data": _data(self.authority.ca)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster, "cluster": entry}],
            "users": [{"name": cluster, "user": dict(user or self.admin)}],
            "contexts": [{"name": context, "context": {"cluster": cluster, "user": cluster}}],
            "current-context": context,
        }
        file.write_text(json.dumps(config))
        return file

    def user(self, name: str) -> dict[str, str]:
        """The credentials of a person without any right until a test gives one."""
        certificate, key = self.authority.issue(name, f"/CN={name}")
        return {"client-certificate-data": _data(certificate), "client-key-data": _data(key)}

    def token(self, name: str, *, is_expired: bool = False) -> str:
        """The token of a new service account default/`name` that may do everything."""
        accounts = "/api/v1/namespaces/default/serviceaccounts"
        uid = self.kube.create(accounts, {"metadata": {"name": name}})["metadata"]["uid"]
        self.kube.create(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            {
                "metadata": {"name": name},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
                "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": "default"}],
            },
        )
        if not is_expired:
            return str(self.kube.create(f"{accounts}/{name}/token", {"spec": {}})["status"]["token"])
        now = int(time.time())
        account = {"namespace": "default", "serviceaccount": {"name": name, "uid": uid}}
        return self.authority.sign(
            {
                "iss": "https://kubernetes.default.svc",
                "aud": ["https://kubernetes.default.svc"],
                "sub": f"system:serviceaccount:default:{name}",
                "iat": now - 7200,
                "nbf": now - 7200,
                "exp": now - 3600,
                "kubernetes.io": account,
            }
        )

    def namespace(self) -> str:
        """A namespace's name that nobody has; what is made in it is this test's own."""
        return f"t-{secrets.token_hex(4)}"

    def forward(self, namespace: str, ports: Mapping[int, int]) -> None:
        """Lead ports of every pod of `namespace` to ports of this machine."""
        self._forward(namespace, {"matchNamespaces": [namespace]}, ports)

    def forward_pod(self, namespace: str, pod: str, ports: Mapping[int, int]) -> None:
        """Lead ports of the pods called `pod` to ports of this machine, where forward() leads none of them."""
        self._forward(f"{namespace}-{pod}", {"matchNamespaces": [namespace], "matchNames": [pod]}, ports)

    def _forward(self, name: str, selector: Mapping[str, object], ports: Mapping[int, int]) -> None:
        forwards = [{"ports": [port], "target": {"address": "127.0.0.1", "port": to}} for port, to in ports.items()]
        path = "/apis/kwok.x-k8s.io/v1alpha1/clusterportforwards"
        body = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterPortForward",
            "metadata": {"name": name},
            "spec": {"selector": selector, "forwards": forwards},
        }
        if self.kube.find(f"{path}/{name}"):
            self.kube.merge(f"{path}/{name}", {"spec": {"forwards": forwards}})
        else:
            self.kube.create(path, body)

    def requests(self) -> tuple[Request, ...]:
        """Every request so far, as the server wrote it down."""
        lines = (self.folder / "audit.log").read_text().split("\n")[:-1]  # not one that is being written
        found: list[Any] = [json.loads(line) for line in lines]
        return tuple(
            Request(
                each["verb"],
                each["requestURI"],
                each.get("userAgent", ""),
                each.get("responseStatus", {}).get("code", 0),
            )
            for each in found
        )

    @property
    def uid(self) -> str:
        """What makes this cluster this one: the UID of kube-system."""
        return str(self.kube.get("/api/v1/namespaces/kube-system")["metadata"]["uid"])

    def become_another(self, uid: str) -> None:
        """Give kube-system another UID, as if the cluster had been deleted and made anew under its name."""
        key = base64.b64encode(b"/registry/namespaces/kube-system").decode()
        etcd = Kube(f"http://127.0.0.1:{self.etcd_port}", ssl.create_default_context())
        value = base64.b64decode(etcd.ask("POST", "/v3/kv/range", {"key": key})["kvs"][0]["value"])
        changed = value.replace(self.uid.encode(), uid.encode())
        assert changed != value
        etcd.ask("POST", "/v3/kv/put", {"key": key, "value": base64.b64encode(changed).decode()})
        self.kube.until(lambda: self.uid == uid)

    # -- how the servers are called

    def _plan(self) -> tuple[Program, ...]:
        (self.folder / "audit.yaml").write_text(_AUDIT)
        stages = write_stages(self.folder / "stages.yaml")
        return (
            self._program("etcd", self._etcd()),
            self._program("kube-apiserver", self._apiserver()),
            self._program(
                "kube-controller-manager",
                f"--kubeconfig={self.kubeconfig} --leader-elect=false --secure-port=0 "
                # nobody renews the node's lease, and a busy machine must not lose its node
                "--node-monitor-grace-period=24h "
                f"--enable-hostpath-provisioner=true --root-ca-file={self.authority.ca} "
                f"--service-account-private-key-file={self.authority.accounts}",
            ),
            self._program("kube-scheduler", f"--kubeconfig={self.kubeconfig} --leader-elect=false --secure-port=0"),
            self._program(
                "kwok",
                f"--kubeconfig={self.kubeconfig} --manage-all-nodes=true --node-ip=127.0.0.1 --config={stages} "
                f"--node-port={self.kubelet_port} --server-address=127.0.0.1:{self.kubelet_port} "
                f"--tls-cert-file={self.folder}/server.crt --tls-private-key-file={self.folder}/server.key "
                "--enable-crds=ClusterPortForward",
            ),
        )

    def _program(self, name: str, words: str) -> Program:
        return Program(name, [str(self._programs[name]), *words.split()], self.folder)

    def _etcd(self) -> str:
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{free_port()}"
        return (
            f"--data-dir={self.folder}/etcd --unsafe-no-fsync --log-level=warn --listen-client-urls={client} "
            f"--advertise-client-urls={client} --listen-peer-urls={peer} --initial-advertise-peer-urls={peer} "
            f"--initial-cluster=default={peer}"
        )

    def _apiserver(self) -> str:
        accounts = self.authority.accounts
        return (
            f"--etcd-servers=http://127.0.0.1:{self.etcd_port} --secure-port={self.port} --bind-address=127.0.0.1 "
            f"--tls-cert-file={self.folder}/server.crt --tls-private-key-file={self.folder}/server.key "
            f"--client-ca-file={self.authority.ca} --service-account-issuer=https://kubernetes.default.svc "
            f"--service-account-key-file={accounts} --service-account-signing-key-file={accounts} "
            "--authorization-mode=RBAC --service-cluster-ip-range=10.0.0.0/24 --allow-privileged=true "
            "--kubelet-preferred-address-types=InternalIP --shutdown-delay-duration=0s "
            f"--audit-policy-file={self.folder}/audit.yaml --audit-log-path={self.folder}/audit.log"
        )


def _data(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def _forward_definition() -> dict[str, object]:
    """The part of kwok's own definition that the bed uses."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "clusterportforwards.kwok.x-k8s.io"},
        "spec": {
            "group": "kwok.x-k8s.io",
            "scope": "Cluster",
            "names": {"kind": "ClusterPortForward", "plural": "clusterportforwards", "singular": "clusterportforward"},
            "versions": [
                {
                    "name": "v1alpha1",
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": schema, "status": schema}}},
                }
            ],
        },
    }
