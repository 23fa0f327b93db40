"""Declared events, read from a CSV: every fault with its line, nothing taken where one is wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from piramide.kernel.findings import Finding, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.planning.calendar import is_month
from piramide.planning.forecast.events import RECEIVED, RESOLVED, Event

COLUMNS: Final = ("event", "lines", "structures", "from", "until", "measure", "factor", "pieces", "act", "place")
_SEVERAL: Final = ";"
_MOST: Final = 10**9


def read_events(text: str, file: str, lines: Collection[str], structures: Collection[str]) -> tuple[Event, ...]:
    """The events of a file; `lines` and `structures` are the names that one may use, several parted by `;`.

    Refuses, all at once: PL02x columns and rows that are not as they should be, PN030 a name that is not known, PN031 a
    month that is none, PN032 an end before the beginning, PN033 both factor and pieces or neither, PN034 a number
    outside its range, PN035 another measure, PN036 an event told twice.
    """
    found: dict[str, Event] = {}
    faults: list[Finding] = []
    for row in read_csv(text, file, COLUMNS[:4], COLUMNS[4:]).rows:
        try:
            event = _event(row, lines, structures)
            if event.name in found:
                raise refuse("PN036", row.place("event"), event.name)
            found[event.name] = event
        except Refusal as refusal:
            faults.extend(refusal.findings)
    if faults:
        raise Refusal(*faults)
    return tuple(found.values())


def _event(row: Row, lines: Collection[str], structures: Collection[str]) -> Event:
    since, until = _month(row, "from"), _month(row, "until") if row["until"] else ""
    if until and until < since:
        raise refuse("PN032", row.place("until"), row["event"], since=since, until=until)
    factor, pieces = _number(row, "factor"), _number(row, "pieces", least=-_MOST)
    if (factor is None) == (pieces is None):
        raise refuse("PN033", row.place("factor"), row["event"])
    measure = row["measure"] or RECEIVED
    if measure not in {RECEIVED, RESOLVED}:
        raise refuse("PN035", row.place("measure"), measure)
    return Event(
        name=row.required("event"),
        lines=_names(row, "lines", lines),
        structures=_names(row, "structures", structures),
        since=since,
        until=until,
        measure=measure,
        factor=factor,
        pieces=pieces,
        act=row["act"],
        place=row["place"],
    )


def _month(row: Row, column: str) -> str:
    text = row.required(column)
    if not is_month(text):
        raise refuse("PN031", row.place(column), text)
    return text


def _number(row: Row, column: str, least: int = 0) -> float | None:
    value = row.number(column)
    if value is None:
        return None
    if not least <= value <= _MOST:
        raise refuse("PN034", row.place(column), row[column], least=least, most=_MOST)
    return float(value)


def _names(row: Row, column: str, known: Collection[str]) -> tuple[str, ...]:
    """Names parted by `;`; none is all."""
    names = tuple(name.strip() for name in row[column].split(_SEVERAL) if name.strip())
    for name in names:
        if name not in known:
            near = ", ".join(nearest(name, sorted(known))) or "–"
            raise refuse("PN030", row.place(column), name, near=near)
    return names
