"""What a registry's refusal, or its silence, means, and what to do about it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http import HTTPStatus

import urllib3

from devkit.errors import DevkitError
from devkit.registry.answer import Answer
from devkit.registry.patience import retry_after
from devkit.registry.rate import rate_of
from devkit.registry.tls import private_folder

_SAID_LENGTH = 200  # of a registry's own words
_AGAIN = "run the same command again; if it stays so, ask who runs the registry"
HUB = "docker.io"


class UnreachableError(DevkitError):
    """Nobody answers at the registry's address, or not in time, or not the one that it should be."""


class NoTlsError(UnreachableError):
    """Somebody answers, and does not speak TLS."""


def unreachable(host: str, error: Exception, environ: Mapping[str, str]) -> UnreachableError:
    """The silence of `host`, or of the way there."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _untrusted(host, cause, environ)
    if isinstance(cause, ssl.SSLError):
        return NoTlsError(f"{host} does not speak TLS as it should ({cause.reason or 'it broke off'})", _AGAIN)
    return UnreachableError(*_silence(host, cause))


def _silence(host: str, cause: BaseException) -> tuple[str, str]:
    name = host.partition(":")[0]
    match cause:
        case urllib3.exceptions.ProxyError():
            problem = f"{host} cannot be reached through the proxy of HTTPS_PROXY: {_short(cause.original_error)}"
            return problem, f"mend that variable, or reach the host without a proxy: export NO_PROXY={name}"
        case urllib3.exceptions.NameResolutionError() | UnicodeError():
            problem = f"the registry {host} has no address here: its name cannot be looked up"
            return problem, f"see whether this machine is on the network, and the name is right: getent hosts {name}"
        case urllib3.exceptions.ReadTimeoutError() | TimeoutError() | urllib3.exceptions.ConnectTimeoutError():
            return f"the registry {host} does not answer in time", _look(host)
        case ConnectionRefusedError():
            return f"the registry {host} refuses connections: nobody listens there", _look(host)
        case _:
            return f"the registry {host} cannot be reached: {_short(cause)}", _look(host)


def _cause(error: Exception) -> BaseException:
    """What stands behind one of urllib3's errors, where it holds it."""
    if isinstance(error, urllib3.exceptions.ProxyError):
        inner = error.original_error
        return inner if isinstance(inner, ssl.SSLError) else error
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return error
    held = (*error.args, error.__cause__)
    return next((each for each in held if isinstance(each, OSError)), error)


def _untrusted(host: str, error: ssl.SSLCertVerificationError, environ: Mapping[str, str]) -> UnreachableError:
    return UnreachableError(
        f"{host} shows a certificate that is not trusted here: {error.verify_message}",
        "when its authority is a private one, put that authority's certificate (PEM) into "
        f"{private_folder(environ) / host / 'ca.crt'}, or name it with SSL_CERT_FILE",
    )


def _look(host: str) -> str:
    return f"see whether the network and the registry are up: curl -sSI https://{host}/v2/"


def _short(error: BaseException) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return words or str(error.args[0] if error.args and isinstance(error.args[0], str) else type(error).__name__)


def too_long(host: str, limit: int) -> DevkitError:
    """An answer that no honest registry gives."""
    return DevkitError(f"{host} answers more than {limit >> 20} MiB where an image's description was asked for", _AGAIN)


def refused(host: str, what: str, user: str | None) -> DevkitError:
    """401 and 403 for `what` (an image's name), asked as `user`; None: without a login.

    Registries also answer so for what does not exist, so as not to say what does.
    """
    who = f"user {user}" if user else "people without a login"
    return DevkitError(
        f"{host} does not give {what} to {who}: it needs a login that may read it, or does not exist",
        f"see whether the name is right, and log in: docker login{'' if host == HUB else f' {host}'}",
    )


def bad_login(host: str, user: str, source: str) -> DevkitError:
    """A login that is not accepted at all."""
    return DevkitError(
        f"{host} does not accept the login of {user} that {source} holds",
        f"log in anew: docker login{'' if host == HUB else f' {host}'}",
    )


def missing(image: str, reference: str, codes: frozenset[str]) -> DevkitError:
    """404 for a tag or digest of `image`, with the codes that the registry gave for it."""
    what = f"digest {reference}" if ":" in reference else f"tag {reference}"
    if "NAME_UNKNOWN" in codes:
        return DevkitError(f"{image}: the registry has no image of this name", "mend the name in the manifest")
    if "MANIFEST_UNKNOWN" in codes:
        return DevkitError(f"{image}: the registry has no {what}", f"mend it in the manifest; {_tags(image)}")
    return DevkitError(f"{image}: the registry has no such image, or no {what} of it", "mend it in the manifest")


def _tags(image: str) -> str:
    return f"the tags that there are: skopeo list-tags docker://{image}"


def unexpected(host: str, what: str, answer: Answer, user: str | None = None) -> DevkitError:
    """Any other answer than the one hoped for, asked as `user`; None: without a login."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _limited(host, answer, user)
    said = said_by(answer)
    seconds = retry_after(answer)
    cure = f"run the same command again in {_lasting(seconds)}" if seconds else _AGAIN
    return DevkitError(f"{host} answers {answer.status} when asked for {what}{f': {said}' if said else ''}", cure)


def _limited(host: str, answer: Answer, user: str | None) -> DevkitError:
    rate, seconds = rate_of(answer.headers), retry_after(answer)
    told = f" ({rate})" if rate else ""
    when = f"run the same command again in {_lasting(seconds)}" if seconds else "run the same command again later"
    login = "" if user else f"; log in for a higher limit: docker login{'' if host == HUB else f' {host}'}"
    return DevkitError(f"{host} has had too many requests from here: its rate limit is used up{told}", f"{when}{login}")


def _lasting(seconds: float) -> str:
    minutes = -(-int(seconds) // 60)
    if minutes <= 1:
        return f"{max(1, round(seconds))} s"
    return f"{minutes} min" if minutes < 120 else f"{-(-minutes // 60)} h"  # noqa: PLR2004 - two hours


def codes(answer: Answer) -> frozenset[str]:
    """The codes of a registry's errors (OCI distribution-spec, Error Codes)."""
    return frozenset(str(each.get("code", "")) for each in _errors(answer))


def said_by(answer: Answer) -> str:
    """The first of a registry's errors in its own words, on one line."""
    words = next((str(each.get("message") or each.get("code") or "") for each in _errors(answer)), "")
    return "".join(each if each.isprintable() else " " for each in words)[:_SAID_LENGTH].strip()


def _errors(answer: Answer) -> list[dict[str, object]]:
    try:
        found = json.loads(answer.data)
    except ValueError:
        return []
    errors = found.get("errors") if isinstance(found, dict) else None
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
