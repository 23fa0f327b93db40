"""Texts in Markdown that render as themselves."""

from __future__ import annotations

import re
from typing import Final

# What Markdown or HTML would read as markup inside a line or a cell.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&])")
# What it would read as a block at the start of a paragraph: headings, lists, rules.
_BLOCK: Final = re.compile(r"^(\d*)([#+\-=.)])(?=\s|[#\-=]|$)")


def escaped(text: str) -> str:
    """Text that renders as itself inside a line or a cell of a table."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def paragraph(text: str) -> str:
    """Text that renders as itself on a line of its own."""
    return _BLOCK.sub(r"\1\\\2", escaped(text))
