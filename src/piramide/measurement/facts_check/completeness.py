"""What is missing, late or estimated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Final

from piramide.kernel.findings import Finding, Place
from piramide.measurement.contract import WORK, Contract
from piramide.measurement.facts_check.summary import Summary, is_monthly, judged_months, month_text
from piramide.measurement.ledger.store import Codes, Ledger

LATE_DAYS: Final = 30
LEAST_ROWS: Final = 10
"""An office with so many rows a month has none by chance in one month of twenty thousand."""
_MOST_SAID: Final = 6


def check_completeness(summary: Summary, codes: Codes) -> Iterator[Finding]:
    """Months in which most structures of the dataset have rows and one that had some before has none.

    Of work, only of offices that mostly have `LEAST_ROWS` rows or more: with fewer, a month without any may be chance.
    """
    if not is_monthly(summary.contract) or summary.contract.ahead:
        return
    months: dict[int, set[int]] = defaultdict(set)
    judged = set(judged_months(summary))
    rows: dict[int, list[int]] = defaultdict(list)
    columns = (summary.table[name].to_pylist() for name in ("structure", "month", "rows"))
    for structure, month, count in zip(*columns, strict=True):
        if month in judged:
            months[structure].add(month)
            rows[structure].append(count)
    least = LEAST_ROWS if summary.contract.id == WORK else 0
    everywhere = [month for present in months.values() for month in present]
    expected = [m for m in sorted(set(everywhere)) if everywhere.count(m) * 2 >= len(months)]
    for structure, present in months.items():
        missing = [month for month in expected if month > min(present) and month not in present]
        if missing and median(rows[structure]) >= least:
            fields = {"structure": codes.structures[structure], "months": _listed(missing)}
            yield Finding("FA042", Place(), summary.contract.id, fields)


def _listed(months: list[int]) -> str:
    said = ", ".join(month_text(month) for month in months[:_MOST_SAID])
    return f"{said}, … ({len(months)})" if len(months) > _MOST_SAID else said


def check_late_loads(ledger: Ledger, of: Contract) -> Iterator[Finding]:
    """Loads that add rows to months which an earlier load had covered, long after those months had ended."""
    covered: set[str] = set()
    for load in ledger.loads(of.id):
        late = [m for m in load.manifest["months"] if m in covered and _days_late(m, load.learned_on) > LATE_DAYS]
        if late and not of.ahead:
            fields = {
                "count": load.manifest["accepted"],
                "months": f"{late[0]} … {late[-1]}" if len(late) > 1 else late[0],
                "day": load.learned_on,
                "late": LATE_DAYS,
            }
            yield Finding("FA043", Place(load.manifest["source"]), of.id, fields)
        covered.update(load.manifest["months"])


def _days_late(month: str, learned_on: date) -> int:
    year, number = int(month[:4]), int(month[5:])
    return (learned_on - date(year + number // 12, number % 12 + 1, 1)).days


def check_estimated(summary: Summary, codes: Codes) -> Iterator[Finding]:
    """Structures with estimated rows, and since when."""
    if not summary.contract.structure:
        return
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in summary.table.select(["structure", "month", "estimated"]).to_pylist():
        if row["estimated"] > 0:
            spans[row["structure"]].append((row["month"], row["estimated"]))
    for structure, found in spans.items():
        fields = {
            "structure": codes.structures[structure],
            "count": sum(count for _, count in found),
            "first": month_text(min(found)[0]),
            "last": month_text(max(found)[0]),
        }
        yield Finding("FA044", Place(), summary.contract.id, fields)
