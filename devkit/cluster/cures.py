"""How to allow properly what a sign refused: a command, or an edit of pyproject.toml."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from devkit.cluster.policy import Policy
from devkit.cluster.target import Target

_LOCAL = "take a local cluster: kubectl config use-context kind-dev (or --context NAME)"
_OWN_ADDRESS = "https://HOST:PORT"


def name_it(target: Target, policy: Policy) -> str:
    """Take a local one, or name this one in a committed file, so that no other can be meant."""
    mend = _mend(target)
    where = "put this in the place of its entry in" if policy.shared_for(target.context) else "name this one in"
    uid = f"kubectl --context {shlex.quote(target.context)} get namespace kube-system -o jsonpath={{.metadata.uid}}"
    return (
        f"{_LOCAL}\n"
        f"  or, if its namespace may be deleted, {f'mend its entry ({mend}) and ' if mend else ''}"
        f"{where} pyproject.toml:\n"
        "    [[tool.devkit.cluster]]\n"
        f"    context = {_toml(target.context)}\n"
        f"    server = {_toml(target.server if target.is_encrypted else _OWN_ADDRESS)}\n"
        f'    uid = ""  # what this prints: {uid}\n'
        f"    exec = {_toml(target.exec_command)}"
    )


def reach_directly(target: Target, _policy: Policy) -> str:
    """Have the kubeconfig lead to the cluster itself, whose certificate is checked."""
    return f"{_LOCAL}\n  or have this one reached by its own address, with its certificate checked: {_mend(target)}"


def renew_login(target: Target, policy: Policy) -> str:
    """Log in without what may not run."""
    if not target.auth_provider:
        return name_it(target, policy)
    user = shlex.quote(target.user)
    return f"no auth-provider may run; give the user another login: kubectl config set-credentials {user} --token=…"


def allow_it(target: Target, policy: Policy) -> str:
    """Take a context that is allowed, or allow this one."""
    contexts = ", ".join(_toml(each) for each in (*policy.contexts, target.context))
    return (
        "take a context that is allowed: --context NAME\n"
        f"  or allow this one in pyproject.toml, under [tool.devkit]:\n    contexts = [{contexts}]"
    )


def confirm(target: Target, _policy: Policy) -> str:
    """Look at the cluster, and say that it is the one."""
    context = shlex.quote(target.context)
    return (
        f"if this cluster is the one you mean, confirm it: ./inv up --context {context} "
        "(it shows the cluster, asks, writes the marker)\n"
        f"  see it first: kubectl --context {context} get nodes,namespaces"
    )


def _mend(target: Target) -> str:
    """The command that makes the kubeconfig's cluster entry lead to the cluster itself; "" when it does."""
    options = " ".join(_options(target))
    return f"kubectl config set-cluster {shlex.quote(target.cluster)} {options}" if options else ""


def _options(target: Target) -> Iterator[str]:
    if not target.is_encrypted:
        yield f"--server={_OWN_ADDRESS}"
    if target.proxy_url:
        yield "--proxy-url="
    if target.tls_server_name:
        yield "--tls-server-name="
    if target.insecure:
        yield "--insecure-skip-tls-verify=false"
        if not {"certificate-authority", "certificate-authority-data"} & target.cluster_entry.keys():
            yield "--certificate-authority=FILE"


def _toml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a TOML basic string is written as JSON's
