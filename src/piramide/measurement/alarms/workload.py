"""What an office had to work on and what it resolved, by kind of case: who takes the easy ones first.

Kinds are products or ages. If an office took its cases as the cluster does, each kind would be resolved at the rate at
which the cluster resolves what it has of that kind; what the office itself has open decides what it should resolve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from piramide.measurement.alarms.facts import (
    RECEIVED,
    REOPENED,
    RESOLVED,
    Counts,
    Facts,
    column,
    counts_of,
    total,
    whole_numbers,
)
from piramide.measurement.alarms.tails import Floats, Integers
from piramide.measurement.alarms.window import Window


@dataclass(frozen=True, slots=True)
class Workload:
    """Arrays of shape (spans, offices, kinds), the period first: `open` at the start plus received, and `resolved`."""

    offices: Integers
    kinds: Integers
    open: Floats
    resolved: Floats
    hours: Floats


def workload(facts: Facts, window: Window, kind_of_case: str) -> Workload:
    """Read the workload by an SQL expression over `entries` that tells the kind of a case."""
    table = facts.query(
        f"""
        SELECT competence AS office, {kind_of_case} AS kind_of_case, {window.back} AS back,
               {total("sign", f"{RECEIVED} OR {REOPENED}")} AS opened, {total("sign", RESOLVED)} AS closed,
               {total("points_1000 * sign", RESOLVED)} AS points
        FROM entries WHERE month <= {window.last_month} GROUP BY 1, 2, 3
        """  # noqa: S608 - of our own parts
    )
    offices, office = np.unique(whole_numbers(table, "office"), return_inverse=True)
    kinds, kind = np.unique(whole_numbers(table, "kind_of_case"), return_inverse=True)
    opened, closed, points = np.zeros((3, window.spans_back + 2, len(offices), len(kinds)))
    at = (whole_numbers(table, "back"), office, kind)
    np.add.at(opened, at, column(table, "opened"))
    np.add.at(closed, at, column(table, "closed"))
    np.add.at(points, at, column(table, "points"))
    left = np.cumsum((opened - closed)[::-1], axis=0)[::-1]  # open at the end of each span
    available = np.maximum(left[1:] + opened[:-1], 0.0)
    done = np.minimum(np.maximum(closed[:-1], 0.0), available)
    return Workload(offices, kinds, available, done, points.sum(axis=(0, 1)) / np.maximum(closed.sum(axis=(0, 1)), 1.0))


def easy_counts(work: Workload, easy: Floats) -> Counts:
    """Easy cases among those resolved, and the share the office's workload leads to expect.

    `easy` is 1 for easy kinds and 0 for the others, of shape (kinds) or (spans, kinds).
    """
    chosen = np.broadcast_to(easy, (work.open.shape[0], work.open.shape[2]))[:, None, :]
    rate = work.resolved.sum(axis=1, keepdims=True) / np.maximum(work.open.sum(axis=1, keepdims=True), 1.0)
    expected = work.open * rate
    base = (expected * chosen).sum(axis=2) / np.maximum(expected.sum(axis=2), 1e-9)
    return counts_of(work.offices, (work.resolved * chosen).sum(axis=2), work.resolved.sum(axis=2), base)
