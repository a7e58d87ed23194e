"""What verify says of the files that are about to count, and of the schema that they make."""

from __future__ import annotations

import dataclasses

from devkit.finding import Finding, Severity
from devkit.progress import Progress
from devkit.schema.snapshot import Snapshot
from devkit.verify.inputs import Request, shown_path
from devkit.verify.verify import verify


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """`refused` are the errors in migrations; `schema` is what all of them make, on PostgreSQL `postgres`."""

    refused: tuple[Finding, ...]
    schema: Snapshot | None
    postgres: str


def judge_until(request: Request, version: int | None, env: dict[str, str], progress: Progress) -> Judgement:
    """Verify the migrations up to `version` (None: all) on the embedded server.

    All of them are asked for in the very words of `./inv verify`, so that its verdict is found and not made again.
    """
    verdict = verify(dataclasses.replace(request, dsn=None, until=version), env, progress)
    folder = shown_path(request.migrations, request.project.root)
    refused = tuple(
        finding
        for finding in verdict.findings
        if finding.severity is Severity.ERROR and finding.place.file.startswith((f"{folder}/", f"{folder}.sum"))
    )
    return Judgement(refused, verdict.schema, verdict.engine.postgres)
