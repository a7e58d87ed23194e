"""What reading the folders finds, before anything runs. The checks are in devkit/migrations and devkit/images."""

from __future__ import annotations

from devkit.finding import Severity
from devkit.rules.rule import DIR, Rule, Subject

_GOOD = f"echo 'SELECT 1;' > {DIR}/V1__a.sql"


def _project(
    rule_id: str, severity: Severity, summary: str, why: str, bad: tuple[str, ...], *, good: tuple[str, ...] = (_GOOD,)
) -> Rule:
    return Rule(rule_id, severity, Subject.PROJECT, summary, why, bad, good, ignorable=severity is not Severity.ERROR)


def _text(rule_id: str, summary: str, why: str, bad: tuple[str, ...], good: tuple[str, ...]) -> Rule:
    return Rule(rule_id, Severity.ERROR, Subject.SQL, summary, why, bad, good, ignorable=False)


READING: tuple[Rule, ...] = (
    _project(
        "stray-file", Severity.INFO,
        "Only V<digits>__<name>.sql is a migration.",
        "A runner with a wider pattern applies the file; ours never does, and says so.",
        (f"{_GOOD}; touch {DIR}/V1__a.sql.old", f"{_GOOD}; mkdir {DIR}/later", f"{_GOOD}; touch {DIR}/v2_b.sql"),
    ),
    _project(
        "duplicate-version", Severity.ERROR,
        "A version belongs to one file.",
        "Which of the two runs first is anybody's guess, and another guess on another machine.",
        (f"{_GOOD}; echo 'SELECT 2;' > {DIR}/V01__b.sql",),
    ),
    _project(
        "name-collision", Severity.ERROR,
        "No two names are one on macOS.",
        "A file system that ignores case, or normalises, keeps one of the two files.",
        (f"{_GOOD}; echo 'SELECT 2;' > {DIR}/v1__A.sql",),
    ),
    _project(
        "version-gap", Severity.WARNING,
        "Versions follow each other.",
        "The missing file may be on a branch, and is then applied after the one that follows it, or never.",
        (f"{_GOOD}; echo 'SELECT 3;' > {DIR}/V3__c.sql",),
        good=(f"{_GOOD}; echo 'SELECT 2;' > {DIR}/V2__b.sql",),
    ),
    _project(
        "empty-file", Severity.ERROR,
        "A migration has a statement.",
        "It takes a version and does nothing; once applied it cannot be filled.",
        (f"echo '-- to do' > {DIR}/V1__a.sql",),
    ),
    _project(
        "carriage-return", Severity.ERROR,
        "Lines end in LF.",
        "With CR LF on one machine the same file has two checksums.",
        (f"printf 'SELECT 1;\\r\\n' > {DIR}/V1__a.sql",),
    ),
    _project(
        "byte-order-mark", Severity.ERROR,
        "No byte order mark.",
        "psql takes it for a syntax error, other runners do not: the file works on some machines.",
        (f"printf '\\357\\273\\277SELECT 1;\\n' > {DIR}/V1__a.sql",),
    ),
    _project(
        "not-utf-8", Severity.ERROR,
        "Migrations are UTF-8.",
        "Bytes in another encoding become other characters on another machine.",
        (f"printf \"SELECT '\\344';\\n\" > {DIR}/V1__a.sql",),
    ),
    _project(
        "unreadable-file", Severity.ERROR,
        "Every migration can be read.",
        "What cannot be read cannot be judged, and what comes after it builds on it.",
        (f"{_GOOD}; ln -s nowhere {DIR}/V2__b.sql",),
    ),
    _project(
        "symlink-outside", Severity.ERROR,
        "No symbolic link leads out of the folder.",
        "The file is not in the repository: others have another one there, or none.",
        (f"echo 'SELECT 1;' > elsewhere.sql; ln -s ../../elsewhere.sql {DIR}/V1__a.sql",),
    ),
    _project(
        "file-too-large", Severity.ERROR,
        "A migration is a change, not a load of data.",
        "Tens of megabytes in one transaction hold locks for minutes.",
        (f"head -c 17000000 /dev/zero | tr '\\0' ' ' > {DIR}/V1__a.sql",),
    ),
    _project(
        "sum-out-of-date", Severity.ERROR,
        "The sum file knows every migration, in its place.",
        "Two branches that each add a migration meet without a conflict, and what is applied gets another history.",
        (
            f"{_GOOD}; echo '# devkit sum 1' > {DIR}.sum",
            f"{_GOOD}; printf '<<<<<<< HEAD\\n=======\\n>>>>>>> other\\n' > {DIR}.sum",
        ),
    ),
    _project(
        "schema-lock", Severity.ERROR,
        "schema.lock holds the schema that the migrations make.",
        "Nobody has seen in a diff what a migration did to distribution, colocation, keys and grants.",
        (f"{_GOOD}; echo 'table public.bets: reference' > infra/schema.lock",),
    ),
    Rule(
        "manifest-unreadable", Severity.ERROR, Subject.MANIFEST,
        "Every manifest is YAML.",
        "kubectl and Tilt stop at it, and its images are not judged.",
        ("kind: Pod\n  spec: [\n", "kind: Pod\nmetadata:\n\tname: a\n"),
        ("kind: Pod\nspec:\n  containers: []\n",),
        ignorable=False,
    ),
    _text(
        "syntax-error",
        "Every statement is PostgreSQL 17's SQL.",
        "Nothing of the file runs.",
        ("SELEC 1;", "CREATE TABLE bets (id int,);"),
        ("SELECT 1;",),
    ),
    _text(
        "unknown-header",
        "A header asks for what devkit knows.",
        "A misspelt option changes nothing, and the file runs in another way than its author meant.",
        ("-- devkit: no-transactions\nSELECT 1;",),
        ("-- devkit: no-transaction\nSELECT 1;", "-- devkit: sequential\nSELECT 1;"),
    ),
    _text(
        "psql-command",
        "No psql commands.",
        "Only psql knows them: no other runner can apply the file.",
        ("\\i other.sql", "CREATE TABLE a (id int);\n\\copy a FROM 'a.csv'"),
        ("SELECT '\\d';",),
    ),
    _text(
        "copy-from-stdin",
        "No COPY … FROM STDIN.",
        "Rows after the statement are psql's way of sending them; every other runner sees a syntax error.",
        ("CREATE TABLE a (id int);\nCOPY a FROM STDIN;\n1\n\\.\n",),
        ("CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);",),
    ),
    _text(
        "copy-to-stdout",
        "No COPY … TO STDOUT.",
        "It sends rows to a client, and a migration has none.",
        ("CREATE TABLE a (id int);\nCOPY a TO STDOUT;",),
        ("CREATE TABLE a (id int);\nCREATE TABLE b AS SELECT * FROM a;",),
    ),
)  # fmt: skip
