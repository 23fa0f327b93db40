"""Whole numbers that stand in addresses and hidden fields: people may write anything there."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)
"""What any database takes for a key."""


def whole_number(text: str) -> int | None:
    """The number that a text says, `None` for anything else.

    >>> whole_number("12"), whole_number("²"), whole_number("-1"), whole_number("9" * 30)
    (12, None, None, None)
    """
    return int(text) if _NUMBER.fullmatch(text) else None
