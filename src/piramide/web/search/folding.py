"""Words as a search compares them: without accents, without capitals."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """`text` without accents and capitals.

    >>> folded("Indennità di Città")
    'indennita di citta'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order.

    >>> words("L.114/2014: Revisioni")
    ['l', '114', '2014', 'revisioni']
    """
    return _WORD.findall(folded(text))
