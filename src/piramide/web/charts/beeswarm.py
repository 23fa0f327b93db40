"""The chart that compares structures: one dot each, spread by counting inside the band of its group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from piramide.kernel.figure import Figure
from piramide.kernel.rounding import side_of
from piramide.reports.beeswarm import beeswarm
from piramide.web.charts.chart import BLUE, COPPER, INK, LINE, MUTED, WIDE, Chart, specification

TARGET: Final = 100
SIDES: Final = {"above": (BLUE, "triangle-up"), "level": (MUTED, "circle"), "below": (COPPER, "triangle-down")}
_SIDES: Final = {1: "above", 0: "level", -1: "below"}


@dataclass(frozen=True, slots=True)
class Dot:
    """A structure on the chart: its name, the group it is compared in, its index and its value as they are printed."""

    label: str
    group: str
    index: Figure
    told: str
    value: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the chart says: title, summary, title of the axis, and the words for above, at and below the target."""

    caption: str
    summary: str
    axis: str
    above: str
    level: str
    below: str


def dots_chart(name: str, dots: Sequence[Dot], words: Words) -> Chart:
    """Indices on one axis with the target as a line; shape and colour say on which side of it a structure stands."""
    order = {group: f"{place:02d}" for place, group in enumerate(dict.fromkeys(dot.group for dot in dots))}
    groups = {place: group for group, place in order.items()}
    placed = beeswarm([(order[dot.group], dot.index - TARGET) for dot in dots])
    height = placed.bands[-1].bottom
    x = {
        "field": "index", "type": "quantitative", "title": words.axis,
        "scale": {"domain": [TARGET - placed.reach, TARGET + placed.reach], "nice": False},
        "axis": {"format": ",.0f", "grid": False, "tickCount": 7},
    }  # fmt: skip
    down = {"type": "quantitative", "axis": None, "scale": {"domain": [0, height], "reverse": True, "nice": False}}
    said = {"above": words.above, "level": words.level, "below": words.below}
    rows = [
        {
            "label": dot.label,
            "index": dot.index,
            "told": dot.told,
            "value": dot.value,
            "side": said[_side(dot.index)],
            "y": y,
        }
        for dot, y in zip(dots, placed.heights, strict=True)
    ]
    tops = [0.0, *(band.bottom for band in placed.bands)]
    bands = [
        {"group": groups[band.cluster], "top": top, "bottom": band.bottom}
        for band, top in zip(placed.bands, tops, strict=False)
    ]
    layers = [_ground(bands, down), _target(x), _marks(rows, x, down, said)]
    return Chart(name, specification({"width": WIDE, "height": height, "layer": layers}), words.caption, words.summary)


def _side(index: Figure) -> str:
    return _SIDES[side_of(index.exact, TARGET)]


def _ground(bands: list[dict[str, Any]], down: dict[str, Any]) -> dict[str, Any]:
    """The name of each group at the top left of its band and the line under it."""
    name = {
        "type": "text",
        "align": "left",
        "baseline": "top",
        "dy": 5,
        "fontSize": 13,
        "fontWeight": 600,
        "color": INK,
    }
    return {
        "data": {"values": bands},
        "layer": [
            {"mark": {"type": "rule", "color": LINE}, "encoding": {"y": {"field": "bottom", **down}}},
            {
                "mark": name,
                "encoding": {"x": {"value": 0}, "y": {"field": "top", **down}, "text": {"field": "group"}},
            },
        ],
    }


def _target(x: dict[str, Any]) -> dict[str, Any]:
    mark = {"type": "rule", "color": INK, "strokeWidth": 1.5, "strokeDash": [5, 4]}
    return {"data": {"values": [{"index": TARGET}]}, "mark": mark, "encoding": {"x": x}}


def _marks(rows: list[dict[str, Any]], x: dict[str, Any], down: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """One mark per structure, with its name and figures when it is pointed at."""
    domain = list(said.values())
    legend = {"title": None, "orient": "top"}
    colours, shapes = ([SIDES[side][part] for side in said] for part in (0, 1))
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.85, "stroke": "white", "strokeWidth": 0.6},
        "encoding": {
            "x": x,
            "y": {"field": "y", **down},
            "color": {
                "field": "side",
                "type": "nominal",
                "scale": {"domain": domain, "range": colours},
                "legend": legend,
            },
            "shape": {
                "field": "side",
                "type": "nominal",
                "scale": {"domain": domain, "range": shapes},
                "legend": legend,
            },
            "tooltip": [
                {"field": "label", "title": _("Struttura")},
                {"field": "value", "title": _("Valore")},
                {"field": "told", "title": _("Indice")},
            ],
        },
    }
