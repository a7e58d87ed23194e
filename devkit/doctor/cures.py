"""The same cure in the words of each package manager, and commands that several checks give."""

from __future__ import annotations

from devkit.doctor.host import Host
from devkit.doctor.version import Version
from devkit.doctor.wanted import KIND, TILT


def per_manager(host: Host, *, brew: str, apt: str, dnf: str, pacman: str) -> str:
    """The command of this machine's package manager; all four where none of them is known."""
    commands = {"brew": brew, "apt": apt, "dnf": dnf, "pacman": pacman}
    if host.manager:
        return commands[host.manager]
    return " | ".join(dict.fromkeys(commands.values()))


def installed(host: Host, *, brew: str, apt: str, dnf: str, pacman: str) -> str:
    """How packages of these names are installed."""
    return per_manager(
        host,
        brew=f"brew install {brew}",
        apt=f"sudo apt-get install {apt}",
        dnf=f"sudo dnf install {dnf}",
        pacman=f"sudo pacman -S {pacman}",
    )


def kubectl(host: Host, version: Version) -> str:
    """kubernetes.io, Install and Set Up kubectl on Linux: the binary, since Debian's package is years old."""
    binary = kubectl_exactly(host, version)
    return per_manager(
        host, brew="brew install kubernetes-cli", apt=binary, dnf=binary, pacman="sudo pacman -S kubectl"
    )


def kubectl_exactly(host: Host, version: Version) -> str:
    """That very version: package managers have the newest one."""
    address = f"https://dl.k8s.io/release/v{version}/bin/{host.system.lower()}/{host.platform}/kubectl"
    return f"curl -fLO {address} && sudo install -m 0755 kubectl /usr/local/bin/kubectl"


def tilt(host: Host) -> str:
    """Tilt's own install.sh: brew where there is one, else the archive of a release on GitHub."""
    archive = f"tilt.{TILT.tested}.linux.{'x86_64' if host.platform == 'amd64' else host.platform}.tar.gz"
    address = f"https://github.com/tilt-dev/tilt/releases/download/v{TILT.tested}/{archive}"
    binary = f"curl -fL {address} | tar -xz tilt && sudo install -m 0755 tilt /usr/local/bin/tilt"
    return per_manager(host, brew="brew install tilt", apt=binary, dnf=binary, pacman=binary)


def kind(host: Host) -> str:
    """kind.sigs.k8s.io, Quick Start: brew, or the binary of a release."""
    address = f"https://kind.sigs.k8s.io/dl/v{KIND.tested}/kind-linux-{host.platform}"
    binary = f"curl -fLo kind {address} && sudo install -m 0755 kind /usr/local/bin/kind"
    return per_manager(host, brew="brew install kind", apt=binary, dnf=binary, pacman=binary)


def engine(host: Host) -> str:
    """Docker, by the names that distributions give it; on a Mac with Colima, which needs no licence."""
    mine = 'sudo usermod -aG docker "$USER" && newgrp docker'
    start = f"sudo systemctl enable --now docker && {mine}"
    return per_manager(
        host,
        brew="brew install colima docker && colima start --cpu 4 --memory 6 --disk 60",
        apt=f"sudo apt-get install docker.io && {mine}",
        dnf=f"sudo dnf install moby-engine && {start}",
        pacman=f"sudo pacman -S docker && {start}",
    )


def engine_start(host: Host, program: str) -> str:
    """How the container engine is started."""
    if program == "podman":
        return per_manager(
            host,
            brew="podman machine start",
            **dict.fromkeys(("apt", "dnf", "pacman"), "systemctl --user enable --now podman.socket"),
        )
    service = "sudo systemctl enable --now docker"
    return per_manager(host, brew="colima start, or open -a Docker", apt=service, dnf=service, pacman=service)


def engine_upgrade(host: Host, program: str) -> str:
    """How a newer container engine is installed."""
    if program == "podman":
        return installed(host, brew="podman", apt="podman", dnf="podman", pacman="podman")
    return per_manager(
        host,
        brew="brew upgrade colima docker (Docker Desktop: Check for updates)",
        apt="sudo apt-get install --only-upgrade docker.io",
        dnf="sudo dnf upgrade moby-engine",
        pacman="sudo pacman -Syu docker",
    )


def new_cluster(config: str) -> str:
    """How a local cluster is made."""
    return f"kind create cluster --config {config}"


def virtual_machine(host: Host, colima: str, otherwise: str) -> str:
    """On a Mac what is asked of the virtual machine that containers run in; elsewhere the machine itself is it."""
    desktop = "Docker Desktop: Settings > Resources"
    return per_manager(host, brew=f"colima stop && {colima} ({desktop})", **_linux(otherwise))


def _linux(command: str) -> dict[str, str]:
    return dict.fromkeys(("apt", "dnf", "pacman"), command)
