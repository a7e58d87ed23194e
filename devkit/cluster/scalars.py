"""A plain scalar of YAML as Kubernetes reads it, which is neither YAML 1.1 nor 1.2.

kubectl, Tilt and the API server share one reader, sigs.k8s.io/yaml over go.yaml.in/yaml/v2: `resolve` in its resolve.go
is what is followed here. `yes` is true there, 0777 is octal, and a date stays the text that was written.
"""

from __future__ import annotations

import math
import re

Scalar = None | bool | int | float | str

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_STARTS_A_NUMBER = frozenset("+-.0123456789")
_BASES = (
    (16, re.compile(r"0[xX]([0-9a-fA-F]+)")),
    (2, re.compile(r"0[bB]([01]+)")),
    (8, re.compile(r"0[oO]?([0-7]+)")),
)
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,307}")  # more digits are no number of JSON
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BETWEEN = re.compile(r"(?<=[0-9])_(?=[0-9])")
_SHORTEST_WITH_EXPONENT = 1e21  # from here on Go writes a float of JSON with an exponent


def plain(text: str) -> Scalar:
    """The value of a scalar without quotes and tag. `.inf` and `.nan` are given too; JSON has no such numbers."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _STARTS_A_NUMBER:
        digits = _BETWEEN.sub("", text) if text[0] == "." else text.replace("_", "")
        whole = _whole(digits)
        return _fraction(digits, text) if whole is None else whole
    return text


def _whole(digits: str) -> int | None:
    unsigned = digits.lstrip("+-") if digits[:2] not in {"++", "+-", "-+", "--"} else ""
    for base, written in _BASES:
        if found := written.fullmatch(unsigned):
            value = int(f"{digits[0] if digits[0] in '+-' else ''}{found[1]}", base)
            has_room = -(2**63) <= value < (2**63 if digits[0] == "+" else 2**64)
            return value if has_room else None
    return int(digits) if _DECIMAL.fullmatch(unsigned) else None


def _fraction(digits: str, text: str) -> Scalar:
    value = float(digits) if _FLOAT.fullmatch(digits) else math.inf
    if math.isinf(value):
        return text
    is_whole = value.is_integer() and abs(value) < _SHORTEST_WITH_EXPONENT
    return int(value) if is_whole else value
