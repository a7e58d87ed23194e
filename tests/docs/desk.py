"""The machine of a page that has no cluster yet: kind on PATH makes the test bed, doctor finds its tools."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.cluster.newcomer import NAMESPACE, write_tools
from tests.docs.bed import TILT_PORT, end_tilts
from tests.need import missing, need
from tests.testbed.programs import free_port
from tests.testbed.tools import build

# The pages' own proxy, which leads nowhere, would be found by doctor.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """`folder` is the page's; what was made and kept is below its bed."""

    folder: Path
    port: int

    def environment(self) -> Mapping[str, str]:
        """Where devkit, kind and Tilt keep their things."""
        places = {name: self.folder / name.lower() for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "TILT_DEV_DIR")}
        for place in places.values():
            place.mkdir(exist_ok=True, mode=0o700)
        return {
            **{name: str(place) for name, place in places.items()},
            **dict.fromkeys(_PROXIES, ""),
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "BED_HOME": str(self.folder / "bed"),
            "BED_NAMESPACE": NAMESPACE,
            "TILT_PORT": str(self.port),
            "TILT_DISABLE_ANALYTICS": "1",
        }

    def addresses(self) -> Mapping[str, str]:
        """What pages call things of it, and where they are: tests have no fixed ports."""
        server = _server(self.folder / "kubeconfig")
        return {
            f"localhost:{TILT_PORT}": f"localhost:{self.port}",
            **({"https://127.0.0.1:6443": server} if server else {}),
        }

    def asked(self) -> int:
        """How often kind was called, and how many requests people's programs have sent: Tilt itself never rests."""
        logs = (self.folder / "bed").glob("kind/*/audit.log")
        lines = [line for file in logs for line in file.read_text().splitlines()]
        journal = self.folder / "bed/journal"
        calls = len(journal.read_text().splitlines()) if journal.exists() else 0
        return calls + sum('"userAgent":"devkit' in line or '"userAgent":"kubectl' in line for line in lines)


@contextlib.contextmanager
def desk(copy: Path, folder: Path) -> Iterator[Desk]:
    """The tools on PATH, and no cluster; what the page has made goes with it."""
    programs = build.programs()
    if programs is None:
        missing("the test bed is not built: python -m tests.testbed.tools.build (it needs Go)")
    need("openssl")
    (folder / "bed").mkdir()
    (folder / "bin/tilt").symlink_to(programs["tilt"])
    write_tools(folder / "bin")
    (copy / "tilt_config.json").write_text(json.dumps({"forwards": False, "automatic": False}))  # no fixed ports
    found = Desk(folder, free_port())
    try:
        yield found
    finally:
        end_tilts(folder)
        for cluster in (folder / "bed/kind").glob("*"):
            env = {**os.environ, **found.environment()}
            words = ("delete", "cluster", "--name", cluster.name)
            subprocess.run([folder / "bin/kind", *words], env=env, check=True, capture_output=True)


def _server(kubeconfig: Path) -> str:
    if not kubeconfig.exists():
        return ""
    clusters = json.loads(kubeconfig.read_text()).get("clusters") or [{"cluster": {"server": ""}}]
    return str(clusters[0]["cluster"]["server"])
