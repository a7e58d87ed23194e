"""Builds the test bed's programs: `python -m tests.testbed.tools.build`. Minutes once, nothing afterwards.

`… build NAME…` builds only the modules of those names, for jobs of CI, and prints the folders that belong on PATH.

Each folder beside this file is a Go module that pins one project; its key is the SHA-256 of its locks, of the build's
options and of the Go release, so that a change of any of them builds anew and nothing else does.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs

_HERE = Path(__file__).resolve().parent
_KUBERNETES = "v1.36.3"
_ETCD = "v3.6.16"
_KWOK = "v0.8.0"
_TILT = "v0.37.6"
_ACTIONLINT = "v1.7.12"
_KIND = "v0.33.0"
_K3D = "v5.9.0"

# Tilt's own pages are not in its Go module; without a page it does not start.
_TILT_PAGE = "vendor/github.com/tilt-dev/tilt/pkg/assets/build/index.html"


@dataclasses.dataclass(frozen=True, slots=True)
class Tool:
    """A module to build: its folder, the packages named as their programs, the version they shall say they have."""

    name: str
    version: str
    packages: Mapping[str, str]
    stamp: str
    cgo: bool = False
    page: str = ""


TOOLS = (
    Tool("etcd", _ETCD, {"etcd": "go.etcd.io/etcd/server/v3"}, ""),
    Tool("kwok", _KWOK, {"kwok": "sigs.k8s.io/kwok/cmd/kwok"}, f"-X sigs.k8s.io/kwok/pkg/consts.Version={_KWOK}"),
    Tool(
        "kubernetes",
        _KUBERNETES,
        {
            name: f"k8s.io/kubernetes/cmd/{name}"
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
        },
        f"-X k8s.io/component-base/version.gitVersion={_KUBERNETES}",
    ),
    # the pages call it; a system's own may be years older
    Tool(
        "kubectl",
        _KUBERNETES,
        {"kubectl": "devkit.test/kubectl"},
        f"-X k8s.io/component-base/version.gitVersion={_KUBERNETES}",
    ),
    # version and date make it take itself for a release, which serves the page it was built with
    Tool(
        "tilt",
        _TILT,
        {"tilt": "github.com/tilt-dev/tilt/cmd/tilt"},
        f"-X main.version={_TILT.lstrip('v')} -X main.date=2026-01-01",
        cgo=True,
        page=_TILT_PAGE,
    ),
)

# What the bed does without: the files of CI are judged with actionlint, and their jobs make clusters with the others.
OF_CI = (
    Tool("actionlint", _ACTIONLINT, {"actionlint": "github.com/rhysd/actionlint/cmd/actionlint"}, ""),
    Tool("kind", _KIND, {"kind": "sigs.k8s.io/kind"}, ""),
    # without its version it takes helper images that are tagged latest
    Tool("k3d", _K3D, {"k3d": "github.com/k3d-io/k3d/v5"}, f"-X github.com/k3d-io/k3d/v5/version.Version={_K3D}"),
)


def cache_folder() -> Path:
    """Where built programs are kept: DEVKIT_TESTBED_CACHE, or this platform's place for caches."""
    named = os.environ.get("DEVKIT_TESTBED_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("devkit-testbed")


def programs() -> dict[str, Path] | None:
    """The path of every program of the bed, or None when one is not built yet or there is no Go to tell."""
    return _programs(TOOLS)


def programs_of_ci() -> dict[str, Path] | None:
    """The same of those that the files of CI need."""
    return _programs(OF_CI)


def _programs(tools: Sequence[Tool]) -> dict[str, Path] | None:
    if shutil.which("go") is None:
        return None
    found = {name: _home(tool) / name for tool in tools for name in tool.packages}
    return found if all(path.is_file() for path in found.values()) else None


def build(say: Callable[[str], None], tools: Sequence[Tool] = (*TOOLS, *OF_CI)) -> list[Path]:
    """Build what is missing of `tools` and give their folders; CalledProcessError with Go's own words when that fails.

    Safe to run twice at once.
    """
    cache_folder().mkdir(parents=True, exist_ok=True)
    with _locked(cache_folder() / "build.lock"):
        wanted = [tool for tool in tools if not _home(tool).is_dir()]
        for number, tool in enumerate(wanted, 1):
            say(f"building {tool.name} {tool.version} ({number} of {len(wanted)}), once; this takes minutes …")
            began = time.monotonic()
            _build(tool)
            say(f"built {tool.name} in {time.monotonic() - began:.0f} s")
    return [_home(tool) for tool in tools]


def _build(tool: Tool) -> None:
    home = _home(tool)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix=f"{tool.name}-") as scratch:
        module = Path(scratch, "module")
        shutil.copytree(_HERE / tool.name, module)
        if tool.page:
            _go(tool, module, "mod", "vendor")
            page = module / tool.page
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("<!doctype html><title>Tilt</title>")
        out = Path(scratch, "out")
        out.mkdir()
        mode = "-mod=vendor" if tool.page else "-mod=readonly"
        for name, package in tool.packages.items():
            _go(tool, module, "build", mode, *_flags(tool), "-o", str(out / name), package)
        out.rename(home)


def _flags(tool: Tool) -> tuple[str, ...]:
    return ("-trimpath", "-buildvcs=false", f"-ldflags=-s -w {tool.stamp}".rstrip())


def _go(tool: Tool, module: Path, *words: str) -> None:
    env = {**os.environ, "CGO_ENABLED": "1" if tool.cgo else "0", "GOWORK": "off", "GOFLAGS": ""}
    subprocess.run(["go", *words], cwd=module, env=env, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def _home(tool: Tool) -> Path:
    key = hashlib.sha256(repr((tool, _flags(tool), _go_version())).encode())
    for name in ("go.mod", "go.sum"):
        key.update((_HERE / tool.name / name).read_bytes())
    return cache_folder() / f"{tool.name}-{tool.version}-{key.hexdigest()[:16]}"


_known_version: list[str] = []


def _go_version() -> str:
    if not _known_version:
        words = ["go", "env", "GOVERSION", "GOOS", "GOARCH"]
        _known_version.append(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return _known_version[0]


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(names: Sequence[str]) -> None:
    """Build all, or those of `names` and print their folders."""
    known = {tool.name: tool for tool in (*TOOLS, *OF_CI)}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no tool is called {unknown[0]}: {', '.join(known)}")

    def say(line: str) -> None:
        print(f"test bed: {line}", file=sys.stderr, flush=True)  # noqa: T201 - progress, before there is a console

    folders = build(say, [known[name] for name in names] if names else tuple(known.values()))
    if names:
        print(*folders, sep="\n")  # noqa: T201 - for PATH


if __name__ == "__main__":
    main(sys.argv[1:])
