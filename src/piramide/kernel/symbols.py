"""Characters that word processors take from symbol fonts, as the characters that everybody has.

A bullet of Symbol or Wingdings is a number of a private area (U+F0B7): without that very font it is a box, and no
archive accepts it.
"""

from __future__ import annotations

import re
from typing import Final

_PRIVATE: Final = {
    "\uf02d": "−",  # minus
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf06f": "□",
    "\uf071": "❑",
    "\uf076": "❖",
    "\uf0a7": "▪",
    "\uf0a8": "◻",
    "\uf0b0": "°",
    "\uf0b7": "•",
    "\uf0d8": "➢",
    "\uf0de": "⇒",
    "\uf0e0": "→",
    "\uf0e8": "➔",
    "\uf0f0": "⇨",
    "\uf0fb": "✗",
    "\uf0fc": "✓",
    "\uf0fe": "☑",
}
_TABLE: Final = str.maketrans(_PRIVATE)
_BULLETS: Final = re.compile(r"^(?:[•‣▪■□❑❖◻●○◦➢⇒→➔⇨✓·]\s*)+(?=\S)")


def plain_symbols(text: str) -> str:
    r"""Text with the symbols that a private area stands for.

    >>> plain_symbols("\uf0b7 uno \uf0d8 due")
    '• uno ➢ due'
    """
    return text if text.isascii() else text.translate(_TABLE)


def without_bullet(text: str) -> str:
    """Text without the bullets at its start; a bullet alone stays.

    >>> without_bullet("• Indice di Deflusso"), without_bullet("•")
    ('Indice di Deflusso', '•')
    """
    return _BULLETS.sub("", text)


def code_point(character: str) -> str:
    r"""How a character is called where it cannot be drawn.

    >>> code_point("\uf0b7")
    'U+F0B7'
    """
    return f"U+{ord(character):04X}"
