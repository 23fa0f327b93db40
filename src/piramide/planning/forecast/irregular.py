"""What a history cannot teach as it stands: young lines, lines that are over, closed offices, months without facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from piramide.kernel.findings import Finding
from piramide.planning.forecast.events import Usual, fill
from piramide.planning.forecast.shares import YEAR

SILENT: Final = 3
"""Months without a single receipt after which a line, or an office, is taken to be over."""


def set_right(usual: Usual, offices: Sequence[str], lines: Sequence[str], months: Sequence[str]) -> Iterator[Finding]:
    """Put into the usual past what a history would have been, and say it: PN040-PN044."""
    count = usual.months
    if count < YEAR:
        yield Finding("PN040", subject=months[0], fields={"count": count})
    yield from _missing_months(usual, months)
    yield from _young_lines(usual, lines, months)
    yield from _over(usual, lines, axis=0, code="PN043", months=months)
    yield from _over(usual, offices, axis=1, code="PN044", months=months)


def _missing_months(usual: Usual, months: Sequence[str]) -> Iterator[Finding]:
    """A month in the middle in which nobody received anything."""
    empty = np.asarray(usual.came.sum(axis=(0, 1)) == 0)
    empty[0] = empty[-1] = False
    if empty.any():
        gone = np.zeros(usual.came.shape, bool)
        gone[..., empty] = True
        usual.counts[gone] = False
        fill(usual, gone)
        names = [months[at] for at in np.flatnonzero(empty).tolist()]
        yield Finding("PN041", subject=names[0], fields={"months": ", ".join(names[:12]), "count": len(names)})


def _young_lines(usual: Usual, lines: Sequence[str], months: Sequence[str]) -> Iterator[Finding]:
    """A line of less than a year, in a longer history: before, as much a month as since."""
    total = usual.came.sum(axis=0)
    for line in np.flatnonzero(total.any(axis=1)).tolist():
        first = int(np.flatnonzero(total[line])[0])
        if first == 0 or usual.months - first >= YEAR:
            continue
        since = usual.usual[:, line, first:].mean(axis=1, keepdims=True)
        usual.usual[:, line, :first] = since
        usual.counts[:, line, :first] = False
        usual.since[:, line] = np.maximum(usual.since[:, line], first)
        fields = {"month": months[first], "count": usual.months - first}
        yield Finding("PN042", subject=lines[line], fields=fields)


def _over(usual: Usual, names: Sequence[str], *, axis: int, code: str, months: Sequence[str]) -> Iterator[Finding]:
    """What has received nothing for some months, and something before: nothing more is expected of it."""
    total = usual.came.sum(axis=axis)
    if usual.months <= SILENT:
        return
    for at in np.flatnonzero(total.any(axis=1) & ~total[:, -SILENT:].any(axis=1)).tolist():
        if total[at].sum() < usual.months:  # so rare that some months without one say nothing
            continue
        last = int(np.flatnonzero(total[at])[-1])
        where = (slice(None), at) if axis == 0 else (at, slice(None))
        usual.usual[where] = 0.0
        usual.counts[where] = False
        yield Finding(code, subject=names[at], fields={"month": months[last]})
