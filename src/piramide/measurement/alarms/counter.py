"""An indicator that improves while its counter-indicator worsens, both more than is usual between offices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Counts, Facts
from piramide.measurement.alarms.indicators import Share, Sums, declared, is_measurable, sums
from piramide.measurement.alarms.judging import (
    FEWEST_CASES,
    FEWEST_OFFICES,
    RATE,
    Side,
    deviation,
    fit,
    groups,
    is_worth_a_look,
    probability,
    rows_query,
)
from piramide.measurement.alarms.reference import Reference
from piramide.measurement.alarms.tails import Floats, both_beyond, normal_score
from piramide.measurement.alarms.window import Window

_ID: Final = "counter_indicator"
_CODE: Final = "AL012"
_LEAST_RATIO: Final = 1.25
_LEAST_SCORE: Final = 1.0
_INSIDE: Final = 2.0


def examine(facts: Facts, window: Window) -> tuple[Examined, ...]:
    """Each declared pair against the office's own past; the rate is shared among the pairs."""
    totals = sums(facts, window)
    pairs = [pair for pair in declared().pairs if all(is_measurable(share, facts) for share in pair)]
    return tuple(_pair(indicator, counter, totals, facts, window, RATE / len(pairs)) for indicator, counter in pairs)


@dataclass(frozen=True, slots=True)
class _Side:
    """One indicator of a pair in one cluster: counts, reference and the score of each office in the direction told."""

    counts: Counts
    fitted: Reference
    scores: Floats


def _pair(indicator: Share, counter: Share, totals: Sums, facts: Facts, window: Window, rate: float) -> Examined:
    about = f"{indicator.id} / {counter.id}"
    first, second = totals.counts(indicator), totals.counts(counter)
    present = (first.whole > 0) | (second.whole > 0)
    large = (first.whole >= FEWEST_CASES) & (second.whole >= FEWEST_CASES)
    evidence: list[Evidence] = []
    examined = 0
    for one, other in zip(groups(first.of(large), facts), groups(second.of(large), facts), strict=True):
        better = _scored(one, Side.MORE if indicator.more_is_better else Side.LESS)
        worse = _scored(other, Side.LESS if counter.more_is_better else Side.MORE)
        examined += len(one.offices)
        evidence += _heard(about, better, worse, facts, window, rate)
    too_small = int(present.sum()) - examined
    return Examined(_ID, _CODE, examined, too_small, examined * rate, tuple(evidence), about)


def _scored(counts: Counts, side: Side) -> _Side:
    """Scores from exact probabilities where they matter, from the log-odds elsewhere."""
    fitted = fit(counts)
    towards = fitted.scores if side is Side.MORE else -fitted.scores
    scores = np.array(towards)
    for at in np.flatnonzero(towards > _LEAST_SCORE):
        part, whole = float(counts.part[at]), float(counts.whole[at])
        rarity = probability(part, whole, float(fitted.share[at]), float(fitted.spread[at]), side)
        scores[at] = normal_score(rarity)
    return _Side(counts, fitted, scores)


def _heard(about: str, better: _Side, worse: _Side, facts: Facts, window: Window, rate: float) -> Iterator[Evidence]:
    correlation = _correlation(better.scores, worse.scores)
    for at, office in enumerate(better.counts.offices):
        least = min(float(better.scores[at]), float(worse.scores[at]))
        if least < _LEAST_SCORE or (rarity := both_beyond(least, correlation)) > rate:
            continue
        if not all(_is_worth_a_look(side, at) for side in (better, worse)):
            continue
        one, other = better.counts, worse.counts
        share = float(better.fitted.share[at])
        yield Evidence(
            _ID,
            _CODE,
            facts.structures.get(int(office), str(office)),
            window.period,
            float(one.part[at] / one.whole[at]),
            share,
            deviation(float(one.whole[at]), share, float(better.fitted.spread[at])),
            rarity,
            rows_query(window.in_period, "competence", int(office)),
            {
                "part": float(one.part[at]),
                "whole": float(one.whole[at]),
                "counter_part": float(other.part[at]),
                "counter_whole": float(other.whole[at]),
                "counter_usual": float(other.whole[at] * worse.fitted.share[at]),
                "correlation": correlation,
            },
            about,
        )


def _is_worth_a_look(side: _Side, at: int) -> bool:
    counts, share = side.counts, float(side.fitted.share[at])
    return is_worth_a_look(float(counts.part[at]), float(counts.whole[at]), share, _LEAST_RATIO)


def _correlation(better: Floats, worse: Floats) -> float:
    """How the two scores go together in the offices that stand out in neither; never less than not at all."""
    inside = (np.abs(better) < _INSIDE) & (np.abs(worse) < _INSIDE)
    one, other = better[inside], worse[inside]
    if len(one) < FEWEST_OFFICES or min(one.std(), other.std()) == 0.0:
        return 0.0
    return max(float(np.corrcoef(one, other)[0, 1]), 0.0)
