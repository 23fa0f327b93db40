"""The value of a structure that has others below it: by its formula, or a mean of theirs (R6, R21, R38, R42)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.measurement.values.tree import Flags, Floats, Tree
from piramide.methodology.parent_rules import FORMULA, Cases, ParentKind, ParentRule, rule_of

NO_VALUE = -1
"""In `asked`: a parent that has no value by its rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Arrays (structures, moments): `values` are NaN where there is none, `coverage` is a fraction.

    `asked` is of how many parts a value is the mean and `known` how many of them have one; 0 by formula, `NO_VALUE`
    where the rule gives parents none. Empty: everything by formula.
    """

    values: Floats
    estimated: Flags
    coverage: Floats
    asked: NDArray[np.int64] | None = None
    known: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What means are taken over: figures by formula, of every structure and of the rows that name it alone.

    `states`: the structures that state themselves what does not add up. `weights` gives the figures of a measure, over
    structures and, with `own`, over the rows that name each alone.
    """

    tree: Tree
    found: Figures
    own: Callable[[], Figures]
    states: Flags
    weights: Callable[[str, bool], Figures]


def with_parents(cases: Cases, parts: Parts) -> Figures:
    """Figures by formula where the rule of a structure says so, else by its rule, from below up."""
    found = parts.found
    shape = found.values.shape
    made = Figures(
        found.values.copy(),
        found.estimated.copy(),
        found.coverage.copy(),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
    )
    for position in parts.tree.upward():
        structure = parts.tree.day[parts.tree.ids[position]]
        rule = rule_of(cases, structure, has_own=bool(parts.states[position]))
        below = parts.tree.children(position, rule.kinds) if rule != FORMULA else ()
        if len(below):
            _set(made, position, rule, np.asarray(below), parts)
    return made


def _set(made: Figures, position: int, rule: ParentRule, below: NDArray[np.intp], parts: Parts) -> None:
    if made.asked is None or made.known is None:  # with_parents gave both
        raise AssertionError(position)
    values = made.values[below]
    made.estimated[position] = made.estimated[below].any(axis=0)
    if rule.kind is ParentKind.NONE:
        made.values[position], made.asked[position] = np.nan, NO_VALUE
        return
    weights, cover = np.ones(values.shape), made.coverage[below]
    covered = np.ones(values.shape[1])
    if rule.kind is ParentKind.WEIGHTED:
        weighing = parts.weights(rule.by, False)
        own = parts.own()
        values = np.vstack([values, own.values[position]])
        cover = np.vstack([cover, own.coverage[position]])
        weights = np.vstack([weighing.values[below], parts.weights(rule.by, True).values[position]])
        covered = weighing.coverage[position]
    counted = np.nan_to_num(weights) > 0
    weights = np.where(counted, weights, 0.0)
    known = counted & np.isfinite(values)
    total = weights.sum(axis=0)
    made.asked[position], made.known[position] = counted.sum(axis=0), known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        made.values[position] = np.where(known, weights * np.where(known, values, 0.0), 0.0).sum(axis=0) / total
        cover = np.where(known, weights * cover, 0.0).sum(axis=0) / total
    if rule.kind is ParentKind.SAME:
        lowest, highest = (side(np.where(known, values, np.nan), axis=0) for side in (np.fmin.reduce, np.fmax.reduce))
        made.values[position] = np.where(lowest == highest, lowest, np.nan)
    made.values[position, (known.sum(axis=0) < counted.sum(axis=0)) | (total <= 0)] = np.nan
    made.coverage[position] = np.minimum(np.nan_to_num(cover), covered)
