"""Certificate authorities of a company: whether their files are usable, and whether the node trusts them, too."""

from __future__ import annotations

import re
from collections.abc import Mapping

from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node, engine_of, node_name, refusal
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown, warning
from devkit.words import plural

_NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT")
_CERTIFICATE = re.compile(r"-----BEGIN (?:TRUSTED )?CERTIFICATE-----(.*?)-----END", re.DOTALL)
_TRUSTED = "/etc/ssl/certs/ca-certificates.crt"  # of Debian, which kind's nodes are


def _run(host: Host) -> Said:
    named = {name: file for name in _NAMES if (file := host.environ.get(name, ""))}
    if not named:
        return ok("no authority of your own is named")
    own: set[str] = set()
    for name, file in named.items():
        text = host.doors.read(file)
        if text is None:
            return problem(f"{name} names {file}, which cannot be read", f"unset {name}, or put the file back")
        if not (found := _certificates(text)):
            return problem(f"{file}, which {name} names, has no certificate (PEM)", _as_pem(file))
        own |= found
    return _beside_node(host, own, named)


def _beside_node(host: Host, own: set[str], named: Mapping[str, str]) -> Said:
    said = f"{plural(len(own), 'certificate')} named by {', '.join(named)}"
    answer = ask_node(host, "cat", _TRUSTED)
    if isinstance(answer, Said):
        return unknown(f"{said}; {answer.found}", answer.cure)
    if answer.code != 0:
        return unknown(f"{said}; the node does not show what it trusts: {refusal(answer)}")
    if missing := len(own - _certificates(answer.out)):
        cure = _into_node(host, next(iter(named.values())))
        return warning(f"{said}, of which the node does not have {missing}", cure)
    return ok(f"{said}, all of which the node trusts, too")


def _certificates(text: str) -> set[str]:
    return {"".join(each.split()) for each in _CERTIFICATE.findall(text)}


def _as_pem(file: str) -> str:
    return f"openssl x509 -inform der -in '{file}' -out '{file}.pem', and name that file"


def _into_node(host: Host, file: str) -> str:
    engine, node = engine_of(host), node_name(host)
    return (
        f"{engine} cp '{file}' {node}:/usr/local/share/ca-certificates/own.crt && "
        f"{engine} exec {node} update-ca-certificates && {engine} exec {node} systemctl restart containerd"
    )


CHECK = Check(
    "private-ca",
    Group.NETWORK,
    "certificate authorities of your own",
    "behind a proxy that reads along, pulls fail with: certificate signed by unknown authority",
    _run,
)
