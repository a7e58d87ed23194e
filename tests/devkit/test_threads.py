"""Types that threads read: msgspec learns a type at its first use, and another thread may see half of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.checkout import ROOT

# Each round is a first use: a registry's answers come to several threads.
_ROUNDS = """
import importlib, sys, threading
from devkit.registry import document
sys.setswitchinterval(1e-6)
index = "application/vnd.oci.image.index.v1+json"
body = b'{"manifests": [{"digest": "sha256:%s", "size": 1, "platform": {"os": "linux"}}]}' % (b"0" * 64)
for _ in range(500):
    importlib.reload(document)
    start = threading.Barrier(4)
    def read():
        start.wait()
        document.document(body, index)
    threads = [threading.Thread(target=read) for _ in range(4)]
    for each in threads: each.start()
    for each in threads: each.join()
print("read")
"""


def test_the_first_answers_of_a_registry_may_come_all_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", _ROUNDS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "read\n"), done.stderr


def test_what_threads_read_is_known_before_they_begin() -> None:
    packages = (Path("devkit") / name for name in ("cluster", "doctor", "registry"))
    for file in (file for package in packages for file in (ROOT / package).rglob("*.py")):
        assert not re.search(r"msgspec\.\w+\.decode\([^\n]*type=", file.read_text()), (
            f"{file}: a Decoder, beside the type"
        )
