"""The plan: which digest each image gets, what is asked of registries, and what stays as it is."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from devkit.config import load_project
from devkit.errors import DevkitError
from devkit.images.lock import from_bytes
from devkit.pin.check import check, moved
from devkit.pin.plan import Plan, plan_pins
from devkit.pin.tree import Tree, read_tree
from devkit.pin.undo import plan_undo
from devkit.pin.write import write
from devkit.verify.inputs import Request
from tests.devkit.pin.registries import Registries, digest_of, resolved

REDIS = digest_of("docker.io/library/redis:8.2.2")


def pod(*images: str) -> str:
    """A manifest with these images, one a container."""
    lines = [f"  - name: c{number}\n    image: {image}\n" for number, image in enumerate(images)]
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n" + "".join(lines)


class Folder:
    """A project with manifests, pinned as ./inv pin pins them."""

    def __init__(self, root: Path, *settings: str) -> None:
        self.root = root
        self.lock = root / "infra/images.lock"
        (root / "infra/k8s").mkdir(parents=True)
        (root / "pyproject.toml").write_text("\n".join(["[tool.devkit]", *settings, ""]))

    def put(self, name: str, text: str) -> Path:
        """Write a manifest."""
        path = self.root / "infra/k8s" / name
        path.write_bytes(text.encode())
        return path

    def tree(self) -> Tree:
        """What is there now."""
        project = load_project(self.root)
        return read_tree(Request(project, self.root / "infra/migrations", self.root / "infra/k8s"), self.lock)

    def pin(self, registries: Registries, update: str | None = None) -> Plan:
        """Pin, and write it."""
        tree = self.tree()
        plan = plan_pins(tree, update, registries)
        if plan.contents and not plan.hindered:
            write(tree, plan.contents)
        return plan

    def undo(self) -> None:
        """Take it back."""
        tree = self.tree()
        write(tree, plan_undo(tree))

    def errors(self) -> list[str]:
        """The rules of the errors that --check gives."""
        return [finding.rule for finding in check(self.tree()) if finding.severity == "error"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_pinned_undone_and_pinned_again(folder: Folder) -> None:
    before = pod("redis:8.2.2", "'docker.io/library/redis:8.2.2'", "localhost:5000/team/app:1.0.0")
    path = folder.put("a.yaml", before)
    registries = Registries()
    folder.pin(registries)
    after = path.read_text()
    assert after.count(f"redis:8.2.2@{REDIS}") == 2
    assert sorted(registries.asked) == ["docker.io/library/redis:8.2.2", "localhost:5000/team/app:1.0.0"]
    assert folder.errors() == []
    again = folder.pin(Registries())
    assert again.contents == {}
    folder.undo()
    assert path.read_text() == before
    assert not folder.lock.exists()


def test_a_locked_image_is_not_asked_for_again(folder: Folder) -> None:
    folder.put("a.yaml", pod("redis:8.2.2"))
    folder.pin(Registries())
    second = folder.put("b.yaml", pod("redis:8.2.2"))
    registries = Registries()
    folder.pin(registries)
    assert registries.asked == []
    assert f"redis:8.2.2@{REDIS}" in second.read_text()


def test_update_asks_for_what_is_named_and_leaves_the_others(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2", "grafana/loki:2.9.4"))
    folder.pin(Registries())
    newer = Registries(redis=resolved("newer"))
    folder.pin(newer, "redis")
    assert newer.asked == ["docker.io/library/redis:8.2.2"]
    assert f"redis:8.2.2@{digest_of('newer')}" in path.read_text()
    newest = Registries(redis=resolved("newest"), loki=resolved("newest loki"))
    folder.pin(newest, "")
    assert newest.asked == ["docker.io/grafana/loki:2.9.4", "docker.io/library/redis:8.2.2"]
    assert digest_of("newest loki") in path.read_text()
    assert folder.errors() == []


@pytest.mark.parametrize("update", ["redis", "redis:8.2.2", "docker.io/library/redis", "docker.io/library/redis:8.2.2"])
def test_update_knows_an_image_by_each_of_its_names(folder: Folder, update: str) -> None:
    folder.put("a.yaml", pod("redis:8.2.2", "redis:7.0.0"))
    folder.pin(Registries())
    registries = Registries()
    folder.pin(registries, update)
    assert "docker.io/library/redis:8.2.2" in registries.asked
    assert ("docker.io/library/redis:7.0.0" in registries.asked) is (":8" not in update)


@pytest.mark.parametrize("update", ["reids", "redis:9", "localhost:5000/redis"])
def test_update_of_what_no_manifest_names_is_refused(folder: Folder, update: str) -> None:
    folder.put("a.yaml", pod("redis:8.2.2"))
    with pytest.raises(DevkitError, match="no manifest names this image by a tag") as refused:
        folder.pin(Registries(), update)
    assert update != "reids" or "did you mean redis?" in refused.value.cure


def test_a_digest_written_by_hand_stays_after_undo(folder: Folder) -> None:
    by_hand = f"redis:8.2.2@{REDIS}"
    before = pod(by_hand, "redis:8.2.2", f"grafana/loki@{digest_of('x')}")
    path = folder.put("a.yaml", before)
    registries = Registries()
    folder.pin(registries)
    assert path.read_text() == before.replace("image: redis:8.2.2\n", f"image: {by_hand}\n")
    assert f"docker.io/grafana/loki@{digest_of('x')}" in registries.asked
    assert folder.errors() == []
    assert folder.pin(Registries()).contents == {}
    folder.undo()
    assert path.read_text() == before


def test_an_image_without_a_tag_is_pinned_without_one(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis"))
    folder.pin(Registries())
    assert f"image: redis@{digest_of('docker.io/library/redis:latest')}\n" in path.read_text()
    assert folder.errors() == []
    assert folder.pin(Registries()).contents == {}
    folder.undo()
    assert path.read_text() == pod("redis")


def test_another_tag_with_the_old_digest_is_told_and_left(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2"))
    folder.pin(Registries())
    path.write_text(path.read_text().replace("8.2.2", "8.2.3"))
    assert "image-not-in-lock" in folder.errors()
    plan = folder.pin(Registries())
    (left,) = plan.left
    assert "this digest is that of docker.io/library/redis:8.2.2" in left.message
    path.write_text(pod("redis:8.2.3"))
    folder.pin(Registries())
    assert folder.errors() == []
    assert [str(each.name) for each in from_bytes(folder.lock.read_bytes(), "l").images] == [
        "docker.io/library/redis:8.2.3"
    ]


def test_a_digest_that_differs_from_the_lock_is_told_and_left(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2"))
    folder.pin(Registries())
    changed = path.read_text().replace(REDIS, digest_of("mine"))
    path.write_text(changed)
    (left,) = folder.pin(Registries()).left
    assert f"that is {REDIS}" in left.message
    assert path.read_text() == changed


def test_a_pinned_image_that_somebody_anchors_stays_pinned_and_cannot_be_updated(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2"))
    folder.pin(Registries())
    anchored = path.read_text().replace("image: redis", "image: &i redis") + "  hostname: *i\n"
    path.write_text(anchored)
    assert folder.pin(Registries()).contents == {}
    assert folder.errors() == []
    with pytest.raises(DevkitError, match=r"a.yaml:7: redis.* cannot be changed: the same scalar is used for"):
        folder.pin(Registries(redis=resolved("newer")), "")
    with pytest.raises(DevkitError, match="nothing was written"):
        folder.undo()
    assert path.read_text() == anchored


def test_an_image_for_one_platform_hinders_all(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2", "citusdata/citus:13.0"))
    plan = folder.pin(Registries(citus=resolved("citus", ("linux/amd64",))))
    (hindering,) = plan.hindered
    assert hindering.rule == "platform-missing"
    assert '[tool.devkit.emulated] "citusdata/citus" = ["linux/arm64"]' in hindering.help
    assert path.read_text() == pod("redis:8.2.2", "citusdata/citus:13.0")
    assert not folder.lock.exists()


def test_a_platform_that_is_declared_to_be_emulated_hinders_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 'emulated = {"citusdata/citus" = ["linux/arm64"]}')
    folder.put("a.yaml", pod("citusdata/citus:13.0"))
    folder.pin(Registries(citus=resolved("citus", ("linux/amd64",))))
    assert folder.errors() == []
    told = [finding.message for finding in check(folder.tree()) if finding.rule == "platform-missing"]
    assert [message.partition(" is ")[2].partition(":")[0] for message in told] == ["emulated on linux/arm64"]
    folder.pin(Registries(citus=resolved("both")), "")
    assert [finding.severity for finding in check(folder.tree()) if finding.rule == "platform-missing"] == ["warning"]


def test_other_platforms_can_be_wanted(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 'platforms = ["linux/amd64", "linux/s390x"]')
    folder.put("a.yaml", pod("redis:8.2.2"))
    (hindering,) = folder.pin(Registries()).hindered
    assert "not for linux/s390x" in hindering.message


def test_what_a_person_exempts_with_a_reason_stays(folder: Folder) -> None:
    text = pod("redis:8.2.2", "app:dev").replace(
        "image: app:dev", "image: app:dev # devkit: ignore image-not-pinned, floating-image -- built here"
    )
    path = folder.put("a.yaml", text)
    registries = Registries()
    folder.pin(registries)
    assert registries.asked == ["docker.io/library/redis:8.2.2"]
    assert "image: app:dev #" in path.read_text()
    assert folder.errors() == []


def test_a_file_that_cannot_be_read_hinders_no_other(folder: Folder) -> None:
    broken = folder.put("b.yaml", "kind: Pod\nspec: [\n")
    path = folder.put("a.yaml", pod("redis:8.2.2"))
    folder.pin(Registries())
    assert REDIS in path.read_text()
    assert broken.read_text() == "kind: Pod\nspec: [\n"
    assert folder.errors() == ["manifest-unreadable"]


def test_byte_order_mark_line_ends_and_mode_are_kept(folder: Folder) -> None:
    before = "\ufeff" + pod("redis:8.2.2 # é").replace("\n", "\r\n")
    path = folder.put("a.yaml", before)
    path.chmod(0o640)
    folder.pin(Registries())
    assert path.read_bytes().decode() == before.replace("8.2.2", f"8.2.2@{REDIS}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    folder.undo()
    assert path.read_bytes().decode() == before


def test_a_link_stays_a_link(folder: Folder) -> None:
    real = folder.put("a.yaml", pod("redis:8.2.2"))
    link = real.with_name("z.yaml")
    link.symlink_to("a.yaml")
    folder.pin(Registries())
    assert link.is_symlink()
    assert REDIS in real.read_text()
    folder.undo()
    assert real.read_text() == pod("redis:8.2.2")


def test_a_file_that_changes_meanwhile_is_not_written_over(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2"))
    tree = folder.tree()
    plan = plan_pins(tree, None, Registries())
    path.write_text(pod("redis:8.2.3"))
    with pytest.raises(DevkitError, match="was changed meanwhile; nothing was written"):
        write(tree, plan.contents)
    assert path.read_text() == pod("redis:8.2.3")
    assert not folder.lock.exists()


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [folder.put(f"{name}.yaml", pod("redis:8.2.2")) for name in "abc"]
    tree = folder.tree()
    plan = plan_pins(tree, None, Registries())
    calls = 0
    replace = Path.replace

    def failing(self: Path, target: str | Path) -> Path:
        nonlocal calls
        calls += self.suffix == ".devkit-new"
        if calls == 3 and self.suffix == ".devkit-new":
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(DevkitError, match=r"cannot be written: No space left on device; no file was changed"):
        write(tree, plan.contents)
    assert [path.read_text() for path in paths] == [pod("redis:8.2.2")] * 3
    assert sorted(path for path in (folder.root / "infra").rglob("*") if path.is_file()) == paths


def test_the_lock_loses_what_no_manifest_runs(folder: Folder) -> None:
    path = folder.put("a.yaml", pod("redis:8.2.2", "grafana/loki:2.9.4"))
    folder.pin(Registries())
    path.write_text(path.read_text().partition("  - name: c1")[0])
    assert folder.errors() == ["lock-out-of-date"]
    folder.pin(Registries())
    assert folder.errors() == []
    assert "loki" not in folder.lock.read_text()


def test_a_lock_that_cannot_be_read_is_told_and_stops_pinning(folder: Folder) -> None:
    folder.put("a.yaml", pod("redis:8.2.2"))
    folder.lock.write_text("<<<<<<< HEAD\n")
    assert folder.errors() == ["lock-out-of-date"]
    with pytest.raises(DevkitError, match=r"images\.lock cannot be read"):
        folder.pin(Registries())


def test_a_declared_image_of_another_kind_is_pinned(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "[tool.devkit.image-paths]", 'Cluster = ["spec.nodes.*.image"]')
    path = folder.put("a.yaml", "kind: Cluster\nspec:\n  nodes: [{image: redis:8.2.2}]\n  image: redis:8.2.2\n")
    folder.pin(Registries())
    assert f"{{image: redis:8.2.2@{REDIS}}}" in path.read_text()
    assert "  image: redis:8.2.2\n" in path.read_text()
    (unknown,) = (each for each in check(folder.tree()) if each.rule == "image-place-unknown")
    assert unknown.help == 'if it is one: [tool.devkit.image-paths] Cluster = ["spec.image"]'


@pytest.mark.parametrize("path", ["", "a..b", "> a", "a >"])
def test_a_path_that_is_none_is_refused(tmp_path: Path, path: str) -> None:
    folder = Folder(tmp_path, "[tool.devkit.image-paths]", f'Cluster = ["{path}"]')
    folder.put("a.yaml", pod("redis:8.2.2"))
    with pytest.raises(DevkitError, match=r"\[tool.devkit.image-paths\] Cluster has .*, which is no path"):
        folder.tree()


def test_a_manifest_in_a_config_map_is_pinned_where_that_is_declared(tmp_path: Path) -> None:
    paths = "ConfigMap = ['data.pod\\.yaml', 'data.conf > runners.*.image']"
    folder = Folder(tmp_path, "[tool.devkit.image-paths]", paths)
    inner = "".join(f"    {line}\n" for line in pod("redis:8.2.2").splitlines())
    before = f"kind: ConfigMap\ndata:\n  pod.yaml: |\n{inner}  conf: |\n    runners:\n    - image: redis:8.2.2 # x\n"
    path = folder.put("a.yaml", before)
    folder.pin(Registries())
    assert path.read_text() == before.replace("redis:8.2.2", f"redis:8.2.2@{REDIS}")
    assert folder.pin(Registries()).contents == {}
    folder.undo()
    assert path.read_text() == before


def test_a_tag_that_moved_upstream_is_information(folder: Folder) -> None:
    folder.put("a.yaml", pod("redis:8.2.2", "grafana/loki:2.9.4"))
    folder.pin(Registries())
    (told,) = moved(folder.tree(), Registries(redis=resolved("newer")))
    assert (told.rule, told.severity) == ("tag-moved", "info")
    assert "--update docker.io/library/redis:8.2.2" in told.help
    assert folder.errors() == []


def test_files_that_are_no_manifests_are_listed_with_the_reason(folder: Folder) -> None:
    folder.put("README.md", "x")
    folder.put("a.yaml.tpl", "x")
    folder.put("gone.yaml", "").unlink()
    (folder.root / "infra/k8s/gone.yaml").symlink_to("nowhere")
    assert [(each.shown, each.why) for each in folder.tree().skipped] == [
        ("infra/k8s/README.md", "its name does not end in .yaml or .yml"),
        ("infra/k8s/a.yaml.tpl", "its name does not end in .yaml or .yml"),
        ("infra/k8s/gone.yaml", "a link to nothing"),
    ]
