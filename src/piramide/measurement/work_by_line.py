"""Work by office, product line and month: what plans are made from, folded once and kept like every sum of the cube."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.findings import refuse
from piramide.kernel.periods import Moment
from piramide.kernel.progress import Progress
from piramide.measurement.contract import WORK
from piramide.measurement.cube.cube import COMPETENCE, Cube, cube_of
from piramide.measurement.cube.cube import WORK as AT_WORK
from piramide.measurement.cube.months import PLACES
from piramide.measurement.engines.configuration import read_configuration
from piramide.measurement.engines.opening import engine_of
from piramide.measurement.fold.catalogue import read_catalogue
from piramide.measurement.fold.fold import fold, prepare, waiting_loads
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measures.plan import Plan, plan_by_line

Floats = NDArray[np.float64]

_OF_WORK: Final = frozenset({"done_points", "staff_hours"})


@dataclass(frozen=True, slots=True)
class WorkByLine:
    """Sums of work, `figures[name]` as [structure, line, month] float64: pieces, points (thousandths exact) or hours.

    Names are those of `measures.plan.BY_LINE`; each counts for the office of competence, `done_points` and
    `staff_hours` for the office of work. `months` are consecutive, `2024-01` first to last.
    """

    structures: tuple[str, ...]
    lines: tuple[str, ...]
    months: tuple[str, ...]
    figures: Mapping[str, Floats]


def work_by_line(
    ledger: Ledger, until: Moment, known_on: date | None, progress: Progress, engine: str = ""
) -> WorkByLine:
    """Fold what is new and add up all work until the end of a month. Raises `Refusal` ME013 where none is loaded."""
    catalogue = read_catalogue(ledger, known_on)
    lines = tuple(sorted({str(line) for line in catalogue["line"].to_pylist()}))
    codes = ledger.proven_codes()
    plan = plan_by_line(lines, codes)
    folded = prepare(ledger, {WORK: plan}, known_on)
    if not folded or not lines:
        raise refuse("ME013", subject=WORK)
    waiting = waiting_loads(folded)
    if waiting:
        with engine_of(read_configuration(ledger.root, engine)) as opened:
            fold(opened, waiting, progress)
    cube = cube_of(folded[0].every_file(), len(codes.structures), (until,))
    return _of_cube(cube, plan, codes.structures, lines, until)


def _of_cube(cube: Cube, plan: Plan, structures: tuple[str, ...], lines: tuple[str, ...], until: Moment) -> WorkByLine:
    """The sums of a cube by product line; the line that no condition names holds what the catalogue lost."""
    names = {"".join("1" if at == line else "0" for at in range(len(lines))): line for line in range(len(lines))}
    order = [names.get(name, -1) for name in cube.lines]
    places = np.arange(cube.axis.first, cube.axis.first + cube.axis.count)
    kept = places[(places % PLACES != PLACES - 1) & (places <= until.year * PLACES + until.month - 1)]
    figures = {}
    for name, compiled in plan.measures.items():
        view = AT_WORK if name in _OF_WORK else COMPETENCE
        added = sum((cube.sums(term.sum, view) for term in compiled.terms), np.zeros((), np.int64))
        by_line = np.zeros((len(structures), len(lines), len(kept)))
        for position, line in enumerate(order):
            if line >= 0:
                by_line[:, line] += added[:, position, kept - cube.axis.first]
        figures[name] = by_line / 10**compiled.scale
    first = _first_month(figures)
    months = tuple(f"{place // PLACES:04d}-{place % PLACES + 1:02d}" for place in kept[first:])
    return WorkByLine(structures, lines, months, {name: value[:, :, first:] for name, value in figures.items()})


def _first_month(figures: Mapping[str, Floats]) -> int:
    """The first month in which anything happened."""
    seen = np.any([value.any(axis=(0, 1)) for value in figures.values()], axis=0)
    return int(np.argmax(seen)) if seen.any() else 0
