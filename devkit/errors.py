"""What ends a run without a verdict: we could not look (exit 2), or we were told to stop."""

from __future__ import annotations


class DevkitError(Exception):
    """We could not look: no server, no permission, a bad option. Never raised for a user's content.

    `problem` says what and where in one sentence, `cure` the command to run or the edit to make.
    """

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.problem}\n  {self.cure}"


class Stopped(KeyboardInterrupt):
    """SIGTERM or SIGHUP, raised as Ctrl-C is, so that `finally` and psycopg's cancel run for them too."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum
