"""The signs that a cluster is local, or the very one that a committed file names: each judges alone."""

from __future__ import annotations

import functools
from collections.abc import Callable

from devkit.cluster.cures import allow_it, confirm, name_it, reach_directly, renew_login
from devkit.cluster.deny import Kind, denied
from devkit.cluster.evidence import Evidence
from devkit.cluster.policy import Policy
from devkit.cluster.products import listens_at, recognise
from devkit.cluster.sign import Judge, Sign
from devkit.cluster.target import Target


def _denied_name(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    names = ((kind, name) for name in (target.context, target.cluster, target.user) for kind in (Kind.NAME, Kind.WORD))
    server = ((Kind.HOST, target.host), (Kind.WORD, target.host), (Kind.PATH, target.path), (Kind.WORD, target.path))
    found = denied((*names, *server))
    return f"{found[0]!r} in context {target.context!r} means {found[1]}" if found else None


def _plugin(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    if not (command := target.exec_command or target.auth_provider):
        return None
    found = denied([(Kind.PLUGIN, command)])
    whose = f" ({found[1]})" if found else ""
    return f"user {target.user!r} logs in by running {command}{whose}, which no local cluster needs"


def _proxy(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    return f"cluster {target.cluster!r} is reached through a proxy, which leads anywhere" if target.proxy_url else None


def _plain_http(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    return None if target.is_encrypted else f"{target.server} is plain http: a kubectl proxy to whatever cluster"


def _borrowed_name(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    if target.tls_server_name:
        return f"{target.host} wears the name {target.tls_server_name}: a tunnel to another machine"
    return f"the certificate of {target.host} is not checked: it may be a tunnel's end" if target.insecure else None


def _server_path(target: Target, _evidence: Evidence | None, _policy: Policy) -> str | None:
    return f"{target.server} has a path: a proxy in front of several clusters" if target.path else None


def _address(target: Target, evidence: Evidence | None, _policy: Policy) -> str | None:
    local = recognise(evidence.nodes) if evidence else None
    if listens_at(target.host, local.product if local else None):
        return None
    where = f"where {local.product.name} listens" if local else "an address of this machine"
    return f"the API server's address {target.host} is not {where}"


def _allow_list(target: Target, _evidence: Evidence | None, policy: Policy) -> str | None:
    if policy.allows(target.context):
        return None
    return f"context {target.context!r} is not among the contexts that [tool.devkit] allows"


def _shared_server(target: Target, _evidence: Evidence | None, policy: Policy) -> str | None:
    if (shared := policy.shared_for(target.context)) and shared.server == target.server:
        return None
    return (
        f"context {target.context!r} leads to {target.server}, which is not the server of its [[tool.devkit.cluster]]"
    )


def _shared_tls(target: Target, evidence: Evidence | None, policy: Policy) -> str | None:
    # A UID proves nothing when anybody may answer.
    return _plain_http(target, evidence, policy) or _borrowed_name(target, evidence, policy)


def _shared_exec(target: Target, _evidence: Evidence | None, policy: Policy) -> str | None:
    shared, command = policy.shared_for(target.context), target.exec_command or target.auth_provider
    if shared and shared.exec == target.exec_command and not target.auth_provider:
        return None
    return f"user {target.user!r} logs in by {command or 'no plugin'}, which is not the exec of [[tool.devkit.cluster]]"


def _seen(judge: Callable[[Target, Evidence, Policy], str | None]) -> Judge:
    @functools.wraps(judge)
    def whole(target: Target, evidence: Evidence | None, policy: Policy) -> str | None:
        return "nothing was read of the cluster yet" if evidence is None else judge(target, evidence, policy)

    return whole


@_seen
def _no_uid(target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    return None if evidence.uid else f"the cluster of context {target.context!r} tells no UID of namespace kube-system"


@_seen
def _no_nodes(target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    return None if evidence.nodes else f"context {target.context!r} shows no node, so nothing says where it runs"


@_seen
def _cloud_node(_target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    for node in evidence.nodes:
        labels = ((Kind.LABEL, label) for label in node.labels)
        if found := denied(((Kind.PROVIDER, node.provider_id), *labels)):
            return f"node {node.name} belongs to {found[1]}: {found[0]}"
    return None


@_seen
def _node_provider(_target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    if not evidence.nodes or recognise(evidence.nodes):
        return None
    found = ", ".join(f"{node.name} ({node.provider_id or 'no providerID'})" for node in evidence.nodes[:5])
    return f"these nodes are not all those of one local cluster: {found}"


@_seen
def _names_disagree(target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    local = recognise(evidence.nodes)
    if local is None or local.may_be_called(target.cluster):
        return None
    return f"the nodes of cluster entry {target.cluster!r} are those of {local.product.name}'s {local.cluster!r}"


@_seen
def _this_machine(target: Target, evidence: Evidence, policy: Policy) -> str | None:
    local = recognise(evidence.nodes)
    if local is None or local.is_machine(policy.boot_id, evidence.nodes):
        return None
    return f"behind {target.host} is {local.product.name} on another machine: its nodes' bootID is not this one's"


@_seen
def _shared_uid(target: Target, evidence: Evidence, policy: Policy) -> str | None:
    if (shared := policy.shared_for(target.context)) and shared.uid == evidence.uid != "":
        return None
    return (
        f"the cluster of context {target.context!r} has the UID {evidence.uid}, not that of its [[tool.devkit.cluster]]"
    )


@_seen
def _uid_changed(target: Target, evidence: Evidence, policy: Policy) -> str | None:
    if policy.remembered == evidence.uid:
        return None
    was = f"is not the one with UID {policy.remembered}" if policy.remembered else "was never confirmed here"
    return f"the cluster of context {target.context!r} {was}: its UID is {evidence.uid}"


@_seen
def _marker_missing(target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    return None if evidence.marker else f"the cluster of context {target.context!r} does not carry devkit's marker"


@_seen
def _marker_cluster(_target: Target, evidence: Evidence, _policy: Policy) -> str | None:
    if evidence.marker is None or evidence.marker.uid == evidence.uid:
        return None
    return f"devkit's marker there is another cluster's ({evidence.marker.uid}): it was copied"


@_seen
def _marker_namespace(_target: Target, evidence: Evidence, policy: Policy) -> str | None:
    if evidence.marker is None or evidence.marker.namespace == policy.namespace:
        return None
    return f"devkit's marker there is for the namespace {evidence.marker.namespace!r}, not {policy.namespace!r}"


BEFORE = (
    Sign("denied-name", _denied_name, name_it),
    Sign("credential-plugin", _plugin, renew_login),
    Sign("proxy", _proxy, reach_directly),
    Sign("plain-http", _plain_http, reach_directly),
    Sign("borrowed-name", _borrowed_name, reach_directly),
    Sign("server-path", _server_path, name_it),
    Sign("address", _address, name_it),
    Sign("allow-list", _allow_list, allow_it),
    Sign("shared-server", _shared_server, name_it, "shared"),
    Sign("shared-tls", _shared_tls, reach_directly, "shared"),
    Sign("shared-proxy", _proxy, reach_directly, "shared"),
    Sign("shared-exec", _shared_exec, renew_login, "shared"),
)
LOOKED = (
    Sign("no-uid", _no_uid, name_it, "all"),
    Sign("no-nodes", _no_nodes, name_it),
    Sign("cloud-node", _cloud_node, name_it),
    Sign("node-provider", _node_provider, name_it),
    Sign("names-disagree", _names_disagree, name_it),
    Sign("this-machine", _this_machine, name_it),
    Sign("shared-uid", _shared_uid, name_it, "shared"),
)
OWNED = (
    Sign("uid-changed", _uid_changed, confirm, "all"),
    Sign("marker-missing", _marker_missing, confirm, "all"),
    Sign("marker-cluster", _marker_cluster, confirm, "all"),
    Sign("marker-namespace", _marker_namespace, confirm, "all"),
)
