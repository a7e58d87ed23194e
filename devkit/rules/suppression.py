"""What is wrong with what silences findings: comments, [[tool.devkit.ignore]] and the baseline."""

from __future__ import annotations

from devkit.finding import Severity
from devkit.rules.rule import DIR, Rule, Subject

_IGNORE = 'printf \'[[tool.devkit.ignore]]\\nrule = "%s"\\nfile = "%s"\\nreason = "%s"\\n\''

SUPPRESSION: tuple[Rule, ...] = (
    Rule(
        "ignore-malformed", Severity.ERROR, Subject.SQL,
        "An ignore names a rule that can be ignored, and gives a reason.",
        "Without a reason nobody can tell later whether it still holds; without a rule it hides everything or nothing.",
        (
            "-- devkit: ignore reaches-outside\nLISTEN changes;",
            "-- devkit: ignore reaches-outsid -- the dashboard listens too\nLISTEN changes;",
            "-- devkit: ignore engine-refusal -- it works on my machine\nSELECT 1/0;",
            "-- devkit: ignore\nLISTEN changes;",
        ),
        ("-- devkit: ignore reaches-outside -- the dashboard of staging listens\nLISTEN changes;",),
        ignorable=False,
    ),
    Rule(
        "ignore-unused", Severity.WARNING, Subject.PROJECT,
        "Every ignore still hides something.",
        "One that hides nothing today hides tomorrow's mistake at the same place.",
        (
            f"printf -- '-- devkit: ignore reaches-outside -- it did once\\nSELECT 1;\\n' > {DIR}/V1__a.sql",
            f"echo 'SELECT 1;' > {DIR}/V1__a.sql; {_IGNORE} stray-file {DIR}/V2.sql.old 'kept' >> pyproject.toml",
        ),
        (
            f"printf -- '-- devkit: ignore reaches-outside -- it does\\nLISTEN a;\\n' > {DIR}/V1__a.sql",
            f"echo 'SELECT 1;' > {DIR}/V1__a.sql; touch {DIR}/V2.sql.old; "
            f"{_IGNORE} stray-file {DIR}/V2.sql.old 'kept' >> pyproject.toml",
        ),
        ignorable=False,
    ),
    Rule(
        "baseline-outdated", Severity.WARNING, Subject.PROJECT,
        "A baseline holds only findings that are still there.",
        "It is to shrink to nothing; what has been mended must not come back unseen.",
        (
            f"echo 'SELECT 1;' > {DIR}/V1__a.sql; echo '{{\"version\":1,\"findings\":[{{\"rule\":\"reaches-outside\","
            f"\"file\":\"{DIR}/V1__a.sql\",\"object\":\"LISTEN\",\"count\":1}}]}}' > baseline.json",
        ),
        (
            f"echo 'LISTEN a;' > {DIR}/V1__a.sql; echo '{{\"version\":1,\"findings\":[{{\"rule\":\"reaches-outside\","
            f"\"file\":\"{DIR}/V1__a.sql\",\"object\":\"LISTEN\",\"count\":1}}]}}' > baseline.json",
        ),
        ignorable=False,
    ),
)  # fmt: skip
