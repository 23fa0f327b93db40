"""Who gains and who loses between two methods: a picture, one band per cluster, one mark per structure.

Marks carry direction in shape and colour, size in area. They are spread by counting, never by chance, so that the
same points give the same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.sax.saxutils import quoteattr

import altair as alt
import vl_convert

from piramide.kernel import wording
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.findings import refuse
from piramide.kernel.rounding import side_of
from piramide.reports import figures
from piramide.reports.beeswarm import MARK, WIDTH, Beeswarm, beeswarm
from piramide.reports.labels import Labels, labels
from piramide.reports.writing import format_of, write_whole

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


def _specification(points: Sequence[Winner], say: Labels) -> dict[str, Any]:
    """The Vega-Lite specification of the picture; refused (RP004) when there is nothing to show."""
    if not points:
        raise refuse("RP004")
    placed = beeswarm([(point.cluster, float(point.change)) for point in points])
    height = placed.bands[-1].bottom
    across = alt.Scale(domain=[-placed.reach, placed.reach], nice=False)
    signed = "datum.value == 0 ? '0' : format(datum.value, '+.2~f')"
    axis = alt.Axis(labelExpr=signed, gridColor="#dde3e8", tickCount=9, title=say("winners", "change"))
    x = alt.X("change:Q", axis=axis, scale=across)
    y = alt.Y("y:Q", axis=None, scale=_down(height))
    marks = [_mark(point, at, say) for point, at in zip(points, placed.heights, strict=True)]
    chart = alt.layer(*_grounds(placed, height), _drawn(marks, x, y, say), *_names(points, marks, x, y))
    chart = chart.properties(width=WIDTH, height=height, title=say("winners", "title"), padding=PADDING)
    answer: dict[str, Any] = (
        chart.configure_view(stroke=None).configure_title(anchor="start", fontSize=16, dx=-40).to_dict()
    )
    return answer


def _down(height: float) -> alt.Scale:
    """Pixels counted from the top."""
    return alt.Scale(domain=[0, height], reverse=True, nice=False)


def _mark(point: Winner, y: float, say: Labels) -> dict[str, Any]:
    return {
        "structure": point.structure,
        "label": point.label,
        "change": float(point.change),
        "size": None if point.size is None else float(point.size),
        "side": say("winners", point.side),
        "y": y,
    }


def _drawn(marks: list[dict[str, Any]], x: alt.X, y: alt.Y, say: Labels) -> alt.Chart:
    """One mark per structure."""
    sides = [say("winners", side) for side in COLOURS]
    legend = alt.Legend(title=None, orient="top")
    sized = all(mark["size"] is not None for mark in marks)
    area = alt.Size("size:Q", scale=alt.Scale(range=list(AREAS), zero=False), title=say("winners", "size"))
    chart = alt.Chart(alt.InlineData(marks)).mark_point(filled=True, opacity=0.9, stroke="white", strokeWidth=0.6)
    drawn: alt.Chart = chart.encode(
        x=x,
        y=y,
        color=alt.Color("side:N", legend=legend, scale=alt.Scale(domain=sides, range=list(COLOURS.values()))),
        shape=alt.Shape("side:N", legend=legend, scale=alt.Scale(domain=sides, range=list(SHAPES.values()))),
        size=area if sized else alt.value(2 * AREAS[0]),
    )
    return drawn


def _grounds(placed: Beeswarm, height: float) -> list[alt.Chart]:
    """The name of each cluster at the left of its band, the line under it, and the line of no change."""
    bands = alt.Chart(alt.InlineData([asdict(band) for band in placed.bands]))
    lines = bands.mark_rule(color="#90a4ae").encode(y=alt.Y("bottom:Q", axis=None, scale=_down(height)))
    names = bands.mark_text(align="right", fontSize=12, fontWeight="bold", color=INK)
    named = names.encode(x=alt.value(-10), y=alt.Y("middle:Q", axis=None, scale=_down(height)), text="cluster:N")
    zero = alt.Chart(alt.InlineData([{"change": 0}])).mark_rule(color=INK, strokeWidth=1.5)
    return [lines, named, zero.encode(x="change:Q")]


def _names(points: Sequence[Winner], marks: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The names of the largest rise and of the largest fall, written towards the middle."""
    ends: dict[Literal["left", "right"], Winner] = {
        "right": max(points, key=_by_change),
        "left": min(points, key=_by_change),
    }
    layers = []
    for side, point in ends.items():
        row = [mark for mark in marks if mark["structure"] == point.structure and point.side != "same"]
        text = alt.Chart(alt.InlineData(row)).mark_text(align=side, dy=3 - MARK, fontSize=10, color=INK)
        layers.append(text.encode(x=x, y=y, text="label:N"))
    return layers


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
