"""The year of a project as a small picture: one line a deliverable, one sign a step, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from piramide.cycle.boards.projects import PLANNED, Deliverable, Project

LEFT, RIGHT, TOP, ROW = 150.0, 880.0, 34.0, 30.0
WIDE = 15.0
"""Room that a sign takes."""
SIGNS = {"planned": "◇", "delivered": "●", "attested": "◐", "validated": "✔", "refused": "✖"}


@dataclass(frozen=True, slots=True)
class Sign:
    """A step in the picture."""

    x: float
    y: float
    kind: str
    sign: str
    day: date


@dataclass(frozen=True, slots=True)
class Lane:
    """A deliverable in the picture."""

    code: str
    y: float
    until: float
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture: its height, the months and the lanes."""

    height: float
    bottom: float
    months: tuple[tuple[float, date], ...]
    lanes: tuple[Lane, ...]
    left: float = LEFT
    right: float = RIGHT


def timeline(project: Project, year: int) -> Timeline:
    """Draw a year."""
    lanes = tuple(_lane(item, TOP + ROW * (place + 0.5), year) for place, item in enumerate(project.deliverables))
    bottom = TOP + ROW * len(lanes)
    firsts = [date(year, month, 1) for month in range(1, 13)]
    months = tuple((round(_x(first, year), 1), first) for first in firsts)
    return Timeline(bottom + 6, bottom, months, lanes)


def _lane(item: Deliverable, y: float, year: int) -> Lane:
    told = [(step.kind, step.day) for step in item.steps]
    if item.due:
        told.append((PLANNED, item.due))  # what is done on the last day stands before it
    told.sort(key=lambda one: one[1])
    places = _apart([_x(day, year) for _kind, day in told])
    signs = [Sign(x, y, kind, SIGNS[kind], day) for x, (kind, day) in zip(places, told, strict=True)]
    until = max((sign.x for sign in signs if sign.kind != PLANNED), default=LEFT)
    return Lane(item.code, y, until, tuple(signs))


def _apart(places: Sequence[float]) -> list[float]:
    """Places in the order of time, `WIDE` or more apart: what would overlap goes on to the right, or back at the end.

    >>> _apart([200.0, 205.0, 879.0, 880.0])
    [200.0, 215.0, 865.0, 880.0]
    """
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + WIDE) if found else place)
    for back, place in enumerate(range(len(found) - 1, -1, -1)):
        found[place] = round(min(found[place], RIGHT - WIDE * back), 1)
    return found


def _x(day: date, year: int) -> float:
    whole = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    share = min(max((day - date(year, 1, 1)).days / whole, 0.0), 1.0)
    return LEFT + (RIGHT - LEFT) * share
