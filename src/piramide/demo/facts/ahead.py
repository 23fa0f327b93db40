"""What planning reads beside the facts: calendar, staff plan of the year after, who learns what, work that was lent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from piramide.demo.facts.invented import chance, decimals
from piramide.demo.facts.rows import Row
from piramide.demo.facts.workdays import HOURS_A_DAY, Month, month_of
from piramide.demo.facts.world import World

_PLAN_STREAM, _COMPETENCE_STREAM = 90, 91
_LEAVING, _JOINING, _PART_TIME = 0.045, 0.02, 0.004
_OVERTIME_A_HEAD: Final = 4.0
_LEARNERS: Final = 0.08
_LENT_LINE: Final = "A1.6"
_DECIDED_BY: Final = "INVENTED: piano inventato"


def _year_after(world: World) -> Iterator[Month]:
    year = world.years[-1] + 1
    return (month_of(year, number) for number in range(1, 13))


def working_hours_rows(world: World) -> Iterator[Row]:
    """Rows of `working_hours`: every month of the facts and of the year after, with the presence of the year before.

    A site may ask for some hours of overtime in the year after.
    """
    for month in world.months:
        for office in world.offices.ids:
            yield from _calendar(office, month)
            yield {"structure": office, "month": month.label, "item": "presence", "value": decimals(month.presence, 4)}
    last = len(world.months) - 1
    for month in _year_after(world):
        for place, office in enumerate(world.offices.ids):
            yield from _calendar(office, month)
            most = float(world.staff.fte[last, place]) / 100 * _OVERTIME_A_HEAD
            yield {"structure": office, "month": month.label, "item": "overtime_most", "value": decimals(most)}


def _calendar(office: str, month: Month) -> Iterator[Row]:
    row = {"structure": office, "month": month.label}
    yield row | {"item": "working_days", "value": str(len(month.working))}
    yield row | {"item": "day_hours", "value": decimals(HOURS_A_DAY)}


def staff_plan_rows(world: World) -> Iterator[Row]:
    """Rows of `staff_plan` for the year after: who leaves, month by month; who comes in January; part-time in April."""
    draw = chance(world, _PLAN_STREAM)
    last = len(world.months) - 1
    for place, office in enumerate(world.offices.ids[: world.offices.sites]):
        fte = float(world.staff.fte[last, place]) / 100
        for month in _year_after(world):
            certainty = "certain" if month.month <= 6 else "expected"
            parts = [("leaves", draw.near(_LEAVING / 12, 0.5))]
            parts += [("joins", draw.near(_JOINING, 0.5))] if month.month == 1 else []
            parts += [("part_time", draw.near(_PART_TIME, 0.5))] if month.month == 4 else []
            for change, part in parts:
                if fte * part >= 0.01:
                    yield {
                        "structure": office,
                        "month": month.label,
                        "profile": "administrative",
                        "activity": "production",
                        "change": change,
                        "fte": decimals(fte * part),
                        "certainty": certainty,
                    }


def competence_rows(world: World) -> Iterator[Row]:
    """Rows of `competences`: some sites are still learning a line."""
    draw = chance(world, _COMPETENCE_STREAM)
    lines = [row["line"] for row in world.lines.rows]
    for office in world.offices.ids[: world.offices.sites]:
        if draw.part(1, _LEARNERS):
            yield {
                "structure": office,
                "line": lines[draw.pick(len(lines))],
                "level": "learning",
                "valid_from": f"{world.years[-1]}-07-01",
            }


def sharing_plan_rows(world: World) -> Iterator[Row]:
    """Rows of `sharing_plan`: the hours that each provider kept for each receiver in the last year, as points."""
    ids, line = world.offices.ids, world.lines.rows[world.lines.codes.index(_LENT_LINE)]["line"]
    year = len(world.years) - 1
    for month in world.months[-12:]:
        for pair, (receiver, provider) in enumerate(zip(world.sharing.receiver, world.sharing.provider, strict=True)):
            hours = float(world.staff.lent[month.index, pair]) / 100
            points = hours * 1000 / float(world.staff.effort[year, provider])
            if points >= 1:
                yield {
                    "provider": ids[provider],
                    "receiver": ids[receiver],
                    "line": line,
                    "month": month.label,
                    "points": decimals(points, 3),
                    "decided_by": _DECIDED_BY,
                }
