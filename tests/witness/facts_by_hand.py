"""Sums of the facts as they were delivered, by queries written by hand; nothing of the product computes here.

Amounts are decimals in the database and fractions outside it: nothing is rounded on the way.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb

from tests.witness.pack_by_hand import Organisation

Sums = dict[str, Fraction]
"""By structure."""
PLAIN = (
    "appeals", "audit_actions", "balances", "budgets", "costs", "headcounts", "ieep", "payments", "products",
    "projects", "quality_samples", "spending", "staff", "survey_answers",
)  # fmt: skip
SIGN = "CASE w.entry WHEN 'reversed' THEN -1 ELSE 1 END"
ENTRY = "coalesce(nullif(w.reversed_entry, ''), w.entry)"
WAITED = "(w.day - w.received_on)"
IN_TIME = f"{WAITED} <= CAST(p.standard_days AS INTEGER)"
PRODUCTION = (
    "p.area IN ('prestazioni_servizi_individuali', 'gestione_conto_assicurativo_individuale', 'flussi_contributivi', "
    "'altre_aree_produzione')"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a month, with what has happened in its year so far."""

    year: int
    month: int

    @property
    def day(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def text(self) -> str:
        """As the files write a month."""
        return f"{self.year}-{self.month:02}"

    def before(self, months: int) -> Moment:
        """So many months earlier."""
        count = self.year * 12 + self.month - 1 - months
        return Moment(count // 12, count % 12 + 1)


class Facts:
    """The delivered files of a folder as tables, and sums of them over the structures of an organisation."""

    def __init__(self, folder: Path, organisation: Organisation) -> None:
        """Read every file of `folder`, each cell as it is written."""
        self._organisation = organisation
        self._database = duckdb.connect(config={"threads": 1})
        for name in PLAIN:
            self._database.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_csv('{folder}/{name}.csv', all_varchar = true)"  # noqa: S608
            )
        self._database.execute(f"CREATE TABLE work AS SELECT * FROM read_parquet('{folder}/work/*.parquet')")  # noqa: S608
        self._known: dict[str, Sums] = {}

    def _pairs(self, query: str) -> Sums:
        if query not in self._known:
            rows = self._database.execute(query).fetchall()
            self._known[query] = {str(place): Fraction(value) for place, value in rows if value is not None}
        return self._known[query]

    def own_by_name(self, query: str) -> dict[str, Sums]:
        """For a query of structure, name and value: the values of each structure by name."""
        answer: dict[str, Sums] = defaultdict(dict)
        for place, name, value in self._database.execute(query).fetchall():
            answer[str(place)][str(name)] = Fraction(value)
        return answer

    def risen(self, own: Mapping[str, Fraction]) -> Sums:
        """What structures hold, added up over those below them."""
        answer: dict[str, Fraction] = defaultdict(Fraction)
        for place, value in own.items():
            for above in self._organisation.chain(place):
                answer[above] += value
        return dict(answer)

    # Rows with a month: sums from January on, and what the latest month says.

    def flow_own(self, table: str, amount: str, at: Moment, where: str = "true") -> Sums:
        """Sums of the months of the year, of each structure by itself."""
        closing = "AND closing = 'false'" if table in {"balances", "costs", "ieep", "spending"} else ""
        return self._pairs(
            f"SELECT structure, sum({amount}) FROM {table} "  # noqa: S608
            f"WHERE month BETWEEN '{at.year}-01' AND '{at.text}' {closing} AND ({where}) GROUP BY 1"
        )

    def flow(self, table: str, amount: str, at: Moment, where: str = "true") -> Sums:
        """The same over everything below."""
        return self.risen(self.flow_own(table, amount, at, where))

    def state_own(self, table: str, amount: str, at: Moment, where: str = "true", within: int = 3) -> Sums:
        """What the latest month of the last `within` says, of each structure by itself."""
        first = at.before(within - 1).text
        return self._pairs(
            f"WITH said AS (SELECT structure, month, sum({amount}) AS amount FROM {table} "  # noqa: S608
            f"WHERE month BETWEEN '{first}' AND '{at.text}' AND ({where}) GROUP BY 1, 2) "
            "SELECT structure, arg_max(amount, month) FROM said GROUP BY 1"
        )

    def state(self, table: str, amount: str, at: Moment, where: str = "true") -> Sums:
        """The same over everything below."""
        return self.risen(self.state_own(table, amount, at, where))

    def mean(self, table: str, amount: str, at: Moment, where: str = "true") -> Sums:
        """Means over the months that each structure delivered, added up."""
        closing = "AND closing = 'false'" if table == "costs" else ""
        months = self._pairs(
            f"SELECT structure, count(DISTINCT month) FROM {table} "  # noqa: S608
            f"WHERE month BETWEEN '{at.year}-01' AND '{at.text}' {closing} AND ({where}) GROUP BY 1"
        )
        sums = self.flow_own(table, amount, at, where)
        return self.risen({place: total / months[place] for place, total in sums.items()})

    # Rows with a day.

    def events(self, table: str, amount: str, at: Moment, where: str = "true", day: str = "day") -> Sums:
        """Sums of the days of the year so far, over everything below."""
        return self.risen(self.events_own(table, amount, at, where, day))

    def events_own(self, table: str, amount: str, at: Moment, where: str = "true", day: str = "day") -> Sums:
        """The same of each structure by itself."""
        return self._pairs(
            f"SELECT structure, sum({amount}) FROM {table} "  # noqa: S608
            f"WHERE {day} BETWEEN '{at.year}-01-01' AND '{at.day}' AND ({where}) GROUP BY 1"
        )

    # Work: what is reversed counts minus one on the day of its reversal.

    def work_own(self, entry: str, at: Moment, where: str = "true", amount: str = "1", by: str = "competence") -> Sums:
        """Work of one kind in the year so far, by the office it belongs to or the one that does it."""
        return self._pairs(
            f"SELECT w.office_of_{by}, sum(({amount}) * {SIGN}) FROM work w JOIN products p ON p.product = w.product "  # noqa: S608
            "AND w.day >= CAST(p.valid_from AS DATE) AND (p.valid_until IS NULL OR p.valid_until = '' "
            "OR w.day < CAST(p.valid_until AS DATE)) "
            f"WHERE {ENTRY} = '{entry}' AND w.day BETWEEN DATE '{at.year}-01-01' AND DATE '{at.day}' AND ({where}) "
            "GROUP BY 1"
        )

    def work(self, entry: str, at: Moment, where: str = "true", amount: str = "1", by: str = "competence") -> Sums:
        """The same over everything below."""
        return self.risen(self.work_own(entry, at, where, amount, by))

    def points(self, at: Moment, where: str) -> Sums:
        """Points of what was resolved, of who did the work."""
        return self.work("resolved", at, where, "CAST(p.standard_hours AS DECIMAL(18, 6))", "work")

    # Chapters of spending, judged one by one.

    def chapters(self, at: Moment, passes: str) -> dict[str, list[tuple[str, bool]]]:
        """For each structure the chapters with a forecast or a use at the end of a quarter, and whether each passes."""
        answer: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        rows = self._database.execute(
            "WITH said AS (SELECT structure, chapter, sum(CAST(forecast AS DECIMAL(18, 2))) AS forecast, "  # noqa: S608
            "sum(CAST(used AS DECIMAL(18, 2))) AS used FROM spending "
            f"WHERE month = '{at.text}' AND closing = 'false' GROUP BY 1, 2) "
            f"SELECT structure, chapter, {passes} FROM said WHERE forecast <> 0 OR used <> 0"
        ).fetchall()
        for place, chapter, is_passed in rows:
            answer[place].append((chapter, is_passed))
        return answer


def divided(top: Mapping[str, Fraction], bottom: Mapping[str, Fraction], factor: int = 1) -> Sums:
    """Quotients where both sides are known and the divisor is positive."""
    return {place: factor * top[place] / below for place, below in bottom.items() if place in top and below > 0}


def decimal(name: str) -> str:
    """A column as an exact decimal."""
    return f"CAST({name} AS DECIMAL(24, 8))"


def combined(parts: Iterable[Sums], how: Callable[..., Fraction]) -> Sums:
    """A function of several sums where all of them are known."""
    found = list(parts)
    return {place: how(*(part[place] for part in found)) for place in found[0] if all(place in part for part in found)}
