"""Misprints in one figure: the figures that its digits would give if one thing had gone right.

Every edit keeps the decimals of the print. The causes are stable English words; the catalogue's terms word them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final, NamedTuple

SWAPPED: Final = "swapped digits"
UNIT: Final = "wrong unit (x10^k)"
SIGN: Final = "sign"
MISSING: Final = "missing digit"
EXTRA: Final = "extra digit"
TYPO: Final = "digit typo"

# The likelier misprint first: what is found of one kind is not searched further in the next.
ORDER: Final = (SWAPPED, SIGN, UNIT, MISSING, EXTRA, TYPO)
_CHANCE: Final = Fraction(1, 8)
_DIGITS: Final = "0123456789"


class Edit(NamedTuple):
    """One edit of a printed figure and the figure it gives."""

    cause: str
    figure: Fraction


def _whole_edits(digits: str) -> Iterator[tuple[str, int]]:
    """Edits of the digits, in units of the last one."""
    for cause, edited in (
        (SWAPPED, _swaps(digits)),
        (MISSING, _insertions(digits)),
        (EXTRA, _deletions(digits)),
        (TYPO, _substitutions(digits)),
    ):
        for whole in edited:
            yield cause, int(whole)


def _other_edits(figure: Fraction) -> Iterator[Edit]:
    yield Edit(SIGN, -figure)
    for power in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6):
        yield Edit(UNIT, figure * Fraction(10) ** power)


def _parts(text: str) -> tuple[int, str, int]:
    sign = -1 if text.startswith("-") else 1
    whole, _, decimals = text.lstrip("+-").partition(".")
    return sign, whole + decimals, len(decimals)


def _swaps(digits: str) -> Iterator[str]:
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1]:
            yield digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]


def _substitutions(digits: str) -> Iterator[str]:
    for i, old in enumerate(digits):
        for new in _DIGITS:
            if new != old:
                yield digits[:i] + new + digits[i + 1 :]


def _insertions(digits: str) -> Iterator[str]:
    for i in range(len(digits) + 1):
        for new in _DIGITS:
            yield digits[:i] + new + digits[i:]


def _deletions(digits: str) -> Iterator[str]:
    for i in range(len(digits) if len(digits) > 1 else 0):
        yield digits[:i] + digits[i + 1 :]


@lru_cache(maxsize=4096)
def likeliest(text: str, low: Fraction, high: Fraction, crowd: int = 1, grain: Fraction = Fraction(0)) -> Edit | None:
    """The edit of `text` that falls in `[low, high]`, unless chance alone would have found one.

    `crowd` is the number of cells among which the figure was searched; `grain` the step in which such figures come
    (round amounts differ by round amounts). Among the edits that move the figure about as far as is needed, the share
    that a window of this width catches by chance must stay below one in eight.
    """
    if "/" in text or "," in text:
        return None
    sign, digits, decimals = _parts(text)
    scale = 10**decimals
    stated = sign * int(digits)
    distance = max(abs(low * scale - stated), abs(high * scale - stated))
    step = max(int(grain * scale), 1)
    window = ((high - low) * scale + step) / (4 * distance + step)
    near: Counter[str] = Counter()
    hits: dict[str, list[Fraction]] = {}
    # Whole numbers of last digits: comparing fractions would take most of the time of a check.
    least, most, reach = ceil(low * scale), floor(high * scale), floor(2 * distance)
    for cause, whole in _whole_edits(digits):
        figure = sign * whole
        if abs(figure - stated) <= reach and figure % step == 0:
            near[cause] += 1
            if least <= figure <= most and figure != stated:
                hits.setdefault(cause, []).append(Fraction(figure, scale))
    for cause, other in _other_edits(Fraction(stated, scale)):
        near[cause] += 1
        if low <= other <= high and other * scale != stated:
            hits.setdefault(cause, []).append(other)
    for cause in ORDER:
        if cause in hits and near[cause] * crowd * window < _CHANCE:
            return Edit(cause, min(hits[cause], key=lambda figure: abs(figure - (low + high) / 2)))
    return None
