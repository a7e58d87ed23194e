"""Kubeconfigs: merged as kubectl merges them, and every way in which one can be wrong says what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.cluster.kubeconfig import read_target
from devkit.cluster.target import Target, frozen
from devkit.errors import DevkitError
from tests.checkout import ROOT
from tests.devkit.cluster.clusters import EKS_ARN, EKS_FILE, config, kind, plugin

SECRET = "s3cr3t-0a1b2c"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(*files: Path, context: str = "") -> Target:
    return read_target({"KUBECONFIG": os.pathsep.join(map(str, files))}, context)


def wrong(text: str | bytes, folder: Path) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        read(write(folder, "config", text))
    assert SECRET not in f"{caught.value}{caught.value!r}{caught.value.__cause__}"
    return caught.value


def test_a_context_gives_its_cluster_its_user_and_its_address(tmp_path: Path) -> None:
    file = write(tmp_path, "config", EKS_FILE)
    target = read(file)
    assert (target.context, target.cluster, target.user, target.file) == ("dev-eks", EKS_ARN, EKS_ARN, file)
    assert target.host == "0a1b2c3d4e5f60718293a4b5c6d7e8f9.gr7.eu-west-1.eks.amazonaws.com"
    assert (target.port, target.path, target.is_encrypted, target.insecure) == (443, "", True, False)
    assert (target.exec_command, target.auth_provider) == ("aws", "")


def test_what_the_guard_asks_for_is_there(tmp_path: Path) -> None:
    tls = "proxy-url: 'socks5://localhost:1080', tls-server-name: kubernetes, insecure-skip-tls-verify: true"
    text = kind(server="http://[::1]:8001/k8s/", tls=tls, login="auth-provider: {name: gcp}")
    target = read(write(tmp_path, "config", text))
    assert (target.host, target.port, target.path, target.is_encrypted) == ("::1", 8001, "/k8s", False)
    assert (target.proxy_url, target.tls_server_name, target.insecure) == (
        "socks5://localhost:1080", "kubernetes", True,
    )  # fmt: skip
    assert (target.exec_command, target.auth_provider) == ("", "gcp")


def test_the_current_context_is_only_the_default(tmp_path: Path) -> None:
    files = write(tmp_path, "a", kind("kind-a")), write(tmp_path, "b", kind("kind-b"))
    assert read(*files).context == "kind-a"
    assert read(*files, context="kind-b").context == "kind-b"
    assert read(*files, context="kind-b").file == files[1]


def test_without_kubeconfig_the_file_in_the_home_folder_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, ".kube/config", kind())
    assert read_target({"HOME": str(tmp_path)}).file == file
    assert read_target({"HOME": str(tmp_path), "KUBECONFIG": ""}).file == file
    other = write(tmp_path, "other", kind("kind-other"))
    assert read_target({"HOME": str(tmp_path), "KUBECONFIG": str(other)}).context == "kind-other"


def test_the_first_definition_of_a_name_counts_whole(tmp_path: Path) -> None:
    first = write(tmp_path, "a", kind(server="https://127.0.0.1:1"))
    second = write(tmp_path, "b", kind(server="https://127.0.0.1:2", tls="tls-server-name: other"))
    assert (read(first, second).port, read(first, second).tls_server_name) == (1, "")
    assert (read(second, first).port, read(second, first).tls_server_name) == (2, "other")


def test_the_first_current_context_that_is_one_counts(tmp_path: Path) -> None:
    none = write(tmp_path, "a", kind("kind-a").replace("current-context: 'kind-a'", "current-context: ''"))
    assert read(none, write(tmp_path, "b", kind("kind-b"))).context == "kind-b"


def test_missing_files_of_a_list_are_passed_over_and_so_are_empty_ones(tmp_path: Path) -> None:
    empty = write(tmp_path, "empty", "")
    deleted = write(tmp_path, "deleted", "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\nusers: null\n")
    assert read(tmp_path / "gone", empty, deleted, write(tmp_path, "b", kind())).context == "kind-dev"


def test_a_context_a_cluster_and_a_user_may_stand_in_three_files(tmp_path: Path) -> None:
    one = json.dumps({"contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"})
    two = json.dumps({"clusters": [{"name": "c", "cluster": {"server": "https://a", "certificate-authority": "ca"}}]})
    three = json.dumps({"users": [{"name": "u", "user": {"client-key": "../key", "tokenFile": "/abs/token"}}]})
    files = [write(tmp_path, f"{n}/config", text) for n, text in enumerate((one, two, three))]
    target = read(*files)
    assert target.file == files[0]
    assert target.cluster_entry["certificate-authority"] == str(tmp_path / "1/ca")
    assert target.user_entry == {"client-key": str(tmp_path / "2/../key"), "tokenFile": "/abs/token"}


@pytest.mark.parametrize(
    ("command", "expected"), [("aws", "aws"), ("./bin/login", "{}/bin/login"), ("/opt/login", "/opt/login")]
)
def test_a_plugin_with_a_slash_is_beside_the_kubeconfig(command: str, expected: str, tmp_path: Path) -> None:
    target = read(write(tmp_path, "config", kind(login=plugin(command))))
    assert target.exec_command == expected.format(tmp_path)


def test_a_relative_kubeconfig_still_gives_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "sub/config", kind(login="client-certificate: c.crt"))
    assert read(Path("sub/config")).user_entry["client-certificate"] == str(tmp_path / "sub/c.crt")


def test_a_context_without_a_user_is_anonymous(tmp_path: Path) -> None:
    target = read(write(tmp_path, "config", kind().replace(", user: 'kind-dev'}", "}")))
    assert (target.user, target.user_entry) == ("", {})
    assert frozen(target, "dev-infra")["users"] == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"clusters": [{"name": "c", "cluster": {"server": "https://h:1"}}],
                    "contexts": [{"name": "c", "context": {"cluster": "c"}}], "current-context": "c"}, indent="\t"),
        b"\xef\xbb\xbf" + kind("c", "https://h:1").encode(),
        kind("c", "https://h:1").encode("utf-16"),  # PowerShell's Out-File
        kind("c", "https://h:1").replace("\n", "\r\n"),
        "{clusters: [{name: c, cluster: {server: 'https://h:1'}}], contexts: [{name: c, context: {cluster: c}}],\n"
        " current-context: c}",
    ],
    ids=["JSON", "BOM", "UTF-16", "CRLF", "braces that are no JSON"],
)  # fmt: skip
def test_every_encoding_that_kubectl_reads_is_read(text: str | bytes, tmp_path: Path) -> None:
    target = read(write(tmp_path, "config", text))
    assert (target.context, target.server) == ("c", "https://h:1")


def test_a_frozen_context_leads_to_the_same_cluster(tmp_path: Path) -> None:
    text = kind(tls="certificate-authority: ca.crt", login="client-certificate: c.crt, client-key: c.key")
    target = read(write(tmp_path, "a", text), write(tmp_path, "b", EKS_FILE))
    again = read(write(tmp_path, "sub/frozen", json.dumps(frozen(target, "dev-infra"))))
    assert (again.cluster_entry, again.user_entry) == (target.cluster_entry, target.user_entry)
    assert (again.context, again.cluster, again.user, again.server) == (
        target.context, target.cluster, target.user, target.server,
    )  # fmt: skip
    assert frozen(target, "dev-infra")["contexts"] == [
        {"name": "kind-dev", "context": {"cluster": "kind-dev", "user": "kind-dev", "namespace": "dev-infra"}}
    ]
    assert "dev-eks" not in json.dumps(frozen(target, "dev-infra"))


def test_no_secret_is_in_the_repr(tmp_path: Path) -> None:
    target = read(write(tmp_path, "config", kind(login=f"token: {SECRET}, password: {SECRET}")))
    assert SECRET not in repr(target)
    assert target.user_entry["token"] == SECRET


def test_yaml_that_ruamel_warns_of_is_read_in_silence(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    text = kind(login=f"token: &a {SECRET}").replace("preferences: {}", "preferences: &a {}")
    assert read(write(tmp_path, "config", text)).user_entry["token"] == SECRET
    assert not recwarn.list  # a warning quotes the token


@pytest.mark.parametrize("environ", [{}, {"HOME": "/no/home"}, {"KUBECONFIG": "/no/a:/no/b"}, {"KUBECONFIG": ":"}])
def test_without_a_kubeconfig_one_is_told_how_to_make_a_cluster(environ: Mapping[str, str]) -> None:
    with pytest.raises(DevkitError, match="no kubeconfig was found") as caught:
        read_target(environ)
    assert caught.value.cure == "make a local cluster: kind create cluster --name dev"
    assert all(each in caught.value.problem for each in environ.get("KUBECONFIG", "").split(":"))


def test_an_unknown_context_names_the_nearest_and_the_files(tmp_path: Path) -> None:
    files = write(tmp_path, "a", kind("kind-dev")), write(tmp_path, "b", kind("minikube"))
    with pytest.raises(DevkitError) as caught:
        read(*files, context="kind-def")
    assert caught.value.problem == f"there is no context 'kind-def' in {files[0]}, {files[1]}"
    assert caught.value.cure == "name one of these: kind-dev"


def test_without_a_current_context_one_is_told_how_to_set_it(tmp_path: Path) -> None:
    error = wrong(kind("a b").replace("current-context", "previous-context"), tmp_path)
    assert error.cure == "kubectl config use-context 'a b'"


@pytest.mark.parametrize("part", ["clusters", "users"])
def test_a_stale_context_says_what_is_gone(part: str, tmp_path: Path) -> None:
    error = wrong(kind().replace(f"{part}:", f"{part}: []\nnone:"), tmp_path)
    assert f"context 'kind-dev' names {part[:-1]} 'kind-dev', which is in no kubeconfig" in error.problem
    assert "kubectl config delete-context kind-dev" in error.cure


def test_a_file_that_may_not_be_read_is_copied_for_its_user(tmp_path: Path) -> None:
    folder = write(tmp_path, "folder/x", "").parent
    with pytest.raises(DevkitError, match=r"folder: cannot be read: .*directory"):
        read(folder)
    file = write(tmp_path, "k3s.yaml", kind())
    file.chmod(0)
    user = os.geteuid()
    os.seteuid(user or 65534)  # root may read everything
    try:
        with pytest.raises(DevkitError, match="not readable for you") as caught:
            read(file)
    finally:
        os.seteuid(user)
    assert caught.value.cure.startswith(f'sudo install -m 600 -o "$(id -un)" {file} ~/.kube/own')


MISSHAPEN = {
    "not YAML": (f"users: [{{name: a, user: {{token: {SECRET}\nclusters:", "is not YAML"),
    "a tab": (f"users:\n\t- token: {SECRET}", "line 2 is not YAML"),
    "a key twice": (f"token: {SECRET}\ntoken: {SECRET}", "line 2 is not YAML"),
    "two documents": (f"{kind()}---\ntoken: {SECRET}", "is not YAML"),
    "no text": (b"\xff\x00\xfe", "the whole file is not YAML"),
    "an impossible date": (f"a: 2001-99-99\nb: {SECRET}", "the whole file is not YAML"),
    "a list": (f"- {SECRET}", "the whole file is not a mapping"),
    "a text": (SECRET, "the whole file is not a mapping"),
    "numbers for names": (f"1: {SECRET}", "the whole file is not a mapping"),
    "a mapping of clusters": (f"clusters: {{a: {SECRET}}}", "clusters is not a list"),
    "clusters that are texts": (f"clusters: [{SECRET}]", "an entry of clusters is not a mapping"),
    "an entry without a name": (f"users: [{{user: {{token: {SECRET}}}}}]", "the name '' in users is not a text"),
    "a name twice": ("users: [{name: a}, {name: a}]", "the name 'a' in users is not a text that no other entry has"),
    "a list for a cluster": ("clusters: [{name: a, cluster: [b]}]", "cluster 'a' is not a mapping"),
    "no server": (kind().replace("server:", "sewer:"), "server of cluster 'kind-dev' is not an address"),
    "a server that is a list": (kind().replace("'https://127.0.0.1:43231'", "[a]"), "server of cluster 'kind-dev'"),
    "a user without a command": (kind(login=f"exec: {{args: [{SECRET}]}}"), "command of exec of user 'kind-dev'"),
    "a provider without a name": (kind(login="auth-provider: {}"), "name of auth-provider of user 'kind-dev'"),
    "exec that is a text": (kind(login=f"exec: {SECRET}"), "of exec of user 'kind-dev' is not a mapping"),
    "a certificate that is a number": (kind(login="client-certificate: 5"), "client-certificate of user 'kind-dev'"),
    "a yes for a truth": (kind(tls="insecure-skip-tls-verify: 'true'"), "insecure-skip-tls-verify of cluster"),
    "a list of proxies": (kind(tls=f"proxy-url: [{SECRET}]"), "proxy-url of cluster 'kind-dev' is not a text"),
}


@pytest.mark.parametrize(("text", "said"), MISSHAPEN.values(), ids=MISSHAPEN)
def test_a_wrong_shape_is_named_with_its_file_and_never_with_its_content(
    text: str | bytes, said: str, tmp_path: Path
) -> None:
    error = wrong(text, tmp_path)
    assert str(tmp_path / "config") in error.problem
    assert said in error.problem
    assert f"mv {tmp_path}/config {tmp_path}/config.away" in error.cure


@pytest.mark.parametrize(
    "server",
    ["", "127.0.0.1:6443", "ftp://h", "https://", "https://:6443", f"https://me:{SECRET}@h",
     "https://h:99999", "https://h:0", "https://[::1", "https://[::1]a:1", "https://h/?a=b", "https://h#@x", "https://a\\\\@b",
     "https://a b", "https://ä", "HTTPS://h", "unix:///run/x"],
)  # fmt: skip
def test_an_address_that_two_readers_could_take_for_two_is_refused(server: str, tmp_path: Path) -> None:
    assert "is not an address such as https://127.0.0.1:6443" in wrong(kind(server=server), tmp_path).problem


keys = st.sampled_from(
    ["clusters", "contexts", "users", "name", "cluster", "context", "user", "server", "current-context", "exec",
     "command", "auth-provider", "tokenFile", "insecure-skip-tls-verify", "a"]
)  # fmt: skip
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["a", "https://h", "./x"])
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=25
)
pieces = st.lists(st.sampled_from([*kind().splitlines(keepends=True), "- ", "  ", "&a ", "*a", "\t", "? ", "!!set "]))


def outcome(text: str | bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(write(Path(folder), "config", text), context="a").host
        except DevkitError as error:
            return error.cure


@given(st.text() | st.binary() | documents.map(json.dumps) | pieces.map("".join))
def test_whatever_is_in_a_file_there_is_a_target_or_an_error_with_a_cure(text: str | bytes) -> None:
    assert outcome(text)


@given(st.permutations(["kind-a", "kind-b", "kind-c"]), st.sampled_from(["kind-a", "kind-b", "kind-c"]))
def test_the_order_of_files_only_decides_which_context_is_the_current_one(order: list[str], context: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [write(Path(folder), name, config(name, f"https://{name}")) for name in order]
        assert read(*files).context == order[0]
        assert read(*files, context=context).server == f"https://{context}"


def test_importing_the_guard_imports_nothing_heavy() -> None:
    code = "import sys, devkit.cluster.guard; print([m for m in ('ruamel', 'rich', 'kubernetes') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert found.stdout == "[]\n"
