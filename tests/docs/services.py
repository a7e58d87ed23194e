"""What pages ask for beside their copy, started when the first block needs it: a database, a registry, a cluster."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from devkit.postgres.cache import Cache, find_cache, memory_folder
from tests.docs.bed import UP, Bed, bed
from tests.docs.database import Database, database
from tests.docs.desk import Desk, desk
from tests.docs.hub import Hub, hub
from tests.docs.page import Block


class Services:
    """The services of one page; `cache` holds an unpacked embedded server."""

    def __init__(self, copy: Path, folder: Path, cache: Path) -> None:
        self._copy = copy
        self._folder = folder
        self._cache = cache
        self._closing = contextlib.ExitStack()
        self._database: Database | None = None
        self._hub: Hub | None = None
        self._bed: Bed | Desk | None = None
        self._asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def begin(self, block: Block) -> str:
        """Start what the block's marks ask for; a command to run before it, if any."""
        if "database" in block.marks.services:
            self._database = self._closing.enter_context(database(self._found(), self._folder))
        if "registry" in block.marks.services:
            self._hub = self._closing.enter_context(hub(self._folder))
        is_first = bool(block.marks.on) and self._bed is None
        if is_first:
            if block.marks.on == "new machine":
                self._bed = self._closing.enter_context(desk(self._copy, self._folder))
            else:
                self._bed = self._closing.enter_context(bed(self._found(), self._copy, self._folder))
        return UP if is_first and block.marks.on == "cluster" else ""

    def ready(self) -> None:
        """Count from here what the block does."""
        self._asked = self._bed.asked() if self._bed else 0

    def environment(self, block: Block) -> Mapping[str, str]:
        """What leads the commands of a block to the services that are for it."""
        on_the_cluster = self._bed.environment() if self._bed and block.marks.on else {}
        database_ = self._database.environment() if self._database else {}
        return {**database_, **(self._hub.environment() if self._hub else {}), **on_the_cluster}

    def unused_by(self, block: Block) -> str:
        """What is wrong with the marks of a block that has run, if anything: one that asked nothing of its service."""
        if block.marks.on and self._bed and self._bed.asked() == self._asked:
            return f"on: {block.marks.on}: no command of this block asked the cluster for anything; take the mark away"
        return ""

    def unused(self) -> str:
        """The same of services that are there for the rest of the page."""
        if self._database and not self._database.was_used():
            return "with: database: no block connects to it; take the mark away"
        if self._hub and not self._hub.was_used():
            return "with: registry: no block asks it for an image; take the mark away"
        return ""

    def addresses(self) -> Mapping[str, str]:
        """What a page calls services, and where they are in this run."""
        return {
            **(self._database.addresses() if self._database else {}),
            **(self._bed.addresses() if self._bed else {}),
        }

    def _found(self) -> Cache:
        found = find_cache({"DEVKIT_CACHE": str(self._cache)})
        return dataclasses.replace(found, memory=memory_folder())
