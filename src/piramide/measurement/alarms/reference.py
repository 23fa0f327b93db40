"""The reference of a comparison: which share each office was to be expected to have, and how widely offices differ.

The model has two figures, estimated from all offices together so that one odd office, or several, cannot hide itself:

    log-odds of the office's share = log-odds of its expectation + shift + a normal figure of deviation `spread`

`shift` is what all offices have in common in the period (Huber's estimate of location); `spread` is how far honest
offices differ beyond chance (Huber's proposal 2 of scale: squared scores, cut at `CUT`, have the mean that normal
figures have). The uncertainty of an office's own expectation (few cases in its past) adds to its spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.measurement.alarms.tails import Floats, Integers, probability_beyond

CUT: Final = 1.5
_ROUGH_CUT: Final = 0.6
_CASES_THAT_TELL: Final = 4.0
_FAR_OUT: Final = 4.0
_LEAST_KEPT: Final = 0.7
_MOST_SPREAD: Final = 4.0
_ROUNDS: Final = 12
_HALVINGS: Final = 40
_MOST_DRAWN: Final = 1e5


@dataclass(frozen=True, slots=True)
class Reference:
    """Expected share and spread (log-odds) of each office, what all have in common, and each office's score.

    A score is the distance of the observed log-odds from the expected, in units of chance and spread together.
    """

    share: Floats
    spread: Floats
    shift: float
    common_spread: float
    scores: Floats


def reference(part: Floats, whole: Floats, expected: Floats, noise: Floats) -> Reference:
    """Fit shift and spread to the offices: arrays of one length, `whole` positive, `noise` a squared spread of each.

    A first, rough fit finds the offices far out; they are left out of the second, so that a handful of offices doing
    the same does not pass for usual.
    """
    offset = logit(expected)
    everybody = np.full(part.shape, fill_value=True)
    rough = _fitted(part, whole, offset, noise, everybody, _ROUGH_CUT)
    kept = np.abs(rough.scores) <= _FAR_OUT
    if kept.sum() < _LEAST_KEPT * len(part):
        kept = everybody
    return _fitted(part, whole, offset, noise, kept, CUT)


def _fitted(
    part: Floats, whole: Floats, offset: Floats, noise: Floats, kept: npt.NDArray[np.bool_], cut: float
) -> Reference:
    """The reference of all offices, fitted to those kept."""
    shift, squared = _fit(part[kept], whole[kept], offset[kept], noise[kept], cut)
    share = expit(offset + shift)
    scores = _departure(part, whole, share) / np.sqrt(_chance(whole, share) + noise + squared)
    return Reference(share, np.sqrt(noise + squared), shift, math.sqrt(squared), scores)


def _fit(part: Floats, whole: Floats, offset: Floats, noise: Floats, cut: float) -> tuple[float, float]:
    """Shift and squared spread of some offices, in turns until both stand still."""
    shift, squared = float(np.median(logit((part + 0.5) / (whole + 1.0)) - offset)), 0.0
    for _ in range(_ROUNDS):
        before = shift, squared
        share = expit(offset + shift)
        chance = _chance(whole, share) + noise
        shift += _shift(_departure(part, whole, share), np.sqrt(chance + squared), cut)
        told = _told(chance)
        departure = _departure(part, whole, expit(offset + shift))
        squared = _squared_spread(departure[told], chance[told], cut)
        if abs(shift - before[0]) < 1e-7 and abs(squared - before[1]) < 1e-7:
            break
    return shift, squared


def _departure(part: Floats, whole: Floats, share: Floats) -> Floats:
    """How far a count is from its share, in log-odds near it; by arcsines, which treat small counts fairly."""
    seen = np.arcsin(np.sqrt((part + 0.375) / (whole + 0.75)))
    return np.asarray(2.0 * (seen - np.arcsin(np.sqrt(share))) / np.sqrt(share * (1.0 - share)), dtype=np.float64)


def _chance(whole: Floats, share: Floats) -> Floats:
    """Squared deviation of the log-odds of a count by chance alone."""
    return 1.0 / (whole * share * (1.0 - share))


def own_past(part: Floats, whole: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """How each office used to depart from its expectation (in log-odds), and the noise (squared) of knowing it.

    The past of an office is drawn towards its cluster by as many cases as the offices' spread makes worthwhile: an
    office without a past is expected to be like its cluster, one with a long past like itself.
    """
    seen = whole > 0
    if seen.sum() < 2:
        return np.zeros(part.shape), np.zeros(part.shape)
    fitted = reference(part[seen], whole[seen], expected[seen], np.zeros(int(seen.sum())))
    usual = expit(logit(expected) + fitted.shift)
    room = usual * (1.0 - usual)
    drawn = np.minimum(1.0 / np.maximum(room * fitted.common_spread**2, 1e-12), _MOST_DRAWN)
    own = (part + drawn * usual) / (whole + drawn)
    return logit(own) - logit(usual), 1.0 / ((whole + drawn) * room)


def logit(share: Floats) -> Floats:
    """Logarithm of the odds; shares are kept a millionth away from 0 and 1."""
    inside = np.clip(share, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)


def expit(value: Floats) -> Floats:
    """The share whose odds have this logarithm; shares are kept a millionth away from 0 and 1."""
    return np.asarray(np.clip(1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0))), 1e-6, 1.0 - 1e-6), dtype=np.float64)


def _told(chance: Floats) -> Integers:
    """The offices whose counts are large enough for their log-odds to be near normal, half of all at least.

    Only they tell the spread: a count of none or one hides it.
    """
    order = np.argsort(chance, kind="stable")
    enough = int((chance <= 1.0 / _CASES_THAT_TELL).sum())
    return order[: max(enough, (len(order) + 1) // 2)]


def _mean_of_cut_squares(cut: float) -> float:
    """Mean of min(z², cut²) for a standard normal z."""
    density = math.exp(-0.5 * cut**2) / math.sqrt(2.0 * math.pi)
    beyond = probability_beyond(cut)
    return 1.0 - 2.0 * beyond - 2.0 * cut * density + 2.0 * cut**2 * beyond


def _shift(departure: Floats, deviation: Floats, cut: float) -> float:
    """The shift at which the scores, cut and weighted by what each office can tell, cancel out."""
    low, high = float(departure.min()), float(departure.max())
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        rest = float((np.clip((departure - middle) / deviation, -cut, cut) / deviation).sum())
        low, high = (middle, high) if rest > 0.0 else (low, middle)
    return 0.5 * (low + high)


def _squared_spread(departure: Floats, chance: Floats, cut: float) -> float:
    """The squared spread at which the cut squares of the scores have the mean of normal figures; 0 if chance suffices.

    One figure of the offices is spent on the shift: with few offices the mean asked for is a little lower.
    """
    asked = _mean_of_cut_squares(cut) * (1.0 - 1.0 / len(departure))

    def mean(squared: float) -> float:
        return float(np.minimum(departure**2 / (chance + squared), cut**2).mean())

    if mean(0.0) <= asked:
        return 0.0
    low, high = 0.0, _MOST_SPREAD**2
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if mean(middle) > asked else (low, middle)
    return 0.5 * (low + high)
