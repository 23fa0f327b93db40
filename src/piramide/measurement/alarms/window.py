"""The days an alarm looks at: the period asked for, and the spans of the same length before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from piramide.kernel.periods import Granularity, Period

LAST_DAYS: Final = 5
"""Calendar days that count as the end of a period: three working days at least."""

_SPANS_BACK: Final = {Granularity.MONTH: 12, Granularity.QUARTER: 4, Granularity.YEAR: 2}


@dataclass(frozen=True, slots=True)
class Window:
    """A period in the terms of the ledger's columns; `back` 0 is the period, 1 the span before it, and so on."""

    period: Period

    @property
    def months(self) -> int:
        """Months in the period."""
        start, end = self.period.start, self.period.end
        return (end.year - start.year) * 12 + end.month - start.month

    @property
    def last_month(self) -> int:
        """The last month of the period as the ledger counts months (year × 12 + month from 0)."""
        return self.first_month + self.months - 1

    @property
    def first_month(self) -> int:
        """The first month of the period."""
        return self.period.start.year * 12 + self.period.start.month - 1

    @property
    def spans_back(self) -> int:
        """How many earlier spans the past of an office is made of."""
        return _SPANS_BACK[self.period.granularity]

    @property
    def earliest_month(self) -> int:
        """The first month of the past."""
        return self.first_month - self.spans_back * self.months

    @property
    def last_days(self) -> tuple[date, date]:
        """First and last day of the end of the period."""
        return self.period.end - timedelta(days=LAST_DAYS), self.period.end - timedelta(days=1)

    @property
    def back(self) -> str:
        """SQL: how many spans back a row lies; everything before the past is one span more."""
        spans = f"CAST(FLOOR(({self.last_month} - month) / {self.months}.0) AS INTEGER)"
        return f"CASE WHEN month < {self.earliest_month} THEN {self.spans_back + 1} ELSE {spans} END"

    @property
    def in_period(self) -> str:
        """SQL: the row lies in the period."""
        return f"month BETWEEN {self.first_month} AND {self.last_month}"

    @property
    def in_period_or_past(self) -> str:
        """SQL: the row lies in the period or in the past it is compared with."""
        return f"month BETWEEN {self.earliest_month} AND {self.last_month}"

    @property
    def in_last_days(self) -> str:
        """SQL: the row lies at the end of the period."""
        first, last = self.last_days
        return f"day BETWEEN DATE '{first}' AND DATE '{last}'"
