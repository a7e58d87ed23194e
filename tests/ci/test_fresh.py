""".ci/fresh for real: namespaces, mounts, a chroot; on a root of a few programs of this machine, with our README."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.launcher.clone import until
from tests.need import missing, need
from tests.processes import command_lines

FRESH = ROOT / ".ci/fresh"
README = """\
# Ours
```toml
first = "of another language"
```
```sh
./inv verify   # a comment
./inv test
```
```sh
./inv never
```
"""
INV = """\
#!/bin/sh
echo "$1 here $(env | sort | tr '\\n' ' ')"
[ ! -t 0 ] && [ ! -t 1 ] && [ ! -t 2 ] || echo a terminal
case $1 in
  test) : >/dev/shm/writable; sleep "$(cat seconds)"; exit "$(cat code)" ;;
esac
"""
# What debootstrap does, in a moment: enough of a root for env, sh and useradd.
DEBOOTSTRAP = """\
#!/bin/sh
echo "$*" >>"$JOURNAL"
for target; do case $target in /*/base) break ;; esac; done
mkdir -p "$target/dev" "$target/proc" "$target/etc" "$target/home/admin" "$target/bin"
for program in sh env cat sleep sort tr; do
  cp "$(command -v $program)" "$target/bin"
  ldd "$(command -v $program)" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$target${library%/*}" && cp -L "$library" "$target$library"
  done
done
printf '%s\\n' 'root:x:0:0::/home/admin:/bin/sh' 'newcomer:x:4321:4321::/home/newcomer:/bin/sh' >"$target/etc/passwd"
printf '#!/bin/sh\\n/bin/mkdir -p "/home/$2"\\n' >"$target/bin/useradd"
cp "$(command -v mkdir)" "$target/bin" && chmod +x "$target/bin/useradd"
ldd "$(command -v mkdir)" | grep -o '/[^ ]*' | while read -r library; do cp -L "$library" "$target$library"; done
"""


class Place:
    """A repository with a README of ours, and a debootstrap that takes a moment."""

    def __init__(self, folder: Path) -> None:
        self.root, self.roots, self.journal = folder / "repo", folder / "cache/devkit-roots", folder / "journal"
        (self.root / ".ci").mkdir(parents=True)
        shutil.copy2(FRESH, self.root / ".ci")
        (folder / "bin").mkdir()
        for file, text in (
            (folder / "bin/debootstrap", DEBOOTSTRAP),
            (folder / "bin/apt-get", "#!/bin/sh\necho mirror:there\n"),
            (self.root / "inv", INV),
            (self.root / "README.md", README),
        ):
            file.write_text(text)
            file.chmod(0o755)
        self.env = {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "JOURNAL": str(self.journal),
            "CI": "true",
            "PIP_INDEX_URL": "carried",
            "PIP_CACHE_DIR": "left",
        }

    def commit(self, *, code: int = 0, seconds: int = 0) -> None:
        """Make it a repository with one commit; `./inv test` takes so long and ends so."""
        (self.root / "code").write_text(f"{code}\n")
        (self.root / "seconds").write_text(f"{seconds}\n")
        who = ("-c", "user.name=nobody", "-c", "user.email=nobody")
        for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "all")):
            subprocess.run([need("git"), *words], cwd=self.root, check=True)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start .ci/fresh with the signals a terminal gives it."""
        return subprocess.Popen(
            ["env", "--default-signal=INT", self.root / ".ci/fresh", *words],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run it to its end."""
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    @property
    def mounts(self) -> list[str]:
        """What is mounted below the roots, as everybody else sees it."""
        return [line for line in Path("/proc/mounts").read_text().splitlines() if str(self.roots) in line]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A machine on which roots can be made."""
    if os.geteuid() != 0:
        missing("only root can make a root")
    words = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "proc", "proc", "/proc"]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        missing("this container may not mount: start it with --cap-add SYS_ADMIN")
    tmp_path.chmod(0o755)
    return Place(tmp_path)


@pytest.mark.parametrize("user", ["root", "newcomer"])
def test_the_first_block_of_the_readme_runs_in_a_clean_place(place: Place, user: str) -> None:
    home = "/home/admin" if user == "root" else "/home/newcomer"  # as the passwd of that root says
    place.commit()
    (place.root / "uncommitted").touch()
    code, out, err = place.run("trixie", *([] if user == "root" else [user]))
    assert (code, err) == (0, ".ci/fresh: what is not committed is left out\n")
    *said, heading, root, clone, verify, test, again = out.splitlines()
    assert [line.split()[0] for line in said] == ["verify", "test", "verify"]
    names = set(re.findall(r"(\w+)=", said[0]))
    assert names - {"_", "OLDPWD"} == {"PATH", "PWD", "HOME", "LANG", "TERM", "PIP_INDEX_URL"}
    assert f"HOME={home} " in said[0]
    assert f"PWD={home}/devkit " in said[0]
    assert heading == f"Debian trixie, as {user}:"
    parts = [re.fullmatch(r" *\d+\.\d s  (.*)", line) for line in (root, clone, verify, test, again)]
    assert [part and part[1] for part in parts] == [
        "root of Debian trixie", "git clone", "./inv verify", "./inv test", "./inv verify, again",
    ]  # fmt: skip
    assert list(place.roots.glob("run.*")) == []


def test_a_root_is_made_once_a_week_from_where_this_machine_has_its_packages(place: Place) -> None:
    place.commit()
    assert [place.run("bookworm")[0] for _ in range(2)] == [0, 0]
    (called,) = place.journal.read_text().splitlines()
    assert called.startswith("--variant=minbase --include=python3,python3-venv bookworm ")
    assert called.endswith("/base mirror:there")


def test_what_fails_ends_it_with_its_code(place: Place) -> None:
    place.commit(code=7)
    code, out, _ = place.run("trixie")
    assert code == 7
    assert out.splitlines()[-1].endswith("./inv test")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_stopped_run_leaves_no_process_and_no_mount(place: Place, number: int, code: int) -> None:
    mark = 86400 + os.getpid()
    place.commit(seconds=mark)
    with place.start("trixie") as running:
        assert running.stdout is not None
        while not running.stdout.readline().startswith("test"):
            pass
        until(lambda: f"sleep {mark}" in command_lines())
        assert place.mounts == []  # they are the run's own
        running.send_signal(number)
        assert running.wait(30) == code
        until(lambda: f"sleep {mark}" not in command_lines())
    place.commit()
    assert place.run("trixie")[0] == 0  # which sweeps what kill -9 left
    assert list(place.roots.glob("run.*")) == []


@pytest.mark.parametrize(
    ("words", "said"), [((), "usage: .ci/fresh trixie|bookworm [USER]"), (("trixie",), "apt-get install debootstrap")]
)
def test_it_says_what_to_do(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    if os.geteuid() != 0 and words:
        said = "sudo "
    for tool in ("dirname", "id", "bash"):
        (tmp_path / tool).symlink_to(need(tool))
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([need("bash"), FRESH, *words], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr) == (2, True), done
