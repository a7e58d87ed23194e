"""From `git clone` to the first green `./inv verify`, with nothing of ours on the machine: with uv on PATH and with
Python alone, and with the package client's cache empty and full. What is committed is cloned.

A part ends when its last file is there: the environment with its copy of the lock, the server with its mark.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET_SECONDS = 20
LOOK_SECONDS = 0.01
PARTS = ("git clone", "environment", "server unpacked, initdb", "replay and judgement")


@dataclasses.dataclass(frozen=True)
class Newcomer:
    """Somebody with a home and a PATH; the package client's cache is in the home, and what is cloned goes each time."""

    home: Path
    programs: Path

    def first_green(self) -> list[float]:
        """The seconds of each part."""
        place = Path(tempfile.mkdtemp(dir=self.home))
        place.chmod(0o755)
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", ROOT, place / "devkit"], check=True)
        ends = [time.perf_counter()]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEVKIT_", "PYTHON", "XDG_"))}
        caches = {name: "" for name in kept if name.endswith("_CACHE_DIR")}
        env = {
            **{name: value for name, value in kept.items() if name not in caches},
            "HOME": str(self.home),
            "PATH": f"{self.programs}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "DEVKIT_CACHE": str(place / "cache"),
        }
        said = place / "said"
        with said.open("w") as output:
            running = subprocess.Popen(
                [place / "devkit/inv", "verify"], env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            for pattern in ("devkit/.venv/devkit-requirements-postgres.lock", "cache/postgres-*/ready"):
                while not any(place.glob(pattern)) and running.poll() is None:
                    time.sleep(LOOK_SECONDS)
                ends.append(time.perf_counter())
            if running.wait() != 0:
                sys.exit(said.read_text())
        ends.append(time.perf_counter())
        shutil.rmtree(place)
        return [end - start for start, end in zip([began, *ends], ends, strict=False)]


def main() -> None:
    """Print the parts of four first runs, their totals, and the target."""
    python = Path(sys.base_prefix) / f"bin/python3.{sys.version_info.minor}"
    uv = Path(sys.prefix) / "bin/uv"
    print(f"from git clone to the first green ./inv verify, in seconds; load {os.getloadavg()[0]:.1f} as it begins")
    columns: dict[str, list[float]] = {}
    for name, programs in (("uv", {"uv": uv, "python3": python}), ("python3", {"python3": python})):
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            newcomer = Newcomer(Path(folder), Path(folder) / "bin")
            newcomer.home.chmod(0o755)
            newcomer.programs.mkdir()
            for program, file in programs.items():
                (newcomer.programs / program).symlink_to(file)
            for packages in ("cold", "warm"):
                columns[f"{name}, {packages}"] = newcomer.first_green()
    print(f"  {'packages':<24}" + "".join(f"{name:>15}" for name in columns))
    for number, part in enumerate(PARTS):
        print(f"  {part:<24}" + "".join(f"{seconds[number]:>15.1f}" for seconds in columns.values()))
    totals = {name: sum(seconds) for name, seconds in columns.items()}
    print(f"  {'total':<24}" + "".join(f"{total:>15.1f}" for total in totals.values()))
    print(f"  target: below {TARGET_SECONDS} s; load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
