"""The chart of an index or of a value over the periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from piramide.kernel.figure import Figure
from piramide.web.charts.chart import BLUE, COPPER, INK, LINE, MUTED, WIDE, Chart, specification

HEIGHT: Final = 210
Told = Callable[[Figure], str]
"""How a figure is printed: exactly, as the table beside the chart does."""
SHORT: Final = 8
"""Periods up to which every month is written under the line."""


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its last day, its name, the figure and the target of then; `None` where there is none.

    It stands above the name of the month in which it ends. A `partial` figure takes the place of one that is not
    complete, between `low` and `high`. `is_new_plan`: it is not asked as the one before is.
    """

    day: date
    period: str
    figure: Figure | None
    target: Figure | None = None
    partial: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    is_new_plan: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart says: its title, what it shows, the title of its axis, the name of the line and of its target."""

    caption: str
    summary: str
    axis: str
    figure: str
    target: str


def history_chart(name: str, points: Sequence[Point], words: Words, told: Told, *, decimals: int = 1) -> Chart:
    """A line by period with dots, and the target as a dashed line.

    `told` prints a figure, exactly, where it is written: beside the last dot and where one is pointed at. `decimals`
    are those of the round numbers of the axis.

    Periods without a complete figure leave a gap; a partial one is a hollow dot on the grey band that it will lie in.
    The line breaks where the plan changes, at a thin upright line.
    """
    number = f",.{decimals}f"
    ticks = {"interval": "month", "step": 3 if len(points) > SHORT else 1}
    axis = {"format": "%b %y", "labelOverlap": True, "grid": False, "tickCount": ticks}
    x = {"field": "day", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}
    y = {
        "type": "quantitative", "title": words.axis, "scale": {"zero": False},
        "axis": {"format": number, "tickCount": 5},
    }  # fmt: skip
    rows = _rows(points, told)
    layers = [
        *(_band(x, y) if any(row["low"] is not None for row in rows) else ()),
        *(_breaks(x) if any(row["begins"] for row in rows) else ()),
        {
            "mark": {"type": "line", "color": COPPER, "strokeDash": [5, 4]},
            "encoding": {"x": x, "y": {"field": "target", **y}},
        },
        *_line(x, y, words),
    ]
    body = {"width": WIDE, "height": HEIGHT, "data": {"values": rows}, "layer": layers}
    return Chart(name, specification(body), words.caption, words.summary)


def _rows(points: Sequence[Point], told: Told) -> list[dict[str, Any]]:
    """The data of the chart: points of one `part` are joined by the line."""
    known = [point for point in points if point.figure is not None]
    rows, part = [], 0
    for point in points:
        figures = {name: getattr(point, name) for name in ("figure", "target", "partial", "low", "high")}
        said = {f"{name}_told": "–" if figure is None else told(figure) for name, figure in figures.items()}
        part += point.is_new_plan or point.figure is None
        rows.append(
            {
                "day": point.day.replace(day=1).isoformat(),
                "period": point.period,
                **figures,
                **said,
                "part": part,
                "begins": point.is_new_plan,
                "last": point in known[-1:],
            }
        )
    return rows


def _band(x: dict[str, Any], y: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The grey bands of partial figures."""
    yield {
        "transform": [{"filter": "datum.low !== null"}],
        "mark": {"type": "rule", "color": LINE, "strokeWidth": 9},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
    }


def _breaks(x: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Where another plan begins."""
    yield {
        "transform": [{"filter": "datum.begins"}],
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
        "encoding": {"x": x},
    }


def _line(x: dict[str, Any], y: dict[str, Any], words: Words) -> Iterator[dict[str, Any]]:
    """The line of complete figures with its dots, the hollow dots of partial ones, the last figure in words."""
    figure = {"x": x, "y": {"field": "figure", **y}}
    said = [
        {"field": "period", "title": _("Periodo")},
        {"field": "figure_told", "title": words.figure},
        {"field": "target_told", "title": words.target},
    ]
    line = {"type": "line", "color": BLUE, "strokeWidth": 2.5, "point": {"color": BLUE, "size": 42}}
    yield {
        "mark": line | {"invalid": "break-paths-show-domains"},
        "encoding": figure | {"detail": {"field": "part", "type": "nominal"}, "tooltip": said},
    }
    hollow = {"type": "point", "filled": True, "color": "white", "stroke": BLUE, "strokeWidth": 1.8, "size": 48}
    yield {
        "transform": [{"filter": "datum.partial !== null"}],
        "mark": hollow | {"opacity": 1},
        "encoding": {
            "x": x,
            "y": {"field": "partial", **y},
            "tooltip": [
                said[0],
                {"field": "partial_told", "title": _("Parziale")},
                {"field": "low_told", "title": _("Almeno")},
                {"field": "high_told", "title": _("Al più")},
            ],
        },
    }
    last = {"type": "text", "align": "right", "dy": -12, "fontWeight": 700, "fontSize": 14}
    for mark in (last | {"color": "white", "stroke": "white", "strokeWidth": 5}, last | {"color": INK}):
        yield {
            "transform": [{"filter": {"field": "last", "equal": True}}],
            "mark": mark,
            "encoding": figure | {"text": {"field": "figure_told"}},
        }
