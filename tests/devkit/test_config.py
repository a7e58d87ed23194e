"""[tool.devkit]: what could lead a delete astray is refused when it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from devkit.config import Settings, find_root, load_project
from devkit.errors import DevkitError

ENTRY = '[[tool.devkit.cluster]]\ncontext = "{}"\nserver = "{}"\nuid = "{}"\n'
TEAM = ("team-dev", "https://10.20.0.5:6443", "0f1a8e52")


def load(folder: Path, text: str) -> Settings:
    (folder / "pyproject.toml").write_text(text)
    return load_project(folder).settings


def project(folder: Path, text: str = "[tool.devkit]\n") -> Path:
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(text)
    return folder


def refused(folder: Path, text: str) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        load(folder, text)
    assert str(folder / "pyproject.toml") in caught.value.problem
    return caught.value


@pytest.mark.parametrize("name", ["dev-infra", "a", "7", "default-2", "kube", "d" * 63])
def test_a_namespace_of_ones_own_is_taken(name: str, tmp_path: Path) -> None:
    assert load(tmp_path, f'[tool.devkit]\nnamespace = "{name}"').namespace == name


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public", "kube-node-lease"])
def test_a_namespace_of_the_cluster_itself_is_refused(name: str, tmp_path: Path) -> None:
    error = refused(tmp_path, f'[tool.devkit]\nnamespace = "{name}"')
    assert f"namespace {name!r} is the cluster's own" in error.problem
    assert error.cure == 'write one of your own, for example "dev-infra"'


@pytest.mark.parametrize("name", ["", "Dev", "-dev", "dev-", "dev_infra", "dev.infra", "dev/x", "../x", "dé", "d" * 64])
def test_a_namespace_that_is_no_dns_label_is_refused(name: str, tmp_path: Path) -> None:
    error = refused(tmp_path, f'[tool.devkit]\nnamespace = "{name}"')
    assert f"namespace {name!r} is no name for a namespace" in error.problem


def test_a_line_end_in_a_namespace_is_refused(tmp_path: Path) -> None:
    assert "is no name for a namespace" in refused(tmp_path, '[tool.devkit]\nnamespace = "dev\\n"').problem


@pytest.mark.parametrize("key", ["statement-timeout-seconds", "lock-wait-seconds", "ready-timeout-seconds"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
def test_a_time_that_never_comes_or_never_ends_is_refused(key: str, value: str, tmp_path: Path) -> None:
    error = refused(tmp_path, f"[tool.devkit]\n{key} = {value}")
    assert f"[tool.devkit] {key} is {float(value)}" in error.problem
    assert error.cure == "write a number of seconds above 0, for example 60"


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none_is_refused(port: int, tmp_path: Path) -> None:
    service = f'[[tool.devkit.service]]\nname = "redis"\nasks = "redis"\nport = {port}'
    assert "`$.tilt-port`" in refused(tmp_path, f"[tool.devkit]\ntilt-port = {port}").problem
    assert "`$.service[0].port`" in refused(tmp_path, service).problem


@pytest.mark.parametrize("text", ["[[tool.devkit]]", "[tool]\ndevkit = 5", "tool = 5", "[[tool]]"])
def test_settings_that_are_no_table_are_refused(text: str, tmp_path: Path) -> None:
    error = refused(tmp_path, text)
    assert "tool.devkit is no table" in error.problem
    assert error.cure == "write [tool.devkit] above its keys, in single brackets"


def test_two_shared_clusters_are_two_contexts(tmp_path: Path) -> None:
    settings = load(tmp_path, ENTRY.format(*TEAM) + ENTRY.format("team-ci", *TEAM[1:]))
    assert [each.context for each in settings.cluster] == ["team-dev", "team-ci"]


def test_a_context_that_is_named_twice_says_which_two_there_are(tmp_path: Path) -> None:
    error = refused(tmp_path, ENTRY.format(*TEAM) + ENTRY.format("team-dev", "https://10.30.0.5", "b7c9d0aa"))
    assert "[[tool.devkit.cluster]] with the context 'team-dev' is there twice" in error.problem
    for value in ("'https://10.20.0.5:6443'", "'0f1a8e52'", "'https://10.30.0.5'", "'b7c9d0aa'"):
        assert value in error.problem
    assert error.cure == "delete the one that is not meant"


@pytest.mark.parametrize("blank", ["", " "])
@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("context", "kubectl config get-contexts"),
        ("server", "kubectl --context 'team dev' config view --minify -o jsonpath='{.clusters[0].cluster.server}'"),
        ("uid", "kubectl --context 'team dev' get namespace kube-system -o jsonpath='{.metadata.uid}'"),
    ],
)
def test_a_shared_cluster_that_is_not_named_whole_says_where_the_rest_stands(
    key: str, command: str, blank: str, tmp_path: Path
) -> None:
    values = {"context": "team dev", "server": TEAM[1], "uid": TEAM[2], key: blank}
    error = refused(tmp_path, ENTRY.format(*values.values()))
    assert f"with the context {values['context']!r} has an empty {key}" in error.problem
    assert error.cure == f"write the one that this shows: {command}"


def clone(folder: Path) -> Path:
    (project(folder) / "devkit").mkdir()
    (folder / "devkit/__main__.py").touch()
    return folder


def test_the_repository_that_one_is_in_goes_before_the_launchers(tmp_path: Path) -> None:
    launcher = clone(tmp_path / "devkit")
    inside = project(launcher / "examples/notes")
    other = project(tmp_path / "other")
    (other / "a/b").mkdir(parents=True)
    no_table = project(other / "a/package", "[project]\nname = 'a'\n")
    assert find_root(launcher, launcher) == launcher
    assert find_root(launcher, launcher / "examples") == launcher
    assert find_root(launcher, inside) == inside
    assert find_root(launcher, other / "a/b") == other
    assert find_root(launcher, no_table) == other
    assert find_root(launcher, tmp_path) == launcher


def test_a_launcher_never_serves_another_clone_of_devkit(tmp_path: Path) -> None:
    launcher, second = clone(tmp_path / "devkit"), clone(tmp_path / "second")
    example = project(second / "examples/notes")
    assert find_root(launcher, second) == launcher
    assert find_root(launcher, example) == example


def test_a_wheel_serves_whatever_one_is_in(tmp_path: Path) -> None:
    packages, second = tmp_path / "site-packages", clone(tmp_path / "second")
    assert find_root(packages, second) == second
    with pytest.raises(DevkitError, match=r"no pyproject.toml with a \[tool.devkit\] table"):
        find_root(packages, tmp_path)
