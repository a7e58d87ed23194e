"""No password, token or key is in anything that the verbs print, nor in any process's command line."""

from __future__ import annotations

import base64
import json
import re
import stat
import subprocess

import pytest

from tests.cluster.stack import Stack
from tests.testbed.stores import Stores


def secrets_of(stack: Stack) -> dict[str, str]:
    """Everything that must not be seen, as it stands in files and as it stands in the API."""
    manifests = "\n".join(file.read_text() for file in sorted(stack.checkout.manifests.glob("*.yaml")))
    passwords = re.findall(r"password: (dev-only-\S+)", manifests)
    assert len(passwords) == 3
    user = json.loads(stack.kubeconfig.read_text())["users"][0]["user"]
    key = base64.b64decode(user["client-key-data"]).decode()
    found = {**{f"password {number}": each for number, each in enumerate(passwords)}, "token": user["token"]}
    encoded = {f"{name} in base64": base64.b64encode(each.encode()).decode() for name, each in found.items()}
    return {**found, **encoded, "key": key.splitlines()[1], "key in base64": user["client-key-data"][:60]}


def leaks(text: str, secrets: dict[str, str]) -> list[str]:
    return [name for name, each in secrets.items() if each in text]


@pytest.fixture
def known(stack: Stack) -> dict[str, str]:
    """A stack whose user has a certificate and a token; all that must not be seen."""
    user = {**stack.cluster.admin, "token": stack.cluster.token(stack.namespace)}
    stack.cluster.write_kubeconfig(stack.kubeconfig, user=user)
    return secrets_of(stack)


@pytest.mark.full
def test_no_secret_is_shown_while_the_stack_comes_up_stands_and_goes(
    stack: Stack, stores: Stores, known: dict[str, str]
) -> None:
    stores.serve(stack.cluster, stack.namespace)
    runs = [stack.up(), stack.run("up", "--format", "json"), stack.run("status")]
    processes = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert str(stack.checkout.root / "Tiltfile") in processes
    (kubeconfig,) = stack.home.glob("devkit_state/checkouts/*/kubeconfig")
    assert stat.S_IMODE(kubeconfig.stat().st_mode) == 0o600
    log = kubeconfig.with_name("tilt.log").read_text()
    runs += [stack.run("status", "--format", "json"), stack.run("down", "--yes"), stack.run("status")]
    assert [each.code for each in runs] == [0, 0, 0, 0, 0, 1], runs
    for each in runs:
        assert leaks(f"{each.out}{each.err}", known) == []
    assert leaks(processes, known) == []
    assert leaks(log, known) == []


@pytest.mark.full
def test_no_secret_is_shown_when_something_is_wrong(stack: Stack, known: dict[str, str]) -> None:
    text, user = stack.kubeconfig.read_text(), {"token": f"{known['token'][:-8]}AAAAAAAA"}
    refused = stack.cluster.write_kubeconfig(stack.kubeconfig, user=user).read_text()
    broken_key = text.replace(known["key in base64"], f"??{known['key in base64']}")
    broken_file = text.replace('"token": ', '"token": ]')
    secrets = {**known, "token's beginning": known["token"][:-8]}
    for each, said in (
        (refused, "does not accept the credentials"),
        (broken_key, "cannot be used"),
        (broken_file, "is not YAML"),
    ):
        stack.kubeconfig.write_text(each)
        done = stack.run("status", "--format", "json")
        assert (done.code, said in done.err) == (2, True), done
        assert leaks(f"{done.out}{done.err}", secrets) == []
