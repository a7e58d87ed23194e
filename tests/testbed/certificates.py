"""The bed's own authority: certificates for the API server and the kubelet, client certificates for people."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

_HOSTS = "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost,DNS:kubernetes.default.svc"


class Authority:
    """Makes keys and certificates in `folder` with openssl."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _openssl(folder, "ecparam -name prime256v1 -genkey -noout -out ca.key")
        _openssl(folder, "req -x509 -new -key ca.key -subj /CN=testbed -days 30 -out ca.crt")
        _openssl(folder, "genrsa -out service-accounts.key 2048")
        self.issue("server", "/CN=kube-apiserver")

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return self.folder / "ca.crt"

    @property
    def accounts(self) -> Path:
        """The key that signs service accounts' tokens."""
        return self.folder / "service-accounts.key"

    def issue(self, name: str, subject: str) -> tuple[Path, Path]:
        """A certificate and key for `subject` ("/O=group/CN=user")."""
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(_HOSTS)
        _openssl(self.folder, f"ecparam -name prime256v1 -genkey -noout -out {name}.key")
        _openssl(self.folder, "req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
        _openssl(
            self.folder,
            f"x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile {name}.ext "
            f"-out {name}.crt",
        )
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"

    def sign(self, claims: Mapping[str, object]) -> str:
        """A service account's token (RS256) with `claims`, as the API server would issue it."""
        head = _url_safe(json.dumps({"alg": "RS256", "typ": "JWT"}).encode())
        signed = f"{head}.{_url_safe(json.dumps(claims).encode())}"
        words = ["openssl", "dgst", "-sha256", "-sign", str(self.accounts)]
        done = subprocess.run(words, input=signed.encode(), check=True, capture_output=True)
        return f"{signed}.{_url_safe(done.stdout)}"


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _openssl(folder: Path, words: str, *more: str) -> None:
    subprocess.run(["openssl", *words.split(), *more], cwd=folder, check=True, capture_output=True)
