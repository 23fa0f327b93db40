"""The quality dashboard: elementary indices of each area, area indices, production areas (R38).

A pack states them as measures, each 100 where the structure does what was expected of it, and names them in
`boards.quality`. Against last year they are the same expressions with last year's figures in the place of the budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from piramide.cycle.boards.run_figures import RunMeasures
from piramide.kernel.figure import Figure


@dataclass(frozen=True, slots=True)
class QualityIndex:
    """An index against the budget and against last year, on 100; `None` where there is none."""

    measure: str
    label: str
    budget: Figure | None
    last_year: Figure | None


@dataclass(frozen=True, slots=True)
class AreaQuality:
    """One area: its index, and the elementary indices it is the weighted mean of."""

    index: QualityIndex
    elements: tuple[QualityIndex, ...]


@dataclass(frozen=True, slots=True)
class QualityDashboard:
    """Every area of one structure, and the production areas together (`None` where the pack does not weigh them)."""

    areas: tuple[AreaQuality, ...]
    production: QualityIndex | None

    @property
    def is_measured(self) -> bool:
        """Whether any area has an index."""
        return any(area.index.budget is not None or area.index.last_year is not None for area in self.areas)


def quality_dashboard(measures: RunMeasures, structure: str) -> QualityDashboard:
    """The dashboard of one structure."""
    board = measures.measured.pack.boards.quality
    areas = tuple(
        AreaQuality(
            _index(measures, area.index, area.label, structure),
            tuple(_index(measures, name, label, structure) for name, label in area.elements.items()),
        )
        for area in board.areas
    )
    return QualityDashboard(areas, _together(measures, structure))


def _index(measures: RunMeasures, name: str, label: str, structure: str) -> QualityIndex:
    return QualityIndex(name, label, measures.figure(name, structure), measures.against_last_year(name, structure))


def _together(measures: RunMeasures, structure: str) -> QualityIndex | None:
    pack = measures.measured.pack
    name = pack.boards.quality.together
    return _index(measures, name, pack.measures[name].label, structure) if name in pack.measures else None
