"""The environment variables that devkit reads. A test reads the code beside it: none can be missing, none left over."""

from __future__ import annotations

import dataclasses

_REPLAYING = ("verify", "watch", "migrate", "reset", "schema", "compare", "conformance", "onboard")
_TILT = ("up", "down", "reset", "status", "doctor", "onboard")
_REGISTRY = ("pin", "doctor")


@dataclasses.dataclass(frozen=True, slots=True)
class Variable:
    """One variable, or several of one meaning. It is read by `verbs`, by those with an `option`, and by `others`."""

    names: tuple[str, ...]
    what: str
    verbs: tuple[str, ...] = ()
    option: str = ""
    others: str = ""


OURS: tuple[Variable, ...] = (
    Variable(
        ("DEVKIT_DSN",),
        "the database, as `--dsn` names it; unlike there, a password may be in it. `--dsn` goes before it, and where "
        "there is an `--engine`, only `dsn` reads it",
        option="dsn",
    ),
    Variable(
        ("DEVKIT_CACHE",),
        "the folder of the embedded server and of stored verdicts, in place of `~/.cache/devkit` "
        "(macOS: `~/Library/Caches/devkit`, root: `/var/tmp/devkit-root`); data then lies there, not in memory",
        _REPLAYING,
    ),
    Variable(
        ("DEVKIT_STATE",),
        "the folder of what was agreed to, of locks and of Tilt's log, in place of `~/.local/state/devkit` "
        "(macOS: `~/Library/Application Support/devkit`)",
        ("doctor",),
        option="context",
    ),
    Variable(("DEVKIT_VENV",), "the Python environment, in place of `.venv`", others="`inv`, `Tiltfile`"),
    Variable(("DEVKIT_NEW_MIGRATION",), "what Tilt's button passes on: the name of the migration", ("new",)),
    Variable(("DEVKIT_INSIDE_TILT",), "set by the Tiltfile: the Tilt that runs this is not stopped", ("reset",)),
    Variable(("DEVKIT_CONTEXT",), "set by devkit: the context that it has proven", others="`Tiltfile`"),
    Variable(("DEVKIT_PYTHON",), "set by devkit: the Python that Tilt runs it with", others="`Tiltfile`"),
    Variable(("DEVKIT_FAULT",), "of devkit's own tests: where a run is to be killed", ("migrate",)),
    Variable(("DEVKIT_TEST_KUBECONFIG",), "of devkit's own tests: a real cluster in place of theirs", ("test",)),
    Variable(("DEVKIT_TESTBED_CACHE",), "of devkit's own tests: the folder of the test bed's programs", ("test",)),
)

THEIRS: tuple[Variable, ...] = (
    Variable(
        ("KUBECONFIG",), "the kubeconfig, or several, in place of `~/.kube/config`", ("doctor",), option="context"
    ),
    Variable(("TILT_PORT",), "the port of Tilt's page; it goes before the setting `tilt-port`", _TILT),
    Variable(("TILT_CONFIG", "TILT_DEV_DIR"), "where Tilt keeps the addresses of its servers", _TILT),
    Variable(("PGPASSFILE", "PGSERVICEFILE", "PGSERVICE"), "PostgreSQL's: logins, and databases by name", option="dsn"),
    Variable(("PGUSER", "PGPASSWORD"), "PostgreSQL's; their values are kept out of reports", option="dsn"),
    Variable(("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "no_proxy"), "proxies, and hosts without one", _REGISTRY),
    Variable(
        ("SSL_CERT_FILE", "SSL_CERT_DIR"), "the authorities that are trusted, in place of the system's", _REGISTRY
    ),
    Variable(("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR"), "where logins of registries are", ("pin",)),
    Variable(("FORCE_COLOR",), "colours where stdout is no terminal", others="every verb"),
    Variable(("CI",), "`true`: the long rounds run, and a test that lacks a tool fails", ("test",)),
)

# Read as by any program; the page does not name them.
EVERYBODYS = frozenset({"HOME", "LOGNAME", "PATH"})
