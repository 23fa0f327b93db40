"""Spending: forecasts and use by chapter at each checkpoint, and the transit account (R22, R23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.periods import Moment, Period
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.pinned import PinnedLedger
from piramide.methodology.model import Checkpoint, Pack

TRANSIT: Final = "1005"
_TOLERANCE: Final = Decimal("0.05")
_MONTHS: Final = 12
_ENTRIES: Final = ("structure", "month", "chapter", "forecast", "used", "sign")


@dataclass(frozen=True, slots=True)
class ForecastCell:
    """A chapter at a checkpoint, cumulative, in euros. `deviation` is use over forecast less one."""

    moment: Moment
    forecast: Decimal
    used: Decimal

    @property
    def deviation(self) -> Decimal | None:
        """How far the use is from the forecast, as a fraction; `None` without a forecast."""
        return self.used / self.forecast - 1 if self.forecast else None

    @property
    def holds(self) -> bool:
        """R22: at I-III the use exceeds the forecast by 5 % at the most, at IV it differs by 5 % at the most."""
        if not self.forecast:
            return not self.used
        deviation = self.used / self.forecast - 1
        return deviation <= _TOLERANCE and (self.moment.month < _MONTHS or deviation >= -_TOLERANCE)


@dataclass(frozen=True, slots=True)
class ChapterSpending:
    """A chapter with its name and its cells in the order of the checkpoints; `None` where nothing was stated."""

    chapter: str
    label: str
    cells: tuple[ForecastCell | None, ...]


@dataclass(frozen=True, slots=True)
class TransitShare:
    """Account 1005 at a checkpoint: its share of the running costs and the most that the rule allows."""

    checkpoint: str
    share: float | None
    most: float | None
    is_mandatory: bool
    tolerance: float = 0.0

    @property
    def holds(self) -> bool | None:
        """R23; `None` where there is no share yet."""
        if self.share is None or self.most is None:
            return None
        return abs(self.share) <= self.most + self.tolerance


def chapters(
    store: Path, pack: Pack, tree: OrganisationOnDay, structure: str, period: Period, loads: dict[str, str] | None
) -> tuple[ChapterSpending, ...]:
    """Forecast and use of every chapter of `structure` and what is below it, at the checkpoints up to `period`."""
    ledger = Ledger(store) if loads is None else PinnedLedger(store, loads)
    if not ledger.loads(contract("spending").id):
        return ()
    moments = list(period.quarter_checkpoints())
    months = {moment.year * _MONTHS + min(moment.month, _MONTHS) - 1: moment for moment in moments}
    names = ledger.codes().structures
    wanted = {structure, *(s.id for s in tree.descendants(structure))}
    sums: dict[tuple[str, Moment], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for batch in ledger.entries("spending", _ENTRIES):
        for row in batch.to_pylist():
            moment = months.get(row["month"])
            if moment is None or names[row["structure"]] not in wanted:
                continue
            cell = sums[row["chapter"], moment]
            cell[0] += row["sign"] * row["forecast"]
            cell[1] += row["sign"] * row["used"]
    labels = chapter_labels(pack)
    found = sorted({chapter for chapter, _moment in sums})
    return tuple(ChapterSpending(name, labels.get(name, ""), tuple(_cells(name, moments, sums))) for name in found)


def _cells(
    chapter: str, moments: list[Moment], sums: dict[tuple[str, Moment], list[Decimal]]
) -> Iterator[ForecastCell | None]:
    for moment in moments:
        pair = sums.get((chapter, moment))
        yield None if pair is None else ForecastCell(moment, pair[0], pair[1])


def chapter_labels(pack: Pack) -> dict[str, str]:
    """Names of chapters that a table of the pack states, by chapter."""
    for table in pack.tables.values():
        if "chapter" in table.columns and "description" in table.columns:
            chapter, description = table.columns.index("chapter"), table.columns.index("description")
            return {row[chapter]: row[description] for row in table.rows}
    return {}


def transit_rule(pack: Pack) -> tuple[Checkpoint, ...]:
    """The checkpoints of the indicator of account 1005, in force in the pack; none where it has no such indicator."""
    for name, indicator in pack.indicators.items():
        if TRANSIT in name and indicator.checkpoints:
            return indicator.checkpoints
    return ()
