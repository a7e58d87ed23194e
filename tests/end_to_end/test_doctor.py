"""./inv doctor on a PATH of our own making: tools that answer, that answer wrongly, and that hang."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.checkout import ROOT, Checkout, Result
from tests.devkit.doctor.fake import DOCKER_VERSION, INFO
from tests.need import need
from tests.processes import command_lines

SCHEMA = json.loads((ROOT / "docs/reference/doctor.schema.json").read_text("utf-8"))
# What the launcher itself needs, and git, which a developer has.
SYSTEM = ("cmp", "readlink", "git", "sleep", "cat")
GOOD = {
    "kubectl": 'echo \'{"clientVersion": {"gitVersion": "v1.36.4"}}\'',
    "tilt": 'echo "v0.37.6, built 2026-05-01"',
    "kind": 'echo "kind v0.33.0 go1.27.1 linux/amd64"',
    "docker": f"case $1 in version) echo '{DOCKER_VERSION}' ;; info) echo '{json.dumps(INFO)}' ;; *) exit 1 ;; esac",
}
TOOLS = "python,kubectl,tilt,container-engine,cluster-tool,memory,cgroup,node-image,line-endings"


@pytest.fixture
def machine(checkout: Checkout) -> Machine:
    """A checkout that git follows, and a PATH with nothing but what a test puts there."""
    folder = checkout.root / "bin"
    folder.mkdir()
    for name in SYSTEM:
        (folder / name).symlink_to(need(name))
    shutil.copy2(ROOT / ".gitattributes", checkout.root)
    for words in (("init", "-q"), ("add", "devkit/words.py", "infra/kind.yaml", ".gitattributes")):
        subprocess.run(["git", "-C", checkout.root, *words], check=True, capture_output=True)
    return Machine(checkout, folder)


class Machine:
    def __init__(self, checkout: Checkout, folder: Path) -> None:
        self.checkout, self.folder = checkout, folder

    def install(self, programs: Mapping[str, str]) -> None:
        for name, text in programs.items():
            file = self.folder / name
            file.write_text(f"#!/bin/sh\n{text}\n")
            file.chmod(0o755)

    def doctor(self, *words: str, **environ: str) -> Result:
        """Run it with time enough for what answers, however busy this machine is, but where a test names another."""
        words = words if "--timeout" in words else ("--timeout", "60", *words)
        home = str(self.checkout.root)
        bare = {
            name: "" for name in os.environ if name.upper().endswith(("_PROXY", "_CERT", "_FILE", "_BUNDLE", "_CERTS"))
        }
        env = {**bare, "PATH": str(self.folder), "HOME": home, "KUBECONFIG": "", **environ}
        return self.checkout.run("doctor", *words, env=env)

    def report(self, *words: str, code: int, **environ: str) -> dict[str, Any]:
        result = self.doctor("--format", "json", *words, **environ)
        assert result.code == code, result
        assert result.err == ""
        jsonschema.Draft202012Validator(SCHEMA).validate(result.report())
        return {each["id"]: each for each in result.report()["checks"]}


def test_a_machine_on_which_all_is_well_ends_with_zero(machine: Machine) -> None:
    machine.install(GOOD)
    result = machine.doctor("--only", TOOLS)
    assert result.code == 0, result
    assert "✔ kubectl" in result.out
    assert "✔ 0 problems, 0 warnings, 9 ok, 0 not looked at" in result.out
    assert "→" not in result.out


def test_what_is_missing_ends_with_one_and_says_the_command(machine: Machine) -> None:
    result = machine.doctor("--only", "tilt,kubectl")
    assert result.code == 1, result
    assert "✘ tilt     tilt is not on PATH\n" in result.out
    assert "✘ 2 problems" in result.out
    found = machine.report("--only", "tilt", code=1)["tilt"]
    assert found["state"] == "problem"
    assert "tilt" in found["cure"]
    assert found["ms"] >= 0


@pytest.mark.full
def test_wrong_answers_are_quoted_and_never_taken_for_a_version(machine: Machine) -> None:
    wrong = {
        "kubectl": "echo '<html>' ; exit 3",
        "tilt": "echo 'Tilt 2.0.10'",
        "kind": "",
        "docker": "echo Error >&2; exit 1",
    }
    machine.install(wrong)
    found = machine.report("--only", "kubectl,tilt,cluster-tool,container-engine", code=1)
    assert {each["state"] for each in found.values()} == {"problem"}
    assert '"<html>"' in found["kubectl"]["found"]
    assert '"Tilt 2.0.10"' in found["tilt"]["found"]
    assert "nothing (exit code 0)" in found["cluster-tool"]["found"]
    assert '"Error"' in found["container-engine"]["found"]


@pytest.mark.full
def test_tools_that_hang_are_cut_off_and_hold_up_no_other(machine: Machine) -> None:
    """The test's own time limit is its proof: each of them would go on for days, and so would what it starts."""
    mark = f"6{os.getpid():07}"  # seconds, so long and so odd that no other process sleeps them
    machine.install({**GOOD, "docker": f"sleep {mark} & sleep {mark}", "tilt": f"trap '' TERM; sleep {mark}"})
    found = machine.report("--timeout", "1", "--only", "tilt,container-engine,node-image", code=0)
    assert found["tilt"]["state"] == found["container-engine"]["state"] == "unknown"
    assert found["node-image"]["state"] in {"ok", "unknown"}, "on a busy machine it may be late, too"
    while f"sleep {mark}" in "\n".join(command_lines()):  # killed they are: until whoever inherits them has taken note
        time.sleep(0.05)


@pytest.mark.full
def test_nothing_of_a_person_is_in_the_report(machine: Machine) -> None:
    machine.install(GOOD)
    ca = machine.checkout.root / "gone.pem"
    result = machine.doctor("--format", "json", HTTPS_PROXY="http://ada:secret@127.0.0.1:1", SSL_CERT_FILE=str(ca))
    assert result.code == 1, result
    assert str(machine.checkout.root) not in result.out
    assert "~/gone.pem" in result.out
    assert "secret" not in result.out
    assert "***@127.0.0.1:1" in result.out


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "kubctl"), "did you mean kubectl?"),
        (("--format", "yaml"), "write one of: text, json"),
        (("--onyl", "tilt"), "Did you mean --only?"),
    ],
)
def test_a_mistyped_option_ends_with_two(machine: Machine, words: tuple[str, ...], said: str) -> None:
    result = machine.doctor(*words)
    assert result.code == 2, result
    assert said in result.err
    assert result.out == ""


@pytest.mark.full
def test_a_check_that_breaks_ends_with_two_and_the_others_are_told(machine: Machine) -> None:
    broken = machine.checkout.root / "devkit/doctor/proxy.py"
    broken.write_text(
        broken.read_text("utf-8").replace("    set_ = {", "    raise RuntimeError\n    set_ = {"), "utf-8"
    )
    found = machine.report("--only", "proxy,node-image", code=2)
    assert found["proxy"]["state"] == "unknown"
    assert "the check itself failed: RuntimeError" in found["proxy"]["found"]
    assert found["node-image"]["state"] == "ok"


@pytest.mark.full
def test_an_ordinary_machine_is_looked_at_without_surprises(checkout: Checkout) -> None:
    """This one, as it is: whatever it lacks, every check ends, and none breaks."""
    result = checkout.run("doctor", "--format", "json")
    assert result.code in {0, 1}, result
    jsonschema.Draft202012Validator(SCHEMA).validate(result.report())
    assert result.report()["machine"]["python"] == ".".join(map(str, sys.version_info[:3]))
