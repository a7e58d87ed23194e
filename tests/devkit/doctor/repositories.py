"""Names and line ends."""

from __future__ import annotations

from devkit.process import Answer
from tests.devkit.doctor.fake import SLOW, Plan
from tests.devkit.doctor.situation import MAC, OK, PROBLEM, UNKNOWN, WARNING, Situation, git

REPOSITORY = (
    Situation("file-names-case", "Linux", OK, Plan(git(files="a.sql\0b/C.sql\0", ignorecase="false\n"))),
    Situation(
        "file-names-case", "macOS", OK, Plan(git(files="a.sql\0", ignorecase="true\n"), {"PYPROJECT.TOML": None})
    ),
    Situation("file-names-case", "twins", PROBLEM, Plan(git(files="infra/V1__a.sql\0infra/V1__A.sql\0"))),
    Situation("file-names-case", "twins of a folder", PROBLEM, Plan(git(files="Infra/a\0infra/b\0"))),
    Situation(
        "file-names-case",
        "git is wrong",
        WARNING,
        Plan(git(files="a.sql\0", ignorecase="false\n"), {"PYPROJECT.TOML": None}),
    ),
    Situation("file-names-case", "no git", UNKNOWN, Plan()),
    Situation(
        "file-names-case", "no repository", UNKNOWN, Plan(git(files=Answer(128, "", "fatal: not a git repository")))
    ),
    Situation("file-names-unicode", "plain", OK, Plan(git(files="caf\xe9.md\0a.md\0"))),
    Situation("file-names-unicode", "decomposed", PROBLEM, Plan(git(files="docs/cafe\u0301.md\0"))),
    Situation("file-names-unicode", "git is told so", WARNING, Plan(git(files="a.md\0", precompose="false\n")), MAC),
    Situation("file-names-unicode", "decomposed, with a quote", PROBLEM, Plan(git(files="it's cafe\u0301.md\0"))),
    Situation("file-names-unicode", "git hangs", UNKNOWN, Plan(git(files=SLOW))),
    Situation(
        "line-endings",
        "LF, and kept",
        OK,
        Plan(
            git(eol="i/lf    w/lf    attr/text=auto eol=lf \tinv\0i/-text w/-text attr/ \ta.png\0"),
            {".gitattributes": "* text=auto eol=lf\n"},
        ),
    ),
    Situation(
        "line-endings",
        "CRLF meant",
        OK,
        Plan(git(eol="i/lf w/crlf attr/text eol=crlf \ta.bat\0"), {".gitattributes": "* text=auto eol=lf\n"}),
    ),
    Situation(
        "line-endings",
        "CRLF in the checkout",
        PROBLEM,
        Plan(git(eol="i/lf    w/crlf  attr/ \tinfra/V1__a.sql\0i/mixed w/mixed attr/ \tmy notes\0")),
    ),
    Situation("line-endings", "Windows' setting", PROBLEM, Plan(git(eol="i/lf w/lf attr/ \tinv\0", autocrlf="true\n"))),
    Situation("line-endings", "nobody says", WARNING, Plan(git(eol="i/lf w/lf attr/ \tinv\0"))),
    Situation("line-endings", "no git", UNKNOWN, Plan()),
)
