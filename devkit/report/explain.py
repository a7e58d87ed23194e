"""A rule explained: for the terminal, and all of them as the reference in docs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from devkit.errors import DevkitError
from devkit.rules.rule import Rule, Subject, example
from devkit.rules.rules import EVERY_RULE

_LANGUAGE = {
    Subject.SQL: "sql",
    Subject.MANIFEST: "yaml",
    Subject.PROJECT: "sh",
    Subject.HISTORY: "text",
    Subject.LIVE: "text",
}
_COMMENT = {Subject.SQL: "--", Subject.MANIFEST: "#"}  # what a whole folder is about has no line to stand above
ALL = "all"


def explain(rule_id: str) -> str:
    """Everything about one rule, or a line about each for `all`; DevkitError names the nearest when there is none."""
    rules = {rule.id: rule for rule in EVERY_RULE}
    if rule_id == ALL:
        width = max(map(len, rules))
        return "".join(f"{rule.id:{width}}  {rule.severity:7}  {rule.summary}\n" for rule in EVERY_RULE)
    if rule_id not in rules:
        near = difflib.get_close_matches(rule_id, rules, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        raise DevkitError(f"there is no rule {rule_id}", f"{guess}./inv verify --explain all lists them")
    return "".join(_lines(rules[rule_id]))


def reference() -> str:
    """docs/reference/rules.md: every rule with its reason and its examples."""
    parts = [
        "# The rules of verify\n\nGenerated from `devkit/rules/` by `python -m tests.golden`. "
        "`./inv verify --explain RULE` shows one of them.\n\n| rule | severity | what holds |\n|---|---|---|\n",
        *(f"| [{rule.id}](#{rule.id}) | {rule.severity} | {rule.summary} |\n" for rule in EVERY_RULE),
        *map(_section, EVERY_RULE),
    ]
    return "".join(parts)


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({rule.severity})\n\n{rule.summary}\n{rule.why}\n"
    for title, examples in (("wrong", rule.bad), ("right", rule.good)):
        for text in examples:
            yield f"\n{title}:\n" + "".join(f"    {line}\n" if line else "\n" for line in example(text).splitlines())
    yield f"\n{_ignoring(rule)}\n"


def _section(rule: Rule) -> str:
    language = _LANGUAGE[rule.subject]
    return (
        f"\n## {rule.id}\n\n**{rule.severity}.** {rule.summary}\n\n{rule.why}\n"
        f"\nWrong:\n\n{_blocks(rule.bad, language)}\nRight:\n\n{_blocks(rule.good, language)}\n{_ignoring(rule)}\n"
    )


def _blocks(examples: Iterable[str], language: str) -> str:
    return "\n".join(f"```{language}\n{example(text)}```\n" for text in examples)


def _ignoring(rule: Rule) -> str:
    if not rule.ignorable:
        return "It cannot be ignored: what it finds has to be mended."
    entry = "`[[tool.devkit.ignore]]` with rule, file, reason (and object) in pyproject.toml"
    if rule.subject not in _COMMENT:
        return f"To ignore it where it is right: {entry}."
    comment = f"`{_COMMENT[rule.subject]} devkit: ignore {rule.id} -- why`"
    return f"To ignore it where it is right: {comment}, or, for a file that must not change, {entry}."
