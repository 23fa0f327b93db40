"""Words of a page without rules, put back into rows and columns by where they stand.

Words of one height make a line and a gap wider than a space starts another cell. A line goes on with the cells over it
when it stands close under them, starts where they start, and its first word had no room left above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

_WIDE_GAP: Final = 0.9
"""Between two words of one line, in heights of the text: more than this starts another cell."""

_SAME_LINE: Final = 0.5
_CLOSE: Final = 0.75
_ALIGNED: Final = 3.0
_INSET: Final = 14.0
"""Points that a cell may leave free on its right, and the space before the next word."""

_FEWEST_CELLS: Final = 2
_SHARE_ALIGNED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Segment:
    """Words without a wide gap. `end` and `bottom` are of its last line, `first` is the width of its first word."""

    start: float
    end: float
    top: float
    bottom: float
    size: float
    first: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells by column, and its distance from the head of the page."""

    top: float
    cells: Mapping[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Texts of the cells, for what looks at the whole line."""
        return " ".join(self.cells.values())


def text_lines(words: Sequence[Mapping[str, Any]], before: Sequence[float] = ()) -> tuple[list[Line], list[float]]:
    """Rows of cells from the words of a page, and where its columns start.

    Words have the keys `x0`, `x1`, `top`, `bottom`, `size` and `text`, lengths in points. `before` are the columns of
    the page before, which hold on if most cells start there.
    """
    lines = [_segments(line) for line in _by_height(words)]
    starts = list(before) if before and _are_columns(before, lines) else _columns(lines)
    edge = max((segment.end for line in lines for segment in line), default=0.0)
    rows: list[list[Segment]] = []
    for line in lines:
        joined = _joined(rows[-1], line, starts, edge) if rows else None
        if joined is None:
            rows.append(line)
        else:
            rows[-1] = joined
    return [Line(row[0].top, _cells(row, starts)) for row in rows], starts


def _by_height(words: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Words of one line together, from the head of the page and from the left."""
    lines: list[list[Mapping[str, Any]]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if lines and abs(word["bottom"] - lines[-1][0]["bottom"]) <= _SAME_LINE * word["size"]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: float(word["x0"])) for line in lines]


def _segments(words: Sequence[Mapping[str, Any]]) -> list[Segment]:
    """Words of a line joined where only a space parts them."""
    groups = [[words[0]]]
    for before, word in pairwise(words):
        if word["x0"] - before["x1"] > _WIDE_GAP * word["size"]:
            groups.append([])
        groups[-1].append(word)
    return [
        Segment(
            start=group[0]["x0"],
            end=group[-1]["x1"],
            top=min(word["top"] for word in group),
            bottom=max(word["bottom"] for word in group),
            size=max(word["size"] for word in group),
            first=group[0]["x1"] - group[0]["x0"],
            text=" ".join(word["text"] for word in group),
        )
        for group in groups
    ]


def _columns(lines: Sequence[Sequence[Segment]]) -> list[float]:
    """Where columns start: at the cells of the widest line, if most cells of other lines start there too."""
    widest: Sequence[Segment] = max(lines, key=len, default=())
    starts = [segment.start for segment in widest]
    others = [line for line in lines if line is not widest]
    return starts if len(starts) > _FEWEST_CELLS and _are_columns(starts, others) else []


def _are_columns(starts: Sequence[float], lines: Sequence[Sequence[Segment]]) -> bool:
    """Whether most cells of the lines with several of them start in one of the columns."""
    cells = [segment for line in lines if len(line) >= _FEWEST_CELLS for segment in line]
    aligned = sum(1 for cell in cells if any(abs(cell.start - start) <= _ALIGNED for start in starts))
    return bool(cells) and aligned >= _SHARE_ALIGNED * len(cells)


def _joined(
    row: Sequence[Segment], line: Sequence[Segment], starts: Sequence[float], edge: float
) -> list[Segment] | None:
    """The row with the next line of its cells, or `None` if the line is a row of its own.

    Every cell of the line goes on with one above, but for those that start in a column still empty.
    """
    cells = list(row)
    has_joined = False
    for segment in line:
        above = next((at for at, cell in enumerate(cells) if abs(cell.start - segment.start) <= _ALIGNED), None)
        if above is None:
            cells.append(segment)
        elif _goes_on(cells[above], segment, starts, edge):
            text = f"{cells[above].text} {segment.text}"
            cells[above] = replace(cells[above], end=segment.end, bottom=segment.bottom, text=text)
            has_joined = True
        else:
            return None
    return sorted(cells, key=lambda cell: cell.start) if has_joined else None


def _goes_on(cell: Segment, segment: Segment, starts: Sequence[float], edge: float) -> bool:
    """Whether a segment right under a cell begins with a word that had no room in it."""
    right = next((start for start in starts if start > cell.start + _ALIGNED), edge)
    is_close = segment.top - cell.bottom < _CLOSE * segment.size
    return is_close and cell.end + segment.first > right - _INSET


def _cells(row: Sequence[Segment], starts: Sequence[float]) -> dict[int, str]:
    """Cells of a row by column, or by their order where the page has no columns; none takes the place of another."""
    cells: dict[int, str] = {}
    for segment in row:
        column = max((at for at, start in enumerate(starts) if start <= segment.start + _ALIGNED), default=0)
        while column in cells:
            column += 1
        cells[column] = segment.text
    return cells
