"""Nothing private is in a report: planted secrets, homes, users and folders, and what is left of the text."""

from __future__ import annotations

import getpass
from pathlib import Path

import msgspec
import pytest

from devkit.compare.private import private_to
from devkit.config import Project, Settings
from devkit.verify.inputs import Request

ROOT = Path("/Users/ana.b/stack")
SOURCE = b'[tool.devkit]\nnamespace = "dev-infra-{user}"\n'


def request(dsn: str | None = None, migrations: Path = ROOT / "infra/migrations") -> Request:
    project = Project(ROOT, msgspec.structs.replace(Settings(), namespace="dev-infra-ana-b"), SOURCE)
    return Request(project, migrations, ROOT / "infra/k8s", dsn)


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://ana.b:hunter2@db.example/app",
        "postgres://ana.b:h%75nter2@db.example",
        "host=db.example user=ana.b password=hunter2",
        "host=db.example user='ana.b' password='hunter2' dbname=app",
    ],
)
@pytest.mark.parametrize("carried_by", ["option", "DEVKIT_DSN"])
def test_the_password_and_the_user_of_a_dsn(dsn: str, carried_by: str) -> None:
    is_option = carried_by == "option"
    private = private_to(request(dsn if is_option else None), {} if is_option else {"DEVKIT_DSN": dsn})
    said = private.without(f'role "ana.b" may not: {dsn}; the secret is hunter2, and ana.b@db.example')
    assert [word for word in ("hunter2", "h%75nter2", '"ana.b"', "ana.b@") if word in said] == []
    assert said.startswith('role "{user}" may not: ')


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("/Users/ana.b/stack/infra/k8s/a.yaml", "infra/k8s/a.yaml"),
        ("read /Users/ana.b/stack", "read ."),
        ("see ~: /Users/ana.b/.kube/config", "see ~: ~/.kube/config"),
        ("/private/tmp/other/m/V1__a.sql", "migrations/V1__a.sql"),
        ("'/var/tmp/devkit-root/run-1/log'", "'…/log'"),
        ("pod web-1 of dev-infra-ana-b", "pod web-1 of dev-infra-{user}"),
        ("cannot reach postgresql://app:s3cret@h/app", "cannot reach postgresql://app:***@h/app"),
        ("CREATE ROLE app PASSWORD 's3cret'", "CREATE ROLE app PASSWORD ***"),
        ("app@127.0.0.1:33649 has no devkit_scratch_0a1b2c3d", "app@127.0.0.1:{port} has no {scratch}"),
        ("user=app password=s3cret host=h", "user=app password=*** host=h"),
    ],
)
def test_what_is_of_this_machine_goes_and_the_rest_stays(text: str, left: str) -> None:
    env = {"HOME": "/Users/ana.b", "PGUSER": "ana.b"}
    assert private_to(request(migrations=Path("/private/tmp/other/m")), env).without(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "infra/migrations/V1__a.sql",
        "docker.io/library/redis:8.2.2",
        "see https://docs.citusdata.com/en/stable/a/b.html",
        "GET /ready",
        "and/or, 1/2/3, a // b /* c */",
        "password authentication failed",
    ],
)
def test_what_is_nobodys_own_stays(text: str) -> None:
    assert private_to(request(), {"HOME": "/"}).without(text) == text


def test_the_name_of_this_user_goes_where_it_is_a_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "bets")
    said = private_to(request(), {}).without('relation bets: role "bets" may not; bets@localhost')
    assert said == 'relation bets: role "{user}" may not; {user}@localhost'
