"""A verdict with one finding of each severity, for the tests of reports."""

from __future__ import annotations

from devkit.finding import Finding, Place, Severity
from devkit.verify.identity import Identity
from devkit.verify.verdict import Engine, Summary, Verdict

VERDICT = Verdict(
    Engine("embedded", "17.11", "13.0 (stand-in)"),
    (
        Finding(
            "engine-refusal",
            Severity.ERROR,
            "cannot",
            "do this",
            Place("m/V2__b.sql", 2, 10, 2, 21),
            "0A000",
            "bets_id",
        ),
        Finding("floating-image", Severity.WARNING, "moves", "pin it", Place("k/a.yaml", 3, 300, 3, 310)),
        Finding("stray-file", Severity.INFO, "ignored", "move it", Place("m/V2__b.sql.old")),
    ),
    Summary(
        files=2, replayed=1, statements=3, distributed=1, reference=0, plain=2, images=1, errors=1, warnings=1, infos=1
    ),
    {"read": 1, "replay": 2, "total": 1234},
    Identity(
        engine="embedded",
        postgres="17.11",
        citus="13.0 (stand-in)",
        images={},
        schema=None,
        settings={},
        node_images=(),
        versions={},
        migrations={},
        cluster=None,
    ),
)
