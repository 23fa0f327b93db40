"""Events that nobody told, found in the past: months far from season and level, levels that jump and stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.forecast.events import Cells, Event, Usual, take_out
from piramide.planning.forecast.forecast import Array
from piramide.planning.forecast.levels import ALL, Level
from piramide.planning.forecast.shares import YEAR

LEAST_MONTHS: Final = 2 * YEAR
"""Months of history under which one year cannot be told from an event."""
_WINDOW: Final = 13
_AROUND: Final = 6
_LONGEST_PULSE: Final = 6
_LEAST_MEAN: Final = 12.0
"""Mean pieces a month from which a series can show an event."""
_FAR: Final = 5.0
"""Deviations from which a month is an event."""
_NEAR: Final = 2.5
"""Deviations from which a month beside it belongs to the same event."""


@dataclass(frozen=True, slots=True)
class _Found:
    series: int
    since: int
    until: int
    factor: float


def find_events(usual: Usual, levels: Sequence[Level], cells: Cells) -> list[Event]:
    """Take out of the past what no event explains, from the nation down to a line of an office, and say what it was."""
    if usual.months < LEAST_MONTHS:
        return []
    found: list[Event] = []
    for level in _in_turn(levels):
        series = level.total(usual.usual).reshape(-1, usual.months)
        counted = level.total(usual.counts.astype(float)).reshape(-1, usual.months) > 0
        for each in _unusual(np.where(counted, series, np.nan), _least(level, levels)):
            event = _event(each, level, usual, cells, len(found) + 1)
            _put_in(usual, event, each, cells)
            found.append(event)
    return found


def _in_turn(levels: Sequence[Level]) -> Iterator[Level]:
    """From the sum of everything to the cells; areas are left to their lines."""
    for level in sorted(levels, key=lambda level: level.shape[0] * level.shape[1]):
        if level.lines.name in {ALL, levels[0].lines.name}:
            yield level


def _least(level: Level, levels: Sequence[Level]) -> float:
    """The least change, in logarithms, that is told at a level: the finer, the more chance there is."""
    whole_lines, nation = level.lines.name == ALL, level.offices is levels[-1].offices
    if nation:
        return 0.12 if whole_lines else 0.2
    if level is levels[0]:
        return 0.5
    return 0.2 if whole_lines else 0.3


def _event(found: _Found, level: Level, usual: Usual, cells: Cells, number: int) -> Event:
    row, column = divmod(found.series, level.shape[1])
    nation, all_lines = level.shape[0] == 1, level.lines.name == ALL
    return Event(
        name=f"found-{number}",
        lines=() if all_lines else (level.lines.groups[column],),
        structures=() if nation else (level.offices.groups[row],),
        since=cells.months[found.since],
        until="" if found.until >= usual.months else cells.months[found.until - 1],
        factor=found.factor,
        known=False,
    )


def _put_in(usual: Usual, event: Event, found: _Found, cells: Cells) -> None:
    offices, lines, _ = cells.of(event)
    if event.until:
        usual.counts[np.ix_(offices, lines, np.arange(found.since, found.until))] = False
        take_out(usual, event, cells)
        return
    # A level that stays is the usual one of the months ahead: it is the past that was another.
    where = np.ix_(offices, lines, np.arange(found.since))
    usual.times[where] /= found.factor
    usual.usual[where] *= found.factor
    there = np.ix_(offices, lines)
    usual.since[there] = np.maximum(usual.since[there], found.since)


def _unusual(series: Array, least: float) -> list[_Found]:
    """Events of series [series, month], NaN where a month does not speak; the largest change of a series first."""
    means = np.nanmean(np.where(np.isfinite(series).any(axis=1, keepdims=True), series, 0.0), axis=1)
    speaking = np.flatnonzero(means >= _LEAST_MEAN)
    if not speaking.size:
        return []
    figures = _filled(series[speaking])
    found = _jumps(figures, least)
    for each in found:
        figures[each.series, : each.since] += np.log(each.factor)
    found += _pulses(figures, least)
    return [_Found(int(speaking[each.series]), each.since, each.until, each.factor) for each in found]


def _filled(series: Array) -> Array:
    """Logarithms, months that do not speak at the median of the series."""
    middle = np.nanmedian(series, axis=1, keepdims=True)
    return np.log(np.where(np.isfinite(series), series, middle) + 0.5)


def _running(figures: Array, of: Callable[..., Array] = np.median) -> Array:
    """Running medians of thirteen months, of those there are at both ends."""
    count = figures.shape[1]
    half = _WINDOW // 2
    return np.stack([of(figures[:, max(0, at - half) : at + half + 1], axis=1) for at in range(count)], axis=1)


def _taken_apart(figures: Array) -> tuple[Array, Array]:
    """Season, and what neither level nor season explains."""
    season = np.zeros_like(figures)
    turn = np.arange(figures.shape[1]) % YEAR
    rest = figures
    for _ in range(3):
        rest = figures - _running(figures - season)
        for month in range(YEAR):
            season[:, turn == month] = np.median(rest[:, turn == month], axis=1, keepdims=True)
        season = season - season.mean(axis=1, keepdims=True)
    return season, figures - season - _running(figures - season)


def _deviation(rest: Array, figures: Array) -> Array:
    """How far a month usually is from level and season: never less than chance gives to so many pieces.

    A median over three years passes through one of them: what is nought there says nothing.
    """
    sizes = np.where(np.abs(rest) > 1e-9, np.abs(rest), np.nan)
    silent = ~np.isfinite(sizes).any(axis=1)
    sizes[silent] = 0.0
    usual = 1.4826 * np.nanmedian(sizes, axis=1, keepdims=True)
    return np.sqrt(usual**2 + np.exp(-np.median(figures, axis=1, keepdims=True)))


def _jumps(figures: Array, least: float) -> list[_Found]:
    """The one jump of each series that stays to the end, where there is one."""
    season, rest = _taken_apart(figures)
    deviation = _deviation(rest, figures)[:, 0]
    flat = figures - season
    count = figures.shape[1]
    sizes = np.zeros_like(flat)
    for at in range(_AROUND, count - _AROUND + 1):
        before = np.median(flat[:, at - _AROUND : at], axis=1)
        sizes[:, at] = np.median(flat[:, at : at + _AROUND], axis=1) - before
    found = []
    for row in range(len(flat)):
        at = int(np.abs(sizes[row]).argmax())
        size = float(sizes[row, at])
        if abs(size) < max(least, 4 * deviation[row]):
            continue
        at = _first(flat[row], at, size)
        stays = float(np.median(flat[row, at:]) - np.median(flat[row, max(0, at - YEAR) : at]))
        if stays / size > 0.7 and abs(np.median(flat[row, -_AROUND:]) - np.median(flat[row, at:])) < abs(size) / 3:
            found.append(_Found(row, at, count, float(np.exp(stays))))
    return found


def _first(flat: Array, at: int, size: float) -> int:
    """The month near `at` from which the new level holds: the largest step from one month to the next."""
    near = range(max(1, at - 3), min(len(flat), at + 4))
    return max(near, key=lambda month: float((flat[month] - flat[month - 1]) * np.sign(size)))


def _pulses(figures: Array, least: float) -> list[_Found]:
    season, rest = _taken_apart(figures)
    del season
    far = rest / _deviation(rest, figures)
    found = []
    for row, sign in ((row, sign) for row in range(len(far)) for sign in (1.0, -1.0)):
        if (far[row] * sign).max() < _FAR:
            continue
        for since, until in _runs(far[row] * sign >= _NEAR):
            run = rest[row, since:until]
            size = float(run.mean())
            if until - since <= _LONGEST_PULSE and (far[row, since:until] * sign).max() >= _FAR and abs(size) >= least:
                found.append(_Found(row, since, until, float(np.exp(size))))
    return found


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    yield from ((int(since), int(until)) for since, until in edges.reshape(-1, 2))
