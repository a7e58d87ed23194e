"""A real registry (Debian's docker-registry) on 127.0.0.1, and images in it, pushed by skopeo.

For any test that needs one: `with serving(folder) as registry: registry.push_index("team/app", "1", ("linux/amd64",))`.
Both programs are asked for with need() by serving().
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import urllib3

from devkit.images.resolved import DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, Child
from tests.devkit.registry.layouts import CONFIG_TYPE, LAYER_TYPE, digest_of, image_of, platform_of, write_layout
from tests.need import need
from tests.testbed.certificates import Authority
from tests.testbed.programs import Program, free_port

USER, PASSWORD = "ali", "opensesame"
# bcrypt of PASSWORD, as htpasswd -B writes it: docker-registry takes nothing else.
_HTPASSWD = f"{USER}:$2y$05$abcdefghijklmnopqrstuuQbLfdQZSxZ9gjhA5V9o8Tyc6aQRO0Qi\n"
_COMPACT = (",", ":")


@dataclasses.dataclass(frozen=True, slots=True)
class Pushed:
    """An image as the registry holds it, by `skopeo inspect --raw`: the truth that tests hold resolve() against."""

    name: str  # as a manifest would write it: 127.0.0.1:5000/team/app:1
    digest: str
    media_type: str
    children: tuple[Child, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Registry:
    """A registry that runs. `host` is 127.0.0.1:PORT, `credentials` user:password for skopeo where it wants a login."""

    host: str
    folder: Path
    is_tls: bool
    credentials: str | None

    def push_index(
        self, repository: str, tag: str, platforms: tuple[str, ...], *, docker: bool = False, has_history: bool = True
    ) -> Pushed:
        """Push an image for several platforms: an OCI index, or a Docker manifest list.

        Without a history in its configurations a registry cannot make schema 1 of it.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            write_layout(Path(folder), platforms, is_index=True, has_history=has_history)
            return self._push(repository, tag, folder, is_index=True, docker=docker)

    def push_single(self, repository: str, tag: str, platform: str, *, docker: bool = False) -> Pushed:
        """Push an image for one platform without an index: an OCI manifest, or Docker's (v2, schema 2)."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            write_layout(Path(folder), (platform,), is_index=False)
            return self._push(repository, tag, folder, is_index=False, docker=docker)

    def pushed(self, repository: str, tag: str) -> Pushed:
        """What the registry holds under a tag."""
        name = f"{self.host}/{repository}:{tag}"
        raw = self.raw(f"{repository}:{tag}")
        manifest = json.loads(raw)
        if "manifests" not in manifest:
            blob = json.loads(self._skopeo("inspect", "--config", "--raw", self._url(f"{repository}:{tag}")))
            child = _child(_platform_text(blob), raw)
            return Pushed(name, digest_of(raw), manifest["mediaType"], (child,))
        children = (
            _child(_platform_text(each["platform"]), self.raw(f"{repository}@{each['digest']}"))
            for each in manifest["manifests"]
        )
        return Pushed(name, digest_of(raw), manifest["mediaType"], tuple(sorted(children)))

    def raw(self, reference: str) -> bytes:
        """The manifest's bytes, by `skopeo inspect --raw`."""
        return self._skopeo("inspect", "--raw", self._url(reference))

    def put_blob(self, repository: str, data: bytes) -> dict[str, object]:
        """Upload `data`; its descriptor without a media type. Only at a registry without login."""
        start = self.request("POST", f"/v2/{repository}/blobs/uploads/")
        place = start.headers["Location"]
        mark = "&" if "?" in place else "?"
        kind = {"Content-Type": "application/octet-stream"}
        done = urllib3.request("PUT", f"{place}{mark}digest={digest_of(data)}", body=data, headers=kind)
        assert done.status == 201, done.data
        return {"digest": digest_of(data), "size": len(data)}

    def put_image(self, repository: str, platform: str, **more: object) -> dict[str, Any]:
        """Upload an OCI image by digest; its descriptor as an index holds it. `more` goes into its manifest."""
        config, layer = image_of(platform)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": {"mediaType": CONFIG_TYPE, **self.put_blob(repository, config)},
            "layers": [{"mediaType": LAYER_TYPE, **self.put_blob(repository, layer)}],
            **more,
        }
        return {**self.put_manifest(repository, None, manifest), "platform": platform_of(platform)}

    def put_manifest(self, repository: str, tag: str | None, manifest: Mapping[str, object]) -> dict[str, Any]:
        """Put any manifest or index under a tag, or under its digest alone; its descriptor."""
        body = json.dumps(manifest, separators=_COMPACT).encode()
        kind = str(manifest["mediaType"])
        reference = tag or digest_of(body)
        done = self.request("PUT", f"/v2/{repository}/manifests/{reference}", body=body, headers={"Content-Type": kind})
        assert done.status == 201, done.data
        return {"mediaType": kind, "digest": digest_of(body), "size": len(body)}

    def delete(self, repository: str, digest: str) -> None:
        """Delete a manifest: what it held is gone, and its tags with it."""
        done = self.request("DELETE", f"/v2/{repository}/manifests/{digest}")
        assert done.status == 202, done.data

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        """Any request, without a login."""
        return urllib3.request(method, f"http://{self.host}{path}", body=body, headers=dict(headers or {}))

    def _push(self, repository: str, tag: str, layout: str, *, is_index: bool, docker: bool) -> Pushed:
        words = ["copy", "--quiet", "--dest-tls-verify=false", "--format", "v2s2" if docker else "oci"]
        words += ["--all"] if is_index else []
        words += ["--dest-creds", self.credentials] if self.credentials else []
        self._skopeo(*words, f"oci:{layout}:image", f"docker://{self.host}/{repository}:{tag}", login=False)
        found = self.pushed(repository, tag)
        kinds = (DOCKER_LIST, DOCKER_MANIFEST) if docker else (OCI_INDEX, OCI_MANIFEST)
        assert found.media_type == kinds[not is_index]  # or skopeo made something else of it
        return found

    def _url(self, reference: str) -> str:
        return f"docker://{self.host}/{reference}"

    def _skopeo(self, verb: str, *words: str, login: bool = True) -> bytes:
        more = ["--tls-verify=false"] if login else []
        more += ["--creds", self.credentials] if login and self.credentials else []
        # --insecure-policy: any signature, as there is no policy file on a bare machine; a home without logins.
        argv = ["skopeo", "--insecure-policy", verb, *more, *words]
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        done = subprocess.run(argv, capture_output=True, check=False, env=env)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@contextlib.contextmanager
def serving(
    folder: Path,
    *,
    auth: Mapping[str, object] | None = None,
    tls: Authority | None = None,
    credentials: str | None = None,
) -> Iterator[Registry]:
    """A registry with its storage in `folder`, ended by pid.

    `auth` is that part of its configuration: basic_auth(folder), or TokenServer.auth. `tls`: an authority that issues
    its certificate. `credentials` is the user:password for pushing.
    """
    need("skopeo")
    port = free_port()
    storage = Path(tempfile.mkdtemp(dir=folder, prefix="registry-"))
    http: dict[str, object] = {"addr": f"127.0.0.1:{port}", "secret": "of no use"}
    if tls is not None:
        certificate, key = tls.issue("registry", "/CN=registry")
        http["tls"] = {"certificate": str(certificate), "key": str(key)}
    config = {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(storage)}, "delete": {"enabled": True}},
        "http": http,
        **({"auth": auth} if auth else {}),
    }
    file = storage / "config.yml"
    file.write_text(json.dumps(config))  # JSON is YAML
    argv = [need("docker-registry"), "serve", str(file)]
    program = Program("docker-registry", argv, storage, {"PATH": os.environ["PATH"], "HOME": str(storage)})
    program.start()
    try:
        program.wait(lambda: _listens(port))
        yield Registry(f"127.0.0.1:{port}", storage, tls is not None, credentials)
    finally:
        program.stop()


def basic_auth(folder: Path) -> Mapping[str, object]:
    """The `auth` of a registry that knows USER with PASSWORD."""
    file = folder / "htpasswd"
    file.write_text(_HTPASSWD)
    return {"htpasswd": {"realm": "registry", "path": str(file)}}


def write_login(folder: Path, host: str, user: str = USER, password: str = PASSWORD) -> dict[str, str]:
    """Write what `docker login` leaves in `folder`, and give the environment that names it."""
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))
    return {"HOME": str(folder), "DOCKER_CONFIG": str(folder)}


def _platform_text(found: Mapping[str, Any]) -> str:
    return "/".join(found[key] for key in ("os", "architecture", "variant") if found.get(key))


def _child(platform: str, raw: bytes) -> Child:
    manifest = json.loads(raw)
    size = manifest["config"]["size"] + sum(each["size"] for each in manifest["layers"])
    return Child(platform, digest_of(raw), manifest["config"]["digest"], size)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
