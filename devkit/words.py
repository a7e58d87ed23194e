"""Small pieces of sentences."""

from __future__ import annotations


def plural(count: int, what: str) -> str:
    """`count` of `what`, for people."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
