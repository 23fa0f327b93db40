"""What the plan and earlier runs say of the figures that campaigns ask; computed once per process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings

from piramide.cycle.collected import Asked, cells_without_data, known_loads
from piramide.cycle.runs.holding import holding_by_day
from piramide.exchange.blank_values import asked_values
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Indicator, Pack
from piramide.web.plans_in_force import line_of, plan, plan_called, plan_of
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

Key = tuple[str, str, str]
_RECENT = 12
_FEWEST = 3


def asked_at(period: str, pack: str = "") -> Mapping[Key, Asked]:
    """Every figure that the sheets ask at a period, by structure, node and moment.

    The sheets are those of the plan called `pack` (the one that a campaign collects for), else of that of the period.
    Where several indicators are called alike in them, each has its own full name instead.
    """
    found = plan_called(pack) if pack else plan_of(period)
    return _asked_at(period, found.id, found.hash)


@lru_cache(maxsize=32)
def _asked_at(period: str, pack: str, _hash: str) -> Mapping[Key, Asked]:
    found = plan_called(pack)
    asked = asked_values(found, parse_period(period), tuple(found.sheets))
    alike = Counter(label for _node, label in {(a.node, a.label) for a in asked})
    named = (replace(a, label=_full_name(found, a)) if alike[a.label] > 1 else a for a in asked)
    return {(a.structure, a.node, str(parse_period(a.period).moment)): a for a in named}


def _full_name(pack: Pack, asked: Asked) -> str:
    indicator = pack.indicators.get(_indicators_of_nodes(pack.id, pack.hash).get(asked.node, asked.node))
    return indicator.label if indicator else asked.label


def without_data(period: str) -> tuple[Key, ...]:
    """The figures of the plan of a period that no data give, as long as nothing new is loaded."""
    pack = plan_of(period)
    return _without_data(period, tuple(sorted(known_loads(settings.CONFIGURATION.store).items())), pack.id, pack.hash)


@lru_cache(maxsize=24)
def _without_data(period: str, _loads: tuple[tuple[str, str], ...], pack: str, _hash: str) -> tuple[Key, ...]:
    cells = cells_without_data(plan_called(pack), settings.CONFIGURATION.store, parse_period(period))
    return tuple((a.structure, a.node, str(parse_period(a.period).moment)) for a in cells)


@lru_cache(maxsize=8)
def _indicators_of_nodes(pack: str, _hash: str) -> Mapping[str, str]:
    """The indicator behind each node of the sheets; a node is called alike in every sheet."""
    found: dict[str, str] = {}
    for sheet in plan_called(pack).sheets.values():
        for node in sheet.walk():
            if node.indicator:
                found.setdefault(node.id, node.indicator)
    return found


def asked_indicator(node: str, period: str, pack: str = "") -> Indicator | None:
    """The definition behind a node in the plan that a campaign collects for, else in that of its period."""
    found = plan_called(pack) if pack else plan_of(period)
    return found.indicators.get(_indicators_of_nodes(found.id, found.hash).get(node, node))


def indicator_of(node: str) -> Indicator | None:
    """The definition behind a node, or the node's own where it is a part of a composite."""
    pack = plan()
    return pack.indicators.get(_indicators_of_nodes(pack.id, pack.hash).get(node, node))


@dataclass(frozen=True, slots=True)
class Expected:
    """What earlier runs say of a figure: the value a year before, and the range it stayed in; `None` where unknown."""

    year_before: float | None = None
    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value stays in the range, or there is none."""
        return self.low is None or self.high is None or self.low <= value <= self.high


def expected_for(period: str) -> dict[tuple[str, str], Expected]:
    """For a period, what earlier runs say: a function of the kept runs, asked once for a whole grid."""
    ends = parse_period(period).end
    latest = holding_by_day(RunRecord.objects.filter(ends_on__lt=ends).order_by(), line_of(plan_of(period).id))
    runs = tuple((day.year, day.month, record.run) for day, record in latest.items())
    return _expected(parse_period(period).moment.year, min(parse_period(period).moment.month, 12), runs[-_RECENT - 1 :])


@lru_cache(maxsize=8)
def _expected(year: int, month: int, runs: tuple[tuple[int, int, str], ...]) -> dict[tuple[str, str], Expected]:
    """The range is that of the last twelve periods, wider by half its width on each side.

    What adds up through the year (it has a programme of quarters) is compared with the year before alone, a quarter
    more or less.
    """
    before: dict[tuple[str, str], float] = {}
    seen: dict[tuple[str, str], list[float]] = {}
    for run_year, run_month, run in runs:
        if (run_year, run_month) == (year, month):
            continue
        figures = opened_runs().figures(run)
        for structure, node in figures.rows:
            value = figures.figure("value", structure, node) if node else None
            if value is None:
                continue
            seen.setdefault((structure, node), []).append(value)
            if (run_year, run_month) == (year - 1, month):
                before[structure, node] = value
    return {key: _range(key[1], before.get(key), values) for key, values in seen.items()}


def _range(node: str, year_before: float | None, values: list[float]) -> Expected:
    indicator = indicator_of(node)
    if indicator is not None and indicator.profile:
        if year_before is None:
            return Expected()
        spread = abs(year_before) / 4
        return Expected(year_before, year_before - spread, year_before + spread)
    if len(values) < _FEWEST:
        return Expected(year_before)
    low, high = min(values), max(values)
    spread = (high - low) / 2 or abs(high) / 10
    return Expected(year_before, low - spread, high + spread)
