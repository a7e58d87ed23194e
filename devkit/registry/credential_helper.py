"""A credential helper: the program docker-credential-NAME that keeps logins in a keychain."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from devkit import process
from devkit.errors import DevkitError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# docker-credential-helpers, credentials/error.go: said on stdout, with exit 1.
_NOTHING = "credentials not found in native keychain"


class _Answer(msgspec.Struct, frozen=True, rename="pascal"):
    username: str
    secret: str

    def __repr__(self) -> str:
        return "_Answer(…)"


_ANSWER = msgspec.json.Decoder(_Answer)  # made with the module: registry/document.py says why


def ask_helper(name: str, server: str, file: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """User and secret for `server` from the helper that `file` names; None when it keeps none.

    DevkitError when it is missing or fails; what it printed is not shown, since that may be the secret.
    """
    program = shutil.which(f"docker-credential-{name}", path=environ.get("PATH", os.defpath))
    if not _NAME.fullmatch(name) or program is None:
        raise DevkitError(
            f"docker-credential-{name}, which {file} names for the login of {server}, is not on PATH",
            f"install it, or delete {name!r} from credsStore and credHelpers in {file}",
        )
    try:
        code, output = _run(program, server, environ)
    except OSError as error:
        raise _failed(name, server, file, f"it cannot be started: {error.strerror}") from error
    if code != 0:
        if _NOTHING in output:
            return None
        raise _failed(name, server, file, f"exit {code}")
    return _parsed(output) or _refuse(name, server, file)


def _refuse(name: str, server: str, file: str) -> tuple[str, str]:
    raise _failed(name, server, file, "what it printed is no login")


def _parsed(output: str) -> tuple[str, str] | None:
    # stderr is in it, too: the login is the one line that begins as JSON.
    for line in (output, *output.splitlines()):
        try:
            answer = _ANSWER.decode(line)
        except msgspec.DecodeError:
            continue
        return answer.username, answer.secret
    return None


def _run(program: str, server: str, environ: Mapping[str, str]) -> tuple[int, str]:
    """The helper's exit code and output. What it is asked goes by a pipe: a command line is seen by everybody."""
    asked, ask = os.pipe()
    heard, said = os.pipe()
    try:
        os.write(ask, server.encode())  # fits into a pipe
        os.close(ask)
        child = process.start([program, "get"], stdin=asked, stdout=said, env=environ, cwd=Path("/"))
    except BaseException:
        os.close(heard)
        raise
    finally:
        os.close(asked)
        os.close(said)
    try:
        with os.fdopen(heard, "rb") as stream:
            output = stream.read()
        return child.wait(), output.decode("utf-8", "replace")
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _failed(name: str, server: str, file: str, why: str) -> DevkitError:
    return DevkitError(
        f"docker-credential-{name}, which {file} names, gave no login for {server}: {why}",
        f"see whether it works by hand: docker-credential-{name} list; then log in anew: docker login",
    )
