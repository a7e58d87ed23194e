"""Names to digests: asks the registries what each image is now. Imported late: it stands on urllib3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from devkit.errors import DevkitError
from devkit.images.name import Name
from devkit.images.resolved import Resolved
from devkit.progress import Progress
from devkit.registry.contents import contents
from devkit.registry.credentials import login_for
from devkit.registry.patience import Clock, Patience
from devkit.registry.session import Session
from devkit.registry.together import together
from devkit.registry.top import Top, top_of
from devkit.registry.web import Web
from devkit.words import plural

_AT_ONCE = 6
_CLOCK = Clock()


def resolve(
    names: Iterable[Name],
    known: Mapping[str, Resolved],
    environ: Mapping[str, str],
    progress: Progress,
    *,
    clock: Clock = _CLOCK,
) -> dict[Name, Resolved]:
    """What each of `names` is now. One whose digest is among `known` (by digest) is not looked into again.

    Logins, proxies and private authorities are those of `environ`. DevkitError names all that failed, and then nothing
    is given: one image that cannot be had does not hide the others.
    """
    asked = sorted(set(names), key=str)
    web = Web(environ, Patience(clock))
    try:
        return _Resolving(asked, known, web, progress).run(environ)
    finally:
        web.close()


class _Resolving:
    """One run."""

    def __init__(self, asked: list[Name], known: Mapping[str, Resolved], web: Web, progress: Progress) -> None:
        self._asked = asked
        self._known = known
        self._web = web
        self._progress = progress
        self._sessions: dict[str, Session] = {}
        self._rated: set[str] = set()

    def run(self, environ: Mapping[str, str]) -> dict[Name, Resolved]:
        """Each name with what it is."""
        failures = self._open(environ)
        open_ = [name for name in self._asked if name.host in self._sessions]
        if open_:
            self._progress(f"resolving {plural(len(open_), 'image')}")
        tops, failed = together(
            {name: partial(top_of, self._sessions[name.host], name) for name in open_},
            _AT_ONCE,
            lambda number: self._tell(f"resolving {number} of {plural(len(open_), 'image')}"),
        )
        held, unread = self._look_into(tops)
        failures += [*failed.items(), *unread]
        if failures:
            raise _together(failures, len(self._asked))
        return {name: held[name] for name in self._asked}

    def _open(self, environ: Mapping[str, str]) -> list[tuple[Name, DevkitError]]:
        """A session for each host; in this thread, since a credential helper is a program that Ctrl-C must end."""
        failed: dict[str, DevkitError] = {}
        for host in sorted({name.host for name in self._asked}):
            try:
                self._sessions[host] = Session(host, login_for(host, environ), self._web)
            except DevkitError as error:
                failed[host] = error
        return [(name, failed[name.host]) for name in self._asked if name.host in failed]

    def _look_into(self, tops: Mapping[Name, Top]) -> tuple[dict[Name, Resolved], list[tuple[Name, DevkitError]]]:
        """What each digest holds: as it is known, else as the registry says; each digest of an image once."""
        found: dict[tuple[str, Top], Resolved] = {}
        new: dict[tuple[str, Top], Name] = {}
        for name, top in tops.items():
            held = self._known.get(top.digest)
            if held is not None and held.media_type == top.media_type:
                found[name.image, top] = held
            else:
                new[name.image, top] = name
        read, failed = together(
            {
                key: partial(contents, self._sessions[name.host], name.repository, key[1].digest, key[1].media_type)
                for key, name in new.items()
            },
            _AT_ONCE,
            lambda number: self._tell(f"reading {number} of {plural(len(new), 'new image')}"),
        )
        found |= read
        whole = {name: found[name.image, top] for name, top in tops.items() if (name.image, top) in found}
        return whole, [(name, failed[name.image, top]) for name, top in tops.items() if (name.image, top) in failed]

    def _tell(self, text: str) -> None:
        for host, session in self._sessions.items():
            if session.rate and host not in self._rated:
                self._rated.add(host)
                self._progress(f"{host}: {session.rate}")
        self._progress(text)


def _together(failures: list[tuple[Name, DevkitError]], count: int) -> DevkitError:
    """One error for all: the same one of several images is said once, with how many they are."""
    same: dict[tuple[str, str], int] = {}
    for _, error in sorted(failures, key=lambda each: str(each[0])):
        key = (error.problem, error.cure)
        same[key] = same.get(key, 0) + 1
    if len(same) == 1:
        ((problem, cure),) = same
        return DevkitError(problem, cure)
    lines = [f"{problem}{_times(times)}\n    {cure}" for (problem, cure), times in same.items()]
    return DevkitError(
        "\n  ".join([f"{len(failures)} of {plural(count, 'image')} cannot be resolved:", *lines]),
        "nothing was pinned; mend these, and run the same command again",
    )


def _times(count: int) -> str:
    return f" ({plural(count, 'image')})" if count > 1 else ""
