"""The chart of an index or of a value over the periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from piramide.web.charts.chart import BLUE, COPPER, INK, WIDE, Chart, specification

HEIGHT: Final = 210
SHORT: Final = 8
"""Periods up to which every month is written under the line."""


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its last day, its name, the figure and the target of then; `None` where there is none.

    It stands above the name of the month in which it ends.
    """

    day: date
    period: str
    figure: float | None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says: its title, what it shows, the title of its axis, the name of the line and of its target."""

    caption: str
    summary: str
    axis: str
    figure: str
    target: str


def history_chart(name: str, points: Sequence[Point], words: Words, *, decimals: int = 1) -> Chart:
    """A line by period with dots, and the target as a dashed line; periods without a figure leave a gap."""
    known = [point for point in points if point.figure is not None]
    rows = [
        {
            "day": p.day.replace(day=1).isoformat(),
            "period": p.period,
            "figure": p.figure,
            "target": p.target,
            "last": p in known[-1:],
        }
        for p in points
    ]
    number = f",.{decimals}f"
    ticks = {"interval": "month", "step": 3 if len(points) > SHORT else 1}
    axis = {"format": "%b %y", "labelOverlap": True, "grid": False, "tickCount": ticks}
    x = {"field": "day", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}
    scale = {"zero": False}
    y = {"type": "quantitative", "title": words.axis, "scale": scale, "axis": {"format": number, "tickCount": 5}}
    figure, target = {"x": x, "y": {"field": "figure", **y}}, {"x": x, "y": {"field": "target", **y}}
    tooltip = [
        {"field": "period", "title": _("Periodo")},
        {"field": "figure", "title": words.figure, "format": number},
        {"field": "target", "title": words.target, "format": number},
    ]
    dashed = {"type": "line", "color": COPPER, "strokeDash": [5, 4]}
    line = {"type": "line", "color": BLUE, "strokeWidth": 2.5, "point": {"color": BLUE, "size": 42}}
    last = {"type": "text", "align": "right", "dy": -12, "fontWeight": 700, "fontSize": 14}
    behind, before = last | {"color": "white", "stroke": "white", "strokeWidth": 5}, last | {"color": INK}
    layers = [
        {"mark": dashed, "encoding": target},
        {"mark": line | {"invalid": "break-paths-show-domains"}, "encoding": figure | {"tooltip": tooltip}},
        *(
            {
                "transform": [{"filter": {"field": "last", "equal": True}}],
                "mark": mark,
                "encoding": figure | {"text": {"field": "figure", "format": number}},
            }
            for mark in (behind, before)
        ),
    ]
    body = {"width": WIDE, "height": HEIGHT, "data": {"values": rows}, "layer": layers}
    return Chart(name, specification(body), words.caption, words.summary)
