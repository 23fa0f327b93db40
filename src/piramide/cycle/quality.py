"""The quality dashboard: elementary indices of each area, area indices, production areas (R38).

A pack states them as measures: `<area>_quality` and its elements `<area>_quality_<dimension>`, each 100 where the
structure does what was expected of it. Against last year they are the same expressions with last year's figures in
the place of the budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from piramide.cycle.run_figures import RunMeasures
from piramide.kernel.figure import Figure
from piramide.methodology.model import Pack

MARK = "_quality"
AGAINST_BUDGET = " rispetto al budget"
"""How packs end the label of such a measure; here it stands in the column."""
SYNTHETIC = "public_value_index"


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


def quality_measures(pack: Pack) -> dict[str, tuple[str, ...]]:
    """Measures of area indices with those of their elements, in the order of the pack."""
    areas = [name for name, measure in pack.measures.items() if name.endswith(MARK) and measure.formula]
    return {
        area: tuple(n for n in pack.measures if n.startswith(f"{area}_") and pack.measures[n].formula) for area in areas
    }


def quality_dashboard(measures: RunMeasures, structure: str) -> QualityDashboard:
    """The dashboard of one structure."""
    pack = measures.measured.pack
    areas = tuple(
        AreaQuality(
            _index(measures, area, structure), tuple(_index(measures, element, structure) for element in elements)
        )
        for area, elements in quality_measures(pack).items()
    )
    return QualityDashboard(areas, _production(measures, structure))


def _index(measures: RunMeasures, name: str, structure: str) -> QualityIndex:
    """The label of an area is what follows the colon in that of its measure, of an element what stands before."""
    what, _colon, area = measures.measured.pack.measures[name].label.partition(": ")
    label = area[:1].upper() + area[1:] if area and name.endswith(MARK) else what.removesuffix(AGAINST_BUDGET)
    budget = measures.figure(name, structure)
    return QualityIndex(name, label, budget, measures.against_last_year(name, structure))


def _production(measures: RunMeasures, structure: str) -> QualityIndex | None:
    pack = measures.measured.pack
    if SYNTHETIC not in pack.measures:
        return None
    figures = (measures.figure(SYNTHETIC, structure), measures.against_last_year(SYNTHETIC, structure))
    return QualityIndex(SYNTHETIC, pack.measures[SYNTHETIC].label, *figures)
