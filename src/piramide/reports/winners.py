"""Who gains and who loses between two methods: a picture, one band per cluster, one mark per structure.

Marks carry direction in shape and colour, size in area. They are spread by counting, never by chance, so that the
same points give the same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import vl_convert

from piramide.kernel import wording
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.findings import refuse
from piramide.kernel.rounding import side_of
from piramide.reports import figures
from piramide.reports.beeswarm import MARK, WIDTH, Beeswarm, beeswarm
from piramide.reports.labels import Labels, labels
from piramide.reports.writing import format_of, write_whole

Specification = dict[str, Any]
COLOURS: Final = {"gain": "#004d99", "lose": "#a62b43", "same": "#455a64"}
SHAPES: Final = {"gain": "triangle-up", "lose": "triangle-down", "same": "circle"}
INK: Final = "#17324d"
_SIDES: Final = {1: "gain", -1: "lose", 0: "same"}
AREAS: Final = (40, 150)
"""Areas of the smallest and of the largest mark, in square pixels."""
PADDING: Final = {"left": 5, "top": 5, "right": 40, "bottom": 5}
"""Room around the picture, in pixels: a browser's letters are wider than those it was measured with."""


@dataclass(frozen=True, slots=True)
class Winner:
    """What changes for one structure: `change` in points of its index; `size` scales its mark, `None` if unknown."""

    structure: str
    label: str
    cluster: str
    change: Printable
    size: Printable | None = None

    @property
    def side(self) -> str:
        """`gain`, `lose` or, when the exact change is none, `same`: what is printed does not decide."""
        return _SIDES[side_of(exactly(self.change), 0)]


def write_winners(points: Iterable[Winner], out: Path, language: str = "it") -> None:
    """Write the picture to `out`, `.svg` or `.png`.

    Raises `Refusal`: RP001 another extension, RP002 cannot be written there, RP004 no point to show.
    """
    draw = DRAWN[format_of(out, DRAWN)]
    write_whole(draw(tuple(points), language), out)


def winners_svg(points: Sequence[Winner], language: str = "it") -> bytes:
    """The picture as SVG, described in words for who does not see it."""
    say = labels(language)
    svg: str = vl_convert.vegalite_to_svg(_specification(points, say), format_locale=_separators(say))
    return svg.replace("<svg ", f'<svg role="img" aria-label={quoteattr(description(points, say))} ', 1).encode()


def winners_png(points: Sequence[Winner], language: str = "it") -> bytes:
    """The picture as PNG, at twice the resolution of a screen."""
    say = labels(language)
    png: bytes = vl_convert.vegalite_to_png(_specification(points, say), scale=2, format_locale=_separators(say))
    return png


DRAWN: Final[Mapping[str, Callable[[Sequence[Winner], str], bytes]]] = {".svg": winners_svg, ".png": winners_png}


def _specification(points: Sequence[Winner], say: Labels) -> Specification:
    """The Vega-Lite specification of the picture; refused (RP004) when there is nothing to show."""
    if not points:
        raise refuse("RP004")
    placed = beeswarm([(point.cluster, float(point.change)) for point in points])
    height = placed.bands[-1].bottom
    signed = "datum.value == 0 ? '0' : format(datum.value, '+.2~f')"
    axis = {"labelExpr": signed, "gridColor": "#dde3e8", "tickCount": 9, "title": say("winners", "change")}
    across = {"domain": [-placed.reach, placed.reach], "nice": False}
    x = {"field": "change", "type": "quantitative", "axis": axis, "scale": across}
    marks = [_mark(point, at, say) for point, at in zip(points, placed.heights, strict=True)]
    places = {"x": x, "y": _down("y", height)}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": height,
        "title": say("winners", "title"),
        "padding": PADDING,
        "config": {
            "view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 300},
            "title": {"anchor": "start", "fontSize": 16, "dx": -40},
        },
        "layer": [*_grounds(placed, height), _drawn(marks, places, say), *_names(points, marks, places)],
    }


def _down(field: str, height: float) -> Specification:
    """Pixels counted from the top."""
    scale = {"domain": [0, height], "reverse": True, "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _mark(point: Winner, y: float, say: Labels) -> Specification:
    return {
        "structure": point.structure,
        "label": point.label,
        "change": float(point.change),
        "size": None if point.size is None else float(point.size),
        "side": say("winners", point.side),
        "y": y,
    }


def _drawn(marks: Sequence[Specification], places: Specification, say: Labels) -> Specification:
    """One mark per structure."""
    sides = [say("winners", side) for side in COLOURS]
    side = {"field": "side", "type": "nominal", "legend": {"title": None, "orient": "top"}}
    area: Specification = {"value": 2 * AREAS[0]}
    if all(mark["size"] is not None for mark in marks):
        scale = {"range": list(AREAS), "zero": False}
        area = {"field": "size", "type": "quantitative", "scale": scale, "title": say("winners", "size")}
    return {
        "data": {"values": marks},
        "mark": {"type": "point", "filled": True, "opacity": 0.9, "stroke": "white", "strokeWidth": 0.6},
        "encoding": {
            **places,
            "color": side | {"scale": {"domain": sides, "range": list(COLOURS.values())}},
            "shape": side | {"scale": {"domain": sides, "range": list(SHAPES.values())}},
            "size": area,
        },
    }


def _grounds(placed: Beeswarm, height: float) -> list[Specification]:
    """The name of each cluster at the left of its band, the line under it, and the line of no change."""
    bands = {"values": [asdict(band) for band in placed.bands]}
    lines = {"type": "rule", "color": "#90a4ae"}
    names = {"type": "text", "align": "right", "fontSize": 12, "fontWeight": "bold", "color": INK}
    named = {"x": {"value": -10}, "y": _down("middle", height), "text": {"field": "cluster", "type": "nominal"}}
    zero = {"type": "rule", "color": INK, "strokeWidth": 1.5}
    return [
        {"data": bands, "mark": lines, "encoding": {"y": _down("bottom", height)}},
        {"data": bands, "mark": names, "encoding": named},
        {
            "data": {"values": [{"change": 0}]},
            "mark": zero,
            "encoding": {"x": {"field": "change", "type": "quantitative"}},
        },
    ]


def _names(points: Sequence[Winner], marks: Sequence[Specification], places: Specification) -> list[Specification]:
    """The names of the largest rise and of the largest fall, written towards the middle."""
    ends = {"right": max(points, key=_by_change), "left": min(points, key=_by_change)}
    label = {"field": "label", "type": "nominal"}
    return [
        {
            "data": {"values": [m for m in marks if m["structure"] == point.structure and point.side != "same"]},
            "mark": {"type": "text", "align": side, "dy": 3 - MARK, "fontSize": 10, "color": INK},
            "encoding": {**places, "text": label},
        }
        for side, point in ends.items()
    ]


def _separators(say: Labels) -> dict[str, Any]:
    """How the axis writes its numbers."""
    decimal, group = (wording.word("number", key, say.language) for key in ("decimal", "group"))
    return {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""]}


def _by_change(point: Winner) -> tuple[float, str]:
    return float(point.change), point.structure


def description(points: Sequence[Winner], say: Labels) -> str:
    """The picture in words."""
    best, worst = max(points, key=_by_change), min(points, key=_by_change)
    sides = [point.side for point in points]
    return say(
        "winners",
        "description",
        count=len(points),
        **{side: sides.count(side) for side in COLOURS},
        best=best.label,
        best_change=figures.moved(best.change, say),
        worst=worst.label,
        worst_change=figures.moved(worst.change, say),
    )
