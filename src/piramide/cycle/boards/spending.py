"""Spending behind a run: each chapter judged at each checkpoint, and the transit account (R22, R23).

What is judged, and how, is what the score is made from: the measure of the pack that judges groups, with its table and
its parameters, and the checkpoints of the indicator of the account. Nothing is judged here a second time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from piramide.cycle.boards.run_figures import RunMeasures
from piramide.kernel.periods import Moment
from piramide.measurement.measures.groups import GroupRule, numbers_on
from piramide.measurement.measures.of_nodes import measures_read
from piramide.measurement.values.groups import JudgedGroups
from piramide.measurement.values.indicators import IndicatorFigures, indicator_figures
from piramide.methodology.model import Checkpoint, Citation, Indicator, Pack
from piramide.scoring.rules.threshold import share_met

_FORECAST, _USED = "forecast", "used"


@dataclass(frozen=True, slots=True)
class ForecastCell:
    """A chapter at a checkpoint, cumulative, in euros.

    `judged` is of how many structures it was judged, `passed` of how many it passed.
    """

    moment: Moment
    forecast: Decimal
    used: Decimal
    judged: int
    passed: int

    @property
    def deviation(self) -> Fraction | None:
        """How far the use is from the forecast, as a fraction; `None` without a forecast."""
        return Fraction(self.used) / Fraction(self.forecast) - 1 if self.forecast else None

    @property
    def holds(self) -> bool | None:
        """Whether it passed wherever it was judged; `None` where it was not."""
        return self.passed == self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class ChapterSpending:
    """A chapter with its name and its cells in the order of the checkpoints; `None` where nothing was stated."""

    chapter: str
    label: str
    cells: tuple[ForecastCell | None, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A checkpoint: how many chapters were judged and how many passed; none judged where nothing was delivered."""

    moment: Moment
    passed: int
    judged: int

    @property
    def name(self) -> str:
        """The period of the checkpoint, as files name it."""
        return str(self.moment)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A parameter of the rule, on the day of the last checkpoint, with the act that sets it."""

    label: str
    value: Fraction
    unit: str
    act: str
    place: str


@dataclass(frozen=True, slots=True)
class TransitShare:
    """The transit account at a checkpoint: its share of the running costs, its signed balance, what the rule admits."""

    point: Checkpoint
    share: Fraction | None
    balance: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the share lies within the bounds of the checkpoint (R23); `None` where there is none yet."""
        return None if self.share is None else share_met(self.point, self.share) == 1


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent by a structure and what is below it, as the indicator of its forecasts judges it.

    `structures` counts those that are judged. `apart` are chapters of rows that the table of the plan does not list.
    """

    indicator: Indicator
    chapters: tuple[ChapterSpending, ...]
    verdicts: tuple[Verdict, ...]
    structures: int
    tolerances: tuple[Tolerance, ...]
    apart: tuple[str, ...]

    @property
    def latest(self) -> tuple[ForecastCell, ...]:
        """The cells of the last checkpoint."""
        cells = (chapter.cells[-1] for chapter in self.chapters if chapter.cells)
        return tuple(cell for cell in cells if cell is not None)


def spending_of(measures: RunMeasures, structure: str) -> Spending | None:
    """The chapters of `structure` and what is below it at the checkpoints up to the run's moment.

    `None` where the pack judges no forecasts, or the store holds no rows of spending for them.
    """
    measured = measures.measured
    found = _rule_for(measures, structure)
    if found is None:
        return None
    indicator, rule = found
    judged = measured.judged(rule.measure.id)
    if judged is None:
        return None
    tree = measured.tree
    offices = set(tree.offices[tree.totals == measures.row(structure)].tolist())
    places = [place for place, group in enumerate(judged.groups) if group.office in offices]
    columns = _checkpoints(judged, measures.now)
    if not any(judged.stated[place, column] for place in places for column in columns):
        return None
    return Spending(
        indicator=indicator,
        chapters=tuple(_chapters(judged, places, columns, measured.pack)),
        verdicts=tuple(_verdict(judged, places, column) for column in columns),
        structures=len({judged.groups[place].office for place in places}),
        tolerances=tuple(_tolerances(rule, measured.pack, measures.moments[measures.now])),
        apart=tuple(" ".join(group) for group in judged.apart),
    )


def _rule_for(measures: RunMeasures, structure: str) -> tuple[Indicator, GroupRule] | None:
    """The indicator of the board that the sheet of the structure holds, or that what is below it does; and its rule."""
    tree, pack = measures.measured.tree, measures.measured.pack
    if structure not in tree.ids:
        return None
    found = list(_judging(pack, measures))
    below = {structure, *(item.id for item in tree.day.descendants(structure))}
    for wanted in ({structure}, below):
        for indicator, rule in found:
            if not rule.structures.isdisjoint(wanted):
                return indicator, rule
    return None


def _judging(pack: Pack, measures: RunMeasures) -> Iterator[tuple[Indicator, GroupRule]]:
    """The indicators of the board with the rule that each reads."""
    rules = measures.measured.groups.rules
    for name in pack.boards.spending.forecasts:
        indicator = pack.indicators[name]
        for read in sorted(measures_read(indicator.formula, pack.measures) & set(rules)):
            yield indicator, rules[read]


def _checkpoints(judged: JudgedGroups, now: int) -> list[int]:
    """Places of the moments up to now at which another checkpoint is due than before."""
    due = {asked.month: place for place, asked in reversed(list(enumerate(judged.asked[: now + 1]))) if asked}
    return sorted(due.values())


def _chapters(
    judged: JudgedGroups, places: Sequence[int], columns: Sequence[int], pack: Pack
) -> Iterator[ChapterSpending]:
    names = group_names(pack)
    for group in sorted({judged.groups[place].group for place in places}):
        of_group = [place for place in places if judged.groups[place].group == group]
        cells = tuple(_cell(judged, of_group, column) for column in columns)
        if any(cells):
            yield ChapterSpending(" ".join(group), names.get(group[-1], ""), cells)


def _cell(judged: JudgedGroups, places: Sequence[int], column: int) -> ForecastCell | None:
    stated = [place for place in places if judged.stated[place, column]]
    asked = judged.asked[column]
    if not stated or asked is None:
        return None
    forecast, used = (
        sum((judged.amount(name, place, column) for place in stated), Decimal(0)) for name in (_FORECAST, _USED)
    )
    of, passed = (int(flags[stated, column].sum()) for flags in (judged.judged, judged.passed))
    return ForecastCell(asked.month, forecast, used, of, passed)


def _verdict(judged: JudgedGroups, places: Sequence[int], column: int) -> Verdict:
    asked = judged.asked[column]
    assert asked is not None  # noqa: S101 - _checkpoints leaves the others out
    return Verdict(asked.month, int(judged.passed[places, column].sum()), int(judged.judged[places, column].sum()))


def _tolerances(rule: GroupRule, pack: Pack, moment: Moment) -> Iterator[Tolerance]:
    known = numbers_on(pack, moment.day)
    for name in rule.parameters:
        if name in known:
            parameter = pack.parameters[name]
            cited = [citation for since, _, citation in parameter.values if since <= moment.day][-1]
            yield Tolerance(parameter.label, known[name], parameter.unit, _called(cited, pack), cited.place)


def _called(cited: Citation, pack: Pack) -> str:
    act = pack.acts.get(cited.act)
    return act.label if act else cited.act


def group_names(pack: Pack) -> dict[str, str]:
    """Names of chapters that the tables of the board print, by chapter; the first table that has one wins."""
    answer: dict[str, str] = {}
    by = {groups.by[-1] for groups in (m.groups for m in pack.measures.values()) if groups and groups.by}
    for table_id, column in pack.boards.spending.names.items():
        table = pack.tables[table_id]
        key = next((name for name in table.columns if name in by), None)
        if key is not None and column in table.columns:
            at, called = table.columns.index(key), table.columns.index(column)
            answer = {row[at]: row[called] for row in table.rows} | answer
    return answer


def transit_shares(measures: RunMeasures, structure: str) -> tuple[TransitShare, ...]:
    """The account of the board at every checkpoint of its indicator, those that are to come without a share."""
    measured, pack = measures.measured, measures.measured.pack
    indicator = pack.indicators.get(pack.boards.spending.account)
    if indicator is None or structure not in measured.tree.ids:
        return ()
    figures, row = indicator_figures(indicator, measured), measures.row(structure)
    now = measures.moments[measures.now]
    places = {moment.checkpoint: place for place, moment in enumerate(measures.moments[: measures.now + 1])}
    places |= {"Q4": measures.now} if now.is_final else {}
    answer = []
    for point in indicator.checkpoints:
        place = places.get(point.moment)
        if place is None or figures is None:
            answer.append(TransitShare(point, None))
            continue
        signed = pack.boards.spending.balance
        balance = measures.figure(signed, structure, place) if signed else None
        answer.append(TransitShare(point, _quotient(figures, row, place), balance))
    return tuple(answer)


def _quotient(figures: IndicatorFigures, row: int, place: int) -> Fraction | None:
    """The value as a run keeps it: one side over the other where the formula has two, both as they are stated."""
    if figures.numerator is None or figures.denominator is None:
        return _exact(figures.whole.values[row, place])
    top, bottom = (_exact(side[row, place]) for side in (figures.numerator, figures.denominator))
    return top / bottom if top is not None and bottom else None


def _exact(figure: float) -> Fraction | None:
    return Fraction(repr(float(figure))) if math.isfinite(figure) else None
