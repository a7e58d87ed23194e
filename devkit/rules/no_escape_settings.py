"""no-escape-settings: no setting under which Citus looks away, in whatever spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devkit.finding import Finding, Place, Severity
from devkit.migrations.code import code
from devkit.migrations.nested import has_body
from devkit.migrations.statements import Statement
from devkit.rules.escapes import ESCAPES, escapes
from devkit.rules.rule import Judged, Rule, Subject

_NAME = rf"(?P<name>{'|'.join(map(re.escape, ESCAPES))})"
_SET = re.compile(
    rf"\bSET\s+(?:LOCAL\s+|SESSION\s+)?\"?{_NAME}\"?\s*(?:=|\bTO\b)\s*(?:'+|\"|)(?P<value>\w+)", re.IGNORECASE
)
_SET_CONFIG = re.compile(
    rf"\bset_config\s*\(\s*(?:''?|\$\w*\$){_NAME}(?:''?|\$\w*\$)\s*,\s*(?:''?|\$\w*\$)?(?P<value>\w*)", re.IGNORECASE
)
_SETS = re.compile(r"\s*(?:SET|ALTER)\b", re.IGNORECASE)


def check(judged: Judged) -> Iterator[Finding]:
    """What is written, then what was turned by a text put together at run time, then what a role or database keeps."""
    written: set[tuple[str, str]] = set()
    for statement in judged.statements:
        for setting, place in _written(statement):
            written.add((setting, place.file))
            yield _finding(setting, place)
    for turned in judged.turned:
        place = turned.statement.place()
        if escapes(turned.setting, turned.value) and (turned.setting, place.file) not in written:
            written.add((turned.setting, place.file))
            yield _finding(turned.setting, place)
    named = {setting for setting, _ in written}
    for setting, value in judged.stored:
        if setting.lower() in ESCAPES and setting.lower() not in named and escapes(setting.lower(), value):
            yield _finding(setting.lower(), _who_stored(judged))


def _written(statement: Statement) -> Iterator[tuple[str, Place]]:
    if "citus." not in statement.text.lower():
        return
    text = code(statement, strings=True)
    found = list(_SET_CONFIG.finditer(text))
    if has_body(statement) or _SETS.match(text):
        found += _SET.finditer(text)
    for match in sorted(found, key=lambda each: each.start()):
        setting, value = match["name"].lower(), match["value"]
        # a value that is no constant may be the one that opens it
        if escapes(setting, value) or (match.re is _SET_CONFIG and not _is_constant(text, match)):
            yield setting, statement.place(match.start("name"), match.end("name"))


def _is_constant(text: str, match: re.Match[str]) -> bool:
    return text[: match.start("value")].endswith(("'", "$"))


def _who_stored(judged: Judged) -> Place:
    """The statement that put ALTER ROLE or ALTER DATABASE together, as far as its text shows."""
    altering = [each for each in judged.statements if re.search(r"\balter\b", each.text, re.IGNORECASE)]
    return (altering or judged.statements)[-1].place()


def _finding(setting: str, place: Place) -> Finding:
    return Finding(
        RULE.id,
        RULE.severity,
        f"{setting} lets in {ESCAPES[setting].lets_in}",
        "take the setting out, and mend what Citus then refuses",
        place,
        object=setting,
    )


RULE = Rule(
    id="no-escape-settings",
    severity=Severity.ERROR,
    subject=Subject.SQL,
    summary="No setting under which Citus looks away.",
    why="What comes in under such a setting is not what the shards enforce, and the next change to the table fails.",
    bad=(
        "SET citus.enable_unsafe_triggers = on;",
        "SET LOCAL citus.allow_unsafe_constraints TO 'true';",
        "SELECT set_config('citus.enable_ddl_propagation', 'off', false);",
        "ALTER ROLE current_user SET citus.enable_unsafe_triggers TO on;",
        "ALTER DATABASE app SET Citus.Enable_DDL_Propagation = off;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET citus.allow_unsafe_constraints = 1 AS 'SELECT 1';",
        "DO $$ BEGIN PERFORM set_config('citus.' || 'enable_unsafe_triggers', 'on', false); END $$;",
        """
        DO $$ BEGIN
          EXECUTE format('ALTER ROLE %I SET %s = on', current_user, 'citus.' || 'enable_unsafe_triggers');
        END $$;
        """,
    ),
    good=(
        "SET LOCAL citus.multi_shard_modify_mode TO 'sequential';",
        "SET citus.enable_unsafe_triggers = off;\nRESET citus.allow_unsafe_constraints;",
        "SELECT set_config('citus.enable_ddl_propagation', 'on', true);",
        "-- SET citus.enable_unsafe_triggers = on;\nCREATE TABLE notes (text text);\n"
        "INSERT INTO notes VALUES ('SET citus.enable_unsafe_triggers = on');",
    ),
    check=check,
)
