"""Each exit code of the contract, through the real ./inv, with the text a person reads."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from tests.checkout import Checkout
from tests.everyday import first

GOOD = "CREATE TABLE good (id int PRIMARY KEY);\n"


@pytest.fixture
def small(empty: Checkout) -> Checkout:
    """A checkout with one good migration."""
    (empty.migrations / "V1__good.sql").write_text(GOOD)
    return empty


def test_zero_for_no_errors(small: Checkout) -> None:
    assert small.run("verify").code == 0


def test_one_for_a_finding_of_severity_error(small: Checkout) -> None:
    (small.migrations / "V2__bad.sql").write_text("SELEC 1;\n")
    assert small.run("verify").code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    first(
        1,
        [
            (("verfy",), "No idea what 'verfy' is! Did you mean verify?"),
            (("verify", "--migratoins", "x"), "No idea what '--migratoins' is! Did you mean --migrations?"),
            (("verify", "--format", "xml"), "write one of: text, json"),
            (("verify", "--engine", "oracle"), "write one of: embedded, dsn"),
            (("verify", "--engine", "embedded", "--dsn", "postgresql://h/d"), "exclude each other"),
            (("verify", "--engine", "dsn"), "set DEVKIT_DSN"),
            (("verify", "--dsn", "not a dsn"), "postgresql://user@host:5432/database"),
            (("verify", "--dsn", "postgresql://u:hidden-word@h/d"), "~/.pgpass"),
            (("verify", "--dsn", "postgresql://u@127.0.0.1:1/d"), "connection refused"),
            (("verify", "--manifests", "nowhere"), "--manifests DIR"),
            (("verify", "--migrations", "nowhere"), "--migrations DIR"),
        ],
    ),
)
def test_two_when_we_could_not_look(small: Checkout, words: tuple[str, ...], said: str) -> None:
    result = small.run(*words)
    assert (result.code, result.out) == (2, "")
    assert said.casefold() in result.err.casefold(), result.err
    assert "hidden-word" not in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("line", "said"),
    first(
        1,
        [
            ('migratoins = "x"', 'did you mean "migrations"?'),
            ("owner = 3", "Expected `str`, got `int` - at `$.owner`"),
            ("statement-timeout-seconds = 0", "above 0"),
            ("owner = ", "mend that line"),
            ('owner = "devkit"', "choose other names"),
            ('owner = "pg_app"', "choose other names"),
            ('database = "template1"', "choose other names"),
        ],
    ),
)
def test_two_for_a_mistake_in_the_config(small: Checkout, line: str, said: str) -> None:
    small.configure(line)
    result = small.run("verify")
    assert (result.code, said in result.err, "pyproject.toml" in result.err) == (2, True, True), result.err


@pytest.mark.parametrize(("text", "line"), first(1, [("import devkit\nraise ValueError(1)\n", 2), ("def f(:\n", 1)]))
def test_two_for_a_broken_tasks_py(small: Checkout, text: str, line: int) -> None:
    (small.root / "tasks.py").write_text(text)
    result = small.run("verify")
    assert (result.code, f"tasks.py:{line}:" in result.err) == (2, True), result.err


def test_three_with_a_traceback_for_a_bug(small: Checkout) -> None:
    verdict = small.root / "devkit/verify/verdict.py"
    verdict.write_text(
        verdict.read_text().replace("def load(", "def load(*a: object) -> None:\n    raise KeyError\ndef l(")
    )
    result = small.run("verify")
    assert (result.code, "Traceback" in result.err, "this is a bug in devkit" in result.err) == (3, True, True)


@pytest.mark.parametrize(
    ("number", "code"), first(1, [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
)
def test_a_signal_outside_a_task_has_its_code_too(small: Checkout, number: int, code: int) -> None:
    (small.root / "tasks.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(60)\n")
    with subprocess.Popen(small.argv("verify"), env=small.environment(), stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(0.05)
        running.send_signal(number)
        assert running.wait(20) == code


def test_a_reader_that_went_away_is_no_bug(small: Checkout) -> None:
    with subprocess.Popen(
        small.argv("verify", "-v"), env=small.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        assert (running.wait(60), b"Traceback" in said) == (141, False)
