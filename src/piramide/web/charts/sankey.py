"""The chart of flows: boxes in columns, and bands between them as wide as what goes from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from piramide.web.charts.chart import BLUE, INK, NARROW, WIDE, Chart, specification

GAP: Final = 6.0
"""Between the room of two boxes of a column."""
LEAST: Final = 15.0
"""Height that a name takes."""
SHORTEST: Final = 180.0
HIGHEST: Final = 560.0
"""Heights of a picture; many names may make it higher."""
BOX: Final = 0.016
"""Width of a box, as a part of the picture."""
ASIDE: Final = {2: 0.4, 3: 0.3}
"""What is left at the right for the names of the last column, by how many columns there are."""
LETTER: Final = 6.5
"""Width of a letter of a name."""
BESIDE: Final = 12.0
"""What is left between a name and what stands next to it."""
_STEPS: Final = 10
"""Points of each side of a band."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from a box to one of the next column: `size` is the width of its band, `told` its figure in words."""

    source: str
    target: str
    size: float
    told: str


@dataclass(frozen=True, slots=True)
class FlowWords:
    """What the chart says: title, summary, what a band is in the browser (`from`, `to`, `size`)."""

    caption: str
    summary: str
    source: str
    target: str
    size: str


@dataclass(slots=True)
class _Box:
    """A box where it stands; `out` and `into` are where its next band leaves and arrives."""

    top: float
    bottom: float
    out: float
    into: float


def flows_chart(
    name: str, columns: Sequence[Sequence[str]], labels: Mapping[str, str], flows: Sequence[Flow], words: FlowWords
) -> Chart:
    """Boxes in two or three columns, from above down, with the bands between them; `labels` are the boxes' names."""
    height, scale = _size(columns, flows)
    boxes = {key: box for column in columns for key, box in _stacked(column, flows, scale, height)}
    places = {key: at for at, column in enumerate(columns) for key in column}
    aside = ASIDE[len(columns)]
    far = 1 - aside - BOX
    left = {key: far * at / max(len(columns) - 1, 1) for key, at in places.items()}
    down = {"type": "quantitative", "axis": None, "scale": {"domain": [0, height], "reverse": True, "nice": False}}
    across = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    bands = [row for flow in flows for row in _band(flow, boxes, left, scale, labels)]
    drawn = [
        {"x": left[key], "x2": left[key] + BOX, "y": box.top, "y2": box.bottom, "label": labels[key]}
        for key, box in boxes.items()
    ]
    last = len(columns) - 1
    inside, outside = (
        [_name(left[key] + BOX, boxes[key], labels[key]) for key, at in places.items() if (at == last) is is_last]
        for is_last in (False, True)
    )
    layers = [
        _bands(bands, across, down, words),
        _boxes(drawn, across, down),
        _names(inside, across, down, far / last),
        _names(outside, across, down, aside),
    ]
    body = {"width": WIDE, "height": height, "layer": layers}
    return Chart(name, specification(body), words.caption, words.summary)


def _size(columns: Sequence[Sequence[str]], flows: Sequence[Flow]) -> tuple[float, float]:
    """Height of the picture, and pixels for a unit of size: as high as its fullest column, whose names stay apart."""
    most = max(len(column) for column in columns)
    wanted = min(HIGHEST, max(SHORTEST, most * LEAST * 1.4))
    whole = max(sum(_through(key, flows) for key in column) for column in columns)
    scale = (wanted - GAP * (most - 1)) / whole if whole else 0.0
    return max(_height(column, flows, scale) for column in columns), scale


def _height(column: Sequence[str], flows: Sequence[Flow], scale: float) -> float:
    slots = [max(_through(key, flows) * scale, LEAST) for key in column]
    return sum(slots) + GAP * (len(column) - 1)


def _through(key: str, flows: Sequence[Flow]) -> float:
    """What goes through a box: the larger of what arrives and what leaves."""
    return max(sum(f.size for f in flows if f.source == key), sum(f.size for f in flows if f.target == key))


def _stacked(column: Sequence[str], flows: Sequence[Flow], scale: float, height: float) -> Iterator[tuple[str, _Box]]:
    """The boxes of a column in the middle of the height; a small one has the room of a name around it."""
    top = (height - _height(column, flows, scale)) / 2
    for key in column:
        size = _through(key, flows) * scale
        slot = max(size, LEAST)
        start = top + (slot - size) / 2
        yield key, _Box(start, start + size, start, start)
        top += slot + GAP


def _band(
    flow: Flow, boxes: Mapping[str, _Box], left: Mapping[str, float], scale: float, labels: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The points of a band from the right side of a box to the left side of another."""
    source, target, size = boxes[flow.source], boxes[flow.target], flow.size * scale
    start, end = left[flow.source] + BOX, left[flow.target]
    top, bottom = source.out, target.into
    source.out += size
    target.into += size
    told = {
        "band": f"{flow.source} {flow.target}",
        "from": labels[flow.source],
        "to": labels[flow.target],
        "told": flow.told,
    }
    for step in range(_STEPS + 1):
        part = step / _STEPS
        eased = part * part * (3 - 2 * part)
        y = top + (bottom - top) * eased
        yield {
            "band": f"{flow.source} {flow.target}",
            "x": start + (end - start) * part,
            "y": y,
            "y2": y + size,
            **told,
        }


def _bands(
    rows: list[dict[str, Any]], across: dict[str, Any], down: dict[str, Any], words: FlowWords
) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "area", "color": BLUE, "opacity": 0.22, "orient": "vertical"},
        "encoding": {
            "x": {"field": "x", **across},
            "y": {"field": "y", **down},
            "y2": {"field": "y2"},
            "detail": {"field": "band", "type": "nominal"},
            "tooltip": [
                {"field": "from", "title": words.source},
                {"field": "to", "title": words.target},
                {"field": "told", "title": words.size},
            ],
        },
    }


def _boxes(rows: list[dict[str, Any]], across: dict[str, Any], down: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "rect", "color": INK},
        "encoding": {
            "x": {"field": "x", **across},
            "x2": {"field": "x2"},
            "y": {"field": "y", **down},
            "y2": {"field": "y2"},
            "tooltip": [{"field": "label"}],
        },
    }


def _name(x: float, box: _Box, label: str) -> dict[str, Any]:
    return {"x": x, "y": (box.top + box.bottom) / 2, "label": label}


def _names(rows: list[dict[str, Any]], across: dict[str, Any], down: dict[str, Any], room: float) -> dict[str, Any]:
    """The names of boxes behind them, cut to `room`, a part of the width: to measure them while drawing is slow."""
    told = [
        row | {"wide": _cut(row["label"], room * WIDE), "narrow": _cut(row["label"], room * NARROW)} for row in rows
    ]
    return {
        "data": {"values": told},
        "transform": [{"calculate": f"width < {(WIDE + NARROW) / 2:.0f} ? datum.narrow : datum.wide", "as": "told"}],
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5, "fontSize": 13, "color": INK},
        "encoding": {
            "x": {"field": "x", **across},
            "y": {"field": "y", **down},
            "text": {"field": "told"},
        },
    }


def _cut(label: str, pixels: float) -> str:
    """A name as far as it fits."""
    most = int((pixels - BESIDE) / LETTER)
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
