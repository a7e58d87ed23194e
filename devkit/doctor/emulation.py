"""Images that are published for another processor than this machine's: whether they can run, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devkit.doctor.cures import per_manager
from devkit.doctor.engine import look_engine
from devkit.doctor.host import Host
from devkit.doctor.inside import ask_node
from devkit.doctor.needs import images
from devkit.doctor.result import Check, Group, Said, ok, problem, unknown
from devkit.errors import DevkitError
from devkit.images.lock import ImagesLock, from_bytes, lock_path
from devkit.images.name import Name
from devkit.images.pins import is_image

_AMD64 = "linux/amd64"
# Where the kernel lists what it hands to an emulator (kernel, binfmt-misc.rst); Apple's is called rosetta.
_LIST = "/proc/sys/fs/binfmt_misc"
_EMULATORS = ("rosetta", "qemu-x86_64")


def _run(host: Host) -> Said:
    platform = _platform(host)
    foreign = tuple(_lacking(host, f"linux/{platform}"))
    if not foreign:
        others = (each for each in host.project.settings.platforms if each != f"linux/{platform}")
        partial = dict.fromkeys(name for each in others for name in _lacking(host, each))
        only = f"; {_listed(partial)} for it alone" if partial else ""
        return ok(f"every image is published for this machine's {platform}{only}")
    said = f"{_listed(foreign)} is published for amd64 only, and this machine is {platform}"
    if host.doors.cluster().product == "OrbStack":
        cure = "take another cluster than OrbStack's, which refuses such images: brew install kind"
        return problem(said, cure)
    ran = _tried(host, foreign)
    if ran is not None:
        return ok(f"{said}; proven: {ran}") if ran else problem(f"{said}, and it does not run here", _cure(host))
    registered = _registered(host)
    if registered:
        return ok(f"{said}; {registered}")
    if registered is None:
        pull = f"{_program(host)} pull --platform {_AMD64} {foreign[0]}, then ./inv doctor --only emulation"
        return unknown(f"{said}; the image is not here to be tried", pull)
    return problem(f"{said}; nothing here runs programs for amd64", _cure(host))


def _program(host: Host) -> str:
    engine = look_engine(host)
    return engine.program if engine else "docker"


def _listed(names: Iterable[Name]) -> str:
    return ", ".join(each.repository.removeprefix("library/") for each in names)


def _platform(host: Host) -> str:
    engine = look_engine(host)
    return host.doors.cluster().platform or (engine.platform if engine else "") or host.platform


def _lacking(host: Host, platform: str) -> Iterator[Name]:
    """The images that are not published for `platform`, by the lock, or else by what is declared as emulated."""
    lock = _lock(host)
    for name in images(host):
        locked = lock.tagged(name) if lock else None
        if locked is not None:
            lacking = bool(locked.resolved.lacks((platform,)))
        else:
            emulated = host.project.settings.emulated.items()
            lacking = any(platform in platforms for written, platforms in emulated if is_image(written, name.image))
        if lacking:
            yield name


def _lock(host: Host) -> ImagesLock | None:
    file = lock_path(host.root / host.project.settings.manifests)
    text = host.doors.read(str(file))
    try:
        return from_bytes(text.encode(), file.name) if text is not None else None
    except DevkitError:
        return None  # verify says what is wrong with it


def _tried(host: Host, foreign: tuple[Name, ...]) -> str | None:
    """What one of the images said when run, "" when it could not be; None when none is here. Nothing is pulled."""
    program = _program(host)
    for name in foreign:
        here = host.doors.run((program, "image", "inspect", "--format", "{{.Id}}", str(name)))
        if here is None or here.code != 0:
            continue
        only = ("--rm", "--pull", "never", "--network", "none", "--platform", _AMD64, "--entrypoint", "uname")
        answer = host.doors.run((program, "run", *only, str(name), "-m"))
        if answer is None or answer.code is None:
            continue  # slow is no proof
        ran = answer.code == 0 and answer.out.strip() == "x86_64"
        return f"{name.repository} ran, and its uname -m says x86_64" if ran else ""
    return None


def _registered(host: Host) -> str | None:
    """Who runs such programs by the kernel's list, "" when nobody does; None when nobody shows the list."""
    seen = False
    for read, where in ((_in_node, "the node's kernel"), (_here, "this kernel")):
        if not read(host, "status"):
            continue
        seen = True
        for name in _EMULATORS:
            if read(host, name).startswith("enabled"):
                return f"{where} hands such programs to {name} (registered, not tried)"
    return "" if seen else None


def _in_node(host: Host, name: str) -> str:
    answer = ask_node(host, "cat", f"{_LIST}/{name}")
    return answer.out if not isinstance(answer, Said) and answer.code == 0 else ""


def _here(host: Host, name: str) -> str:
    return "" if host.is_mac else host.doors.read(f"{_LIST}/{name}") or ""


def _cure(host: Host) -> str:
    again = "sudo systemctl restart systemd-binfmt"
    return per_manager(
        host,
        brew="softwareupdate --install-rosetta && colima stop && colima start --vm-type vz --vz-rosetta"
        " (Docker Desktop: Settings > General > Use Rosetta)",
        apt=f"sudo apt-get install qemu-user-static && {again}",
        dnf=f"sudo dnf install qemu-user-static && {again}",
        pacman=f"sudo pacman -S qemu-user-static qemu-user-static-binfmt && {again}",
    )


CHECK = Check(
    "emulation",
    Group.NODE,
    "images for another processor",
    "what is published for amd64 only, as citusdata/citus is, says on ARM without emulation: exec format error",
    _run,
)
