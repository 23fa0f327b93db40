"""Words: what some entries say of their cases, in sorted numbers of 64 bits.

A word is the key of a case without its three lowest bits, and in these one of eight things said of it (`_SAYS`). What a
case has gone through is the sum of its words: most cases have one. The words of several loads are put together by
sorting them; `normalised` gives one writing for each sum, so that the same entries make the same bytes, however loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from piramide.measurement.ledger.keys import Bits, Keys
from piramide.measurement.loading.day_order import BACK
from piramide.measurement.loading.references import Numbers

EVENT: Final = np.int64(7)
"""The three lowest bits: in packed rows what happened (kind, + 4 when taken back), in words what is said."""
KINDS: Final = 4
"""Kinds of entries; the fifth number of a case says whether it was taken for closed when it was first heard of."""

_RECEIVED, _RESOLVED, _BOTH, _ASSUMED, _LESS = 0, 1, 2, 6, 7
_SAYS: Final = np.array(
    [
        [1, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [1, 0, 1, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1],
        [-1, -1, -1, -1, 0],
    ],
    dtype=np.int64,
)
"""How often each word says received, transferred, resolved, reopened, and taken for closed; the last, one less of each:
what is taken back is that and the three others again."""
_PAIR: Final = 2
_WORD_OF_KIND: Final = np.array([0, 3, 1, 4], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases, sorted, and what is said of them in five rows of numbers; `is_known` are those of which anything is said.

    How often each was received, transferred, resolved, reopened, net of what was taken back, and taken for closed.
    """

    case: Keys
    numbers: Numbers
    is_known: Bits

    @classmethod
    def of(cls, case: Keys, said: Iterable[Keys]) -> Counts:
        """Add up the words that are said of some cases (sorted, each once)."""
        numbers, is_known = np.zeros((len(_SAYS[0]), len(case)), dtype=np.int64), np.zeros(len(case), dtype=bool)
        words = np.concatenate([np.array([], dtype=np.int64), *said])
        if len(words) and len(case):
            at = np.minimum(np.searchsorted(case, words & ~EVENT), len(case) - 1)
            is_hit = case[at] == words & ~EVENT
            at, says = at[is_hit], words[is_hit] & EVENT
            is_known[at] = True
            for word in np.flatnonzero(np.bincount(says)):
                times = np.bincount(at[says == word], minlength=len(case))
                for row in np.flatnonzero(_SAYS[word]):
                    numbers[row] += _SAYS[word, row] * times
        return cls(case, numbers, is_known)

    def at(self, case: Keys) -> Counts:
        """Those of some of the cases, which are sorted."""
        if len(case) == len(self.case):
            return self
        where = np.searchsorted(self.case, case)
        return Counts(case, self.numbers[:, where], self.is_known[where])

    @property
    def received(self) -> Numbers:
        """How often each case stands as received."""
        times: Numbers = self.numbers[0] + self.numbers[4]
        return times

    @property
    def resolved(self) -> Numbers:
        """How often each case stands as resolved: reopened ones once less."""
        times: Numbers = self.numbers[2] - self.numbers[3] + self.numbers[4]
        return times

    def stated(self, case: Keys, kind: Numbers) -> Numbers:
        """How often entries of these kinds of these cases, which are all there, stand in the ledger."""
        times: Numbers = self.numbers[kind, np.searchsorted(self.case, case)]
        return times


def words_of(packed: Keys, assumed: Keys) -> Keys:
    """Words of the packed events of some rows, which are sorted, and of the cases that were taken for closed."""
    is_back = (packed & EVENT) >= BACK
    if not len(assumed) and not is_back.any():
        return normalised((packed & ~EVENT) | _WORD_OF_KIND[packed & EVENT])
    stated, back = packed[~is_back], packed[is_back]
    others = np.array([[kind for kind in range(KINDS) if kind != of] for of in range(KINDS)])
    kinds = others[(back & EVENT) - BACK]
    again = np.repeat(back & ~EVENT, KINDS - 1) | _WORD_OF_KIND[kinds.ravel()]
    said = (stated & ~EVENT) | _WORD_OF_KIND[stated & EVENT]
    return merged([said, assumed | _ASSUMED, (back & ~EVENT) | _LESS, again])


def normalised(words: Keys) -> Keys:
    """The one way of saying what these words say, which are sorted by case."""
    keys = words & ~EVENT
    is_first = np.ones(len(words), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    if len(starts) == len(words):
        return words
    size = np.diff(starts, append=len(words))
    said, second = words[starts], words[np.minimum(starts + 1, len(words) - 1)]
    is_both = (size == _PAIR) & (said & EVENT == _RECEIVED) & (second & EVENT == _RESOLVED)
    is_plain = is_both | (size == 1)
    said[is_both] |= _BOTH
    if is_plain.all():
        return said
    case = keys[starts[~is_plain]]
    other = np.sort(np.concatenate(_said(case, Counts.of(case, [words[np.repeat(~is_plain, size)]]).numbers)))
    plain = said[is_plain]
    return np.insert(plain, np.searchsorted(plain, other), other)


def _said(case: Keys, numbers: Numbers) -> list[Keys]:
    """Words that add up to the numbers of some cases: as few as can be."""
    kinds, assumed = numbers[:KINDS].copy(), numbers[KINDS]
    less = np.maximum(0, -kinds.min(axis=0))
    less[(kinds == 0).all(axis=0) & (assumed == 0)] = 1  # heard of, and nothing left
    kinds += less
    times: dict[int, Any] = {_LESS: less, _ASSUMED: assumed}
    for word in (_BOTH, 5, 0, 3, 1, 4):  # pairs first
        rows = np.flatnonzero(_SAYS[word, :KINDS])
        times[word] = kinds[rows].min(axis=0)
        kinds[rows] -= times[word]
    return [np.repeat(case, count) | word for word, count in times.items()]


def merged(parts: Iterable[Keys]) -> Keys:
    """The words of several loads, each of which are sorted, as one; a stable sort merges what is sorted already."""
    return normalised(np.sort(np.concatenate(list(parts)), kind="stable"))
