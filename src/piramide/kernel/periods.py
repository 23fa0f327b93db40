"""Periods as files name them (`2024`, `2024-Q3`, `2024-09`) and the moments they stand for.

A period is a span of days, `[start, end)`. What a value is known *at* is a moment: `2024-09` and `2024-Q3` are the
same one, the state and the year-to-date at 30 September. `2024-Q4` and `2024-12` are provisional at 31 December;
`2024` is final, accounting period 13 included, and is another moment.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from piramide.kernel import wording
from piramide.kernel.findings import Place, refuse

FINAL: Final = 13
"""The month of a moment that holds the accounting closing of the year."""


class Granularity(StrEnum):
    """How long a period is."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """The state and the year-to-date at the end of a month; month 13 is the final year. Moments are in order."""

    year: int
    month: int

    @property
    def is_final(self) -> bool:
        """Whether the accounting closing is included."""
        return self.month == FINAL

    @property
    def day(self) -> date:
        """Last day of the year-to-date."""
        month = min(self.month, 12)
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def checkpoint(self) -> str:
        """`Q1`…`Q4` when a quarter ends here, `year` when final, else nothing."""
        if self.is_final:
            return "year"
        return "" if self.month % 3 else f"Q{self.month // 3}"

    def label(self, language: str | None = None) -> str:
        """The moment in words: `al 30 settembre 2024`."""
        key = {12: "provisional", FINAL: "final"}.get(self.month, "state")
        fields = {"day": self.day.day, "month": _month(self.day.month, language), "year": self.year}
        return wording.word("period", key, language).format_map(fields)

    def __str__(self) -> str:
        """The shortest name of the moment: a quarter where one ends, else the month; the year when final."""
        if self.is_final:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.checkpoint or format(self.month, '02d')}"


@dataclass(frozen=True, slots=True)
class Period:
    """A year (`number` 1), a quarter (1-4) or a month (1-12). Compare moments to know whether two rows clash."""

    year: int
    granularity: Granularity
    number: int = 1

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, self._last_month - self._months + 1, 1)

    @property
    def end(self) -> date:
        """First day after the period."""
        return _first_day_after(self.year, self._last_month)

    @property
    def moment(self) -> Moment:
        """The moment that a value of this period is known at."""
        return Moment(self.year, FINAL if self.granularity is Granularity.YEAR else self._last_month)

    @property
    def year_to_date(self) -> tuple[date, date]:
        """Days from the start of the year to the end of the period, `[start, end)`."""
        return date(self.year, 1, 1), self.end

    @property
    def previous(self) -> Period:
        """The period of the same length just before."""
        if self.number > 1:
            return Period(self.year, self.granularity, self.number - 1)
        return Period(self.year - 1, self.granularity, 12 // self._months)

    def quarter_checkpoints(self) -> tuple[Moment, ...]:
        """Moments of the quarters that have ended by this period; the fourth of a final year is the final one.

        >>> [str(moment) for moment in parse_period("2024-08").quarter_checkpoints()]
        ['2024-Q1', '2024-Q2']
        >>> [str(moment) for moment in parse_period("2024").quarter_checkpoints()]
        ['2024-Q1', '2024-Q2', '2024-Q3', '2024']
        """
        ended = (Moment(self.year, month) for month in (3, 6, 9, 12) if month <= self._last_month)
        return tuple(self.moment if moment.month == 12 else moment for moment in ended)

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.start <= day < self.end

    def label(self, language: str | None = None) -> str:
        """The span in words (`3° trimestre 2024`); the moment has words of its own."""
        fields = {"number": self.number, "month": _month(self._last_month, language), "year": self.year}
        return wording.word("period", self.granularity.value, language).format_map(fields)

    def __str__(self) -> str:
        """As files name it."""
        match self.granularity:
            case Granularity.YEAR:
                return f"{self.year:04d}"
            case Granularity.QUARTER:
                return f"{self.year:04d}-Q{self.number}"
            case Granularity.MONTH:
                return f"{self.year:04d}-{self.number:02d}"

    @property
    def _months(self) -> int:
        return {Granularity.YEAR: 12, Granularity.QUARTER: 3, Granularity.MONTH: 1}[self.granularity]

    @property
    def _last_month(self) -> int:
        return self.number * self._months


_PERIOD: Final = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>\d+)|(?P<month>\d{2})))?", re.ASCII)


def parse_period(text: str, place: Place | None = None) -> Period:
    """Read `2024`, `2024-Q3` or `2024-09`.

    Raises `Refusal`: KN011 another form, KN012 a month and KN013 a quarter that do not exist.

    >>> parse_period("2024-Q3").moment == parse_period("2024-09").moment
    True
    """
    match = _PERIOD.fullmatch(text.strip())
    if not match:
        raise refuse("KN011", place, printed=text.strip()[:40])
    year = int(match["year"])
    if match["quarter"]:
        if match["quarter"] not in {"1", "2", "3", "4"}:
            raise refuse("KN013", place, printed=text.strip()[:40], year=year)
        return Period(year, Granularity.QUARTER, int(match["quarter"]))
    if match["month"]:
        if not 1 <= int(match["month"]) <= 12:
            raise refuse("KN012", place, printed=text.strip(), year=year)
        return Period(year, Granularity.MONTH, int(match["month"]))
    return Period(year, Granularity.YEAR)


def _month(number: int, language: str | None) -> str:
    return wording.word("period", "months", language).split()[number - 1]


def _first_day_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
