"""The registry of a page with `with: registry`: a real one, with the sample's images, in the place of Docker Hub."""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.devkit.registry.registry_server import serving
from tests.devkit.registry.web_server import Server, tunnelling
from tests.need import need
from tests.testbed.certificates import Authority

_HOST = "registry-1.docker.io"
AMD, ARM = "linux/amd64", "linux/arm64"
IMAGES = {
    ("citusdata/citus", "13.0"): (AMD,),
    ("grafana/grafana", "10.4.3"): (AMD, ARM),
    ("grafana/loki", "2.9.4"): (AMD, ARM),
    ("library/redis", "8.2.2"): (AMD, ARM),
    ("redpandadata/redpanda", "v25.2.11"): (AMD, ARM),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Hub:
    """A proxy that leads everybody to the registry, and the authority of its certificate."""

    proxy: Server
    authority: Authority

    def environment(self) -> Mapping[str, str]:
        """What leads programs there."""
        return {"HTTPS_PROXY": f"http://{self.proxy.host}", "SSL_CERT_FILE": str(self.authority.ca)}

    def was_used(self) -> bool:
        """Whether anybody has asked."""
        return bool(self.proxy.heard)


class _HubAuthority(Authority):
    """One whose certificates are for Docker Hub's host, too."""

    def issue(self, name: str, subject: str) -> tuple[Path, Path]:
        issued = super().issue(name, subject)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName=IP:127.0.0.1,DNS:{_HOST}")
        words = f"x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile {name}.ext"
        subprocess.run(
            ["openssl", *words.split(), "-out", f"{name}.crt"], cwd=self.folder, check=True, capture_output=True
        )
        return issued


@contextlib.contextmanager
def hub(folder: Path) -> Iterator[Hub]:
    """The registry with the images that the sample's manifests name, until the page ends."""
    need("openssl")
    place = folder / "hub"
    place.mkdir()
    authority = _HubAuthority(place)
    with serving(place, tls=authority) as registry:
        for (repository, tag), platforms in IMAGES.items():
            if len(platforms) > 1:
                registry.push_index(repository, tag, platforms)
            else:
                registry.push_single(repository, tag, *platforms)
        with tunnelling(registry.host) as proxy:
            yield Hub(proxy, authority)
