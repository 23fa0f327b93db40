"""Texts that a spreadsheet would run: what begins like a formula, in every file that leaves."""

from __future__ import annotations

from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def begins_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula, when it is opened, typed or pasted again."""
    return text.lstrip(" ").startswith(_STARTS)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("a note")
    ("'=1+1", "' @SUM(A1)", 'a note')
    """
    return f"'{text}" if begins_a_formula(text) else text
