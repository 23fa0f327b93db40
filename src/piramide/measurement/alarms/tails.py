"""Probabilities of counts: exact binomial tails, alone and mixed over offices that differ; normal scores.

`spread` is the standard deviation, in log-odds, by which the shares of honest offices differ from each other. A count
has then the distribution of a binomial whose log-odds are themselves normal: mixed here over a grid of them.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_NORMAL: Final = NormalDist()
_TERMS: Final = 8192
_NEGLIGIBLE: Final = 1e-12
_GRID: Final = np.linspace(-5.0, 5.0, 81)
_WEIGHTS: Final = np.exp(-0.5 * _GRID**2) / np.exp(-0.5 * _GRID**2).sum()
LEAST_PROBABILITY: Final = 1e-15


def upper_tail(part: int, whole: int, share: float, spread: float) -> float:
    """Probability that `part` or more of `whole` are found where `share` is expected.

    >>> upper_tail(2, 2, 0.5, 0.0)
    0.25
    >>> upper_tail(2, 2, 0.5, 0.5) > 0.25  # offices that differ reach both ends more often
    True
    """
    if spread <= 0.0:
        return binomial_tail(part, whole, share)
    middle = math.log(share) - math.log1p(-share)
    shares = 1.0 / (1.0 + np.exp(-(middle + spread * _GRID)))
    tails = [binomial_tail(part, whole, float(one)) for one in shares]
    return max(float(_WEIGHTS @ np.array(tails)), LEAST_PROBABILITY)


def lower_tail(part: int, whole: int, share: float, spread: float) -> float:
    """Probability that `part` or fewer of `whole` are found where `share` is expected."""
    return upper_tail(whole - part, whole, 1.0 - share, spread)


def binomial_tail(part: int, whole: int, share: float) -> float:
    """Probability of `part` or more of `whole`, each with probability `share`; summed term by term.

    >>> round(binomial_tail(3, 10, 0.1), 6)
    0.070191
    """
    if part <= 0 or share >= 1.0:
        return 1.0
    if part > whole or share <= 0.0:
        return LEAST_PROBABILITY
    if part <= whole * share:  # the long side: one minus the short one
        return max(1.0 - binomial_tail(whole - part + 1, whole, 1.0 - share), LEAST_PROBABILITY)
    ways = math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
    term = ways + part * math.log(share) + (whole - part) * math.log1p(-share)
    odds, total, at = share / (1.0 - share), 0.0, part
    while at <= whole:
        if term < -745.0:  # smaller than any float, and every later term is smaller still
            break
        count = np.arange(at, min(at + _TERMS, whole))
        terms = term + np.concatenate(([0.0], np.cumsum(np.log((whole - count) / (count + 1.0) * odds))))
        total += float(np.exp(terms).sum())
        if math.exp(terms[-1]) < _NEGLIGIBLE * total:
            break
        at += len(terms)
        term = float(terms[-1]) + math.log(max((whole - at + 1) / at * odds, 1e-300))
    return min(max(total, LEAST_PROBABILITY), 1.0)


def normal_score(probability: float) -> float:
    """The value that a standard normal figure exceeds with this probability.

    >>> round(normal_score(0.025), 2)
    1.96
    """
    return -_NORMAL.inv_cdf(min(max(probability, LEAST_PROBABILITY), 1.0 - 1e-12))


def probability_beyond(score: float) -> float:
    """Probability that a standard normal figure exceeds `score`."""
    return 0.5 * math.erfc(score / math.sqrt(2.0))


def both_beyond(score: float, correlation: float) -> float:
    """Probability that two standard normal figures with this correlation both exceed `score`.

    >>> round(both_beyond(0.0, 0.5), 4)  # the orthant: 1/4 + arcsin(1/2) / 2 pi
    0.3333
    """
    room = math.sqrt(1.0 - min(abs(correlation), 0.999) ** 2)
    edges = np.linspace(score, max(score, 0.0) + 9.0, 1201)
    middle = 0.5 * (edges[:-1] + edges[1:])
    other = np.array([probability_beyond((score - correlation * x) / room) for x in middle])
    density = np.exp(-0.5 * middle**2) / math.sqrt(2.0 * math.pi)
    return float((density * other).sum() * (edges[1] - edges[0]))
