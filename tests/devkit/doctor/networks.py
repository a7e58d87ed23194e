"""Proxies and authorities."""

from __future__ import annotations

from tests.devkit.doctor.fake import KIND, Plan
from tests.devkit.doctor.situation import NOT_THERE, OK, PROBLEM, UNKNOWN, WARNING, Situation, node


def certificate(letter: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{letter * 60}\n-----END CERTIFICATE-----\n"


NETWORK = (
    Situation("proxy", "none", OK, Plan()),
    Situation(
        "proxy",
        "well set",
        OK,
        Plan(environ={"HTTPS_PROXY": "http://ada:secret@proxy.corp:3128", "NO_PROXY": "localhost,127.0.0.1,.corp"}),
    ),
    Situation("proxy", "on this machine", PROBLEM, Plan(environ={"HTTPS_PROXY": "http://ada:secret@127.0.0.1:3128"})),
    Situation("proxy", "no address", PROBLEM, Plan(environ={"HTTP_PROXY": "http://"})),
    Situation("proxy", "a port that is none", PROBLEM, Plan(environ={"HTTP_PROXY": "proxy.corp:port"})),
    Situation("proxy", "what is local goes through it", WARNING, Plan(environ={"https_proxy": "proxy.corp:3128"})),
    Situation(
        "proxy",
        "two that differ",
        WARNING,
        Plan(environ={"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1", "NO_PROXY": "*"}),
    ),
    Situation("private-ca", "none", OK, Plan()),
    Situation(
        "private-ca",
        "trusted by the node",
        OK,
        Plan(
            node(trusted=certificate("A") + certificate("B")),
            {"/etc/own.pem": certificate("B")},
            {"SSL_CERT_FILE": "/etc/own.pem"},
            KIND,
        ),
    ),
    Situation(
        "private-ca",
        "not trusted by the node",
        WARNING,
        Plan(
            node(trusted=certificate("A")), {"/etc/own.pem": certificate("B")}, {"SSL_CERT_FILE": "/etc/own.pem"}, KIND
        ),
    ),
    Situation("private-ca", "the file is gone", PROBLEM, Plan(environ={"CURL_CA_BUNDLE": "/home/ada/gone.pem"})),
    Situation(
        "private-ca",
        "no PEM",
        PROBLEM,
        Plan(files={"/etc/own.der": "0\x82"}, environ={"SSL_CERT_FILE": "/etc/own.der"}),
    ),
    Situation(
        "private-ca",
        "no node",
        UNKNOWN,
        Plan(files={"/etc/own.pem": certificate("B")}, environ={"SSL_CERT_FILE": "/etc/own.pem"}),
    ),
    Situation(
        "private-ca",
        "the node does not show it",
        UNKNOWN,
        Plan(node(trusted=NOT_THERE), {"/etc/own.pem": certificate("B")}, {"SSL_CERT_FILE": "/etc/own.pem"}, KIND),
    ),
)
