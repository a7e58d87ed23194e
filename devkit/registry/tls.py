"""Whom we trust to be a registry: the system's authorities, and the private ones where Docker looks for them."""

from __future__ import annotations

import contextlib
import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from devkit.errors import DevkitError

# Where systems keep their bundle, for a Python that was built elsewhere (Go's crypto/x509, root_linux.go, root_bsd.go).
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_SYSTEM_FOLDER = Path("/etc/docker/certs.d")


def context_for(host: str, environ: Mapping[str, str]) -> ssl.SSLContext:
    """The TLS context for `host` (with its port when the name has one); DevkitError names a file that cannot be used.

    SSL_CERT_FILE and SSL_CERT_DIR stand in for the system's bundle, as they do for OpenSSL, curl and Go.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # asks for a certificate and for the host's name in it
    file, folders = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file:
        _trust(context, Path(file), "SSL_CERT_FILE")
    if folders:
        _trust_folders(context, folders)
    if not file and not folders:
        _trust_system(context)
    for folder in private_folders(host, environ):
        for path in sorted(folder.glob("*.crt")):
            _trust(context, path, f"{folder}")
    return context


def private_folders(host: str, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders that hold the private authorities of `host`, those that exist.

    docs.docker.com/engine/security/certificates; below the home for Docker Desktop and for Docker without root.
    """
    places = (_SYSTEM_FOLDER, private_folder(environ))
    return tuple(place / host for place in places if (place / host).is_dir())


def private_folder(environ: Mapping[str, str]) -> Path:
    """Where a person may put a private authority, without being root: HOST/ca.crt below it."""
    home = environ.get("HOME")
    return (Path(home) if home else Path.home()) / ".docker/certs.d"


def _trust(context: ssl.SSLContext, path: Path, where: str) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        why = "holds no certificate in PEM" if isinstance(error, ssl.SSLError) else str(error.strerror)
        raise DevkitError(
            f"the certificate file {path} of {where} cannot be used: {why}",
            f"put the authority's certificate there in PEM: openssl x509 -in '{path}' -noout -subject shows it",
        ) from error


def _trust_folders(context: ssl.SSLContext, folders: str) -> None:
    for folder in folders.split(os.pathsep):
        for path in sorted(Path(folder).glob("*")):
            with contextlib.suppress(OSError):  # what is no certificate may lie there, too
                context.load_verify_locations(cafile=path)


def _trust_system(context: ssl.SSLContext) -> None:
    # Not set_default_verify_paths(): that reads the process's environment, and we are told ours.
    paths = ssl.get_default_verify_paths()
    for bundle in (paths.openssl_cafile, *_BUNDLES):
        if Path(bundle).is_file():
            with contextlib.suppress(OSError):
                context.load_verify_locations(cafile=bundle)
                break
    if Path(paths.openssl_capath).is_dir():
        context.load_verify_locations(capath=paths.openssl_capath)
