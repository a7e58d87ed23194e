"""What verify says of the files that are about to count, and of the schema that they make."""

from __future__ import annotations

import dataclasses

from devkit.finding import Finding, Severity
from devkit.progress import Progress
from devkit.schema.snapshot import Snapshot
from devkit.verify.inputs import Inputs, Request
from devkit.verify.verify import verify


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """`refused` are the errors in migrations; `schema` is what all of them make, on PostgreSQL `postgres`."""

    refused: tuple[Finding, ...]
    schema: Snapshot | None
    postgres: str


def judge_until(
    request: Request, inputs: Inputs, version: int | None, env: dict[str, str], progress: Progress
) -> Judgement:
    """Verify the migrations of `inputs` up to `version` (None: all) on the embedded server: the very bytes to apply.

    All of them together are what `./inv verify` judges, so that its verdict is found and not made again.
    """
    verdict = verify(request, env, progress, inputs if version is None else inputs.until(version))
    folder = inputs.migrations_shown
    refused = tuple(
        finding
        for finding in verdict.findings
        if finding.severity is Severity.ERROR and finding.place.file.startswith((f"{folder}/", f"{folder}.sum"))
    )
    return Judgement(refused, verdict.schema, verdict.engine.postgres)
