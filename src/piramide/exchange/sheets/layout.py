"""Where each part of a sheet begins and ends: title, table of objectives, notes, annexes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from piramide.exchange.sheets.grid import Cell, Grid, Row
from piramide.methodology.printing.tokens import Token, token


class Part(StrEnum):
    """Parts of a sheet, in the order in which the official ones print them.

    `chain` are annexes that say again what the plan of the file holds elsewhere: lines of the strategy, risks, tables.
    """

    TITLE = "title"
    OBJECTIVES = "objectives"
    NOTES = "notes"
    IEEP = "ieep"
    SPENDING = "spending"
    PROJECTS = "projects"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the header of the objectives puts what: the column of each title."""

    dimension: int
    share: int
    sub_share: int
    label: int
    reference: int
    target: int


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet cut into its parts; `headings` are cells that only announce a part, `listed` those of the projects."""

    columns: Columns
    header: Row
    parts: dict[Part, tuple[Row, ...]] = field(default_factory=dict)
    headings: tuple[Cell, ...] = ()
    listed: tuple[Cell, ...] = ()

    def rows(self, part: Part) -> tuple[Row, ...]:
        """Rows of a part, none if the sheet lacks it."""
        return self.parts.get(part, ())


_TITLE: Final = re.compile(r"\bobiettivi\b.*\b(?:performance|20\d\d)\b", re.IGNORECASE)
_TITLES: Final = {
    "dimension": re.compile(r"\b(?<!sotto )(?:ambit\w+|dimension\w+)\b", re.IGNORECASE),
    "share": re.compile(r"\b(?:contribut\w+|peso)\b", re.IGNORECASE),
    "sub_share": re.compile(r"\bsotto[- ]?\s*ambit\w*", re.IGNORECASE),
    "label": re.compile(r"\b(?:kpi|indicator\w*)\b", re.IGNORECASE),
    "reference": re.compile(r"\briferiment\w*", re.IGNORECASE),
    "target": re.compile(r"\b(?:valor[ei]\s+obiettiv\w*|target)\b", re.IGNORECASE),
}
_NAMES: Final = {
    "dimension": "dimension",
    "weight": "share",
    "part": "sub_share",
    "indicator": "label",
    "reference": "reference",
    "target": "target",
}
"""What the columns that a plan words are called here."""
_HEADER_WORDS: Final = re.compile(r"(?:(?:DI|AL|PERFORMANCE|VALORE|PUBBLICO|AMBITI|OBIETTIVO|20\d\d)\s*)+")
_FEWEST_TITLES: Final = 4
_LONGEST_TITLE: Final = 60
_ANNEX: Final = re.compile(r"^(?:all\.|allegato)\s*(?:n\.?\s*)?(?:\d+|[a-z])\b\s*(?:[:.–-]\s*.{0,60})?$", re.IGNORECASE)
_IEEP: Final = re.compile(r"efficacia\s+economico|^i\.?\s?e\.?\s?e\.?\s?p\.?\)?\s*(?:totale)?$", re.IGNORECASE)
_SPENDING: Final = re.compile(r"\bgestione\s+della\s+spesa\b", re.IGNORECASE)
_FORECAST: Final = re.compile(r"\bforecast\b", re.IGNORECASE)
_PROJECTS: Final = re.compile(r"\bid\.?\s+(?:del\s+)?progett\w+|\bcodice\s+progett\w+", re.IGNORECASE)
_PROJECT_ID: Final = re.compile(r"^[A-Z]{2,}\d{2,4}_[A-Z]+_[A-Z0-9_.]+$")
_ACT: Final = re.compile(r"^[^:]{2,60}:\s.*\bn\.?\s*\d+.*\b\d{4}\b", re.IGNORECASE)
_NOTE: Final = re.compile(r"^(?:\*+|\(\d\)|note?\b\s*[:.])", re.IGNORECASE)


def layouts(grid: Grid, titles: Mapping[str, str], said: Collection[str] = ()) -> tuple[Layout, ...]:
    """Every sheet of a file; none when no row looks like the header of a table of objectives.

    `titles` are those that a plan words its columns with, by what they are of; others are told by their words. `said`
    are the titles of annexes that say again what the plan holds elsewhere.
    """
    headers = [(row, columns) for row in grid.rows if (columns := _columns(row, titles))]
    starts = _starts(grid, headers)
    cut = [*(index for index, _, _ in starts), len(grid.rows)]
    return tuple(
        _layout([row for row in grid.rows[begin:end] if row is not header], header, columns, titles, said)
        for (begin, header, columns), end in zip(starts, cut[1:], strict=True)
    )


def _starts(grid: Grid, headers: Sequence[tuple[Row, Columns]]) -> list[tuple[int, Row, Columns]]:
    """First row, header and columns of each sheet.

    A header without a title above, or under the same title and structure, repeats the one before: it is a new page.
    """
    starts: list[tuple[int, Row, Columns]] = []
    named: tuple[str, ...] = ()
    after = 0
    for header, columns in headers:
        above = [row for row in grid.rows[after : header.index] if row.cells]
        titles = [at for at, row in enumerate(above) if _TITLE.search(row.texts[0])]
        names = tuple(row.text for row in above[titles[0] :]) if titles else ()
        if not starts:
            starts.append((0, header, columns))
            named = names
        elif titles and names != named:
            starts.append((above[titles[0]].index, header, columns))
            named = names
        after = header.index + 1
    return starts


def _columns(row: Row, titles: Mapping[str, str]) -> Columns | None:
    """Columns of the header of the objectives, or `None` for any other row."""
    found: dict[str, int] = {}
    for cell in row.cells:
        if len(cell.text) > 60:
            return None
        own = _NAMES.get(titles.get(cell.text.casefold(), ""), "")
        for name in (own,) if own else ("sub_share", "label", "reference", "target", "share", "dimension"):
            if name not in found and (own or _TITLES[name].search(cell.text)):
                found[name] = cell.column
                break
    if len(found) < _FEWEST_TITLES or not found.keys() & {"reference", "target"} or "label" not in found:
        return None
    label = found["label"]
    reference = found.get("reference", label + 1)
    return Columns(
        dimension=found.get("dimension", row.cells[0].column),
        share=found.get("share", label - 2),
        sub_share=found.get("sub_share", label - 1),
        label=label,
        reference=reference,
        target=found.get("target", reference + 1),
    )


def _layout(
    rows: Sequence[Row], header: Row, columns: Columns, words: Mapping[str, str], said: Collection[str]
) -> Layout:
    """Give each row its part: a row that opens a part holds for those below it."""
    parts: dict[Part, list[Row]] = {part: [] for part in Part}
    headings: list[Cell] = list(header.cells)
    listed: tuple[Cell, ...] = ()
    part = Part.TITLE
    for row in rows:
        if row.index > header.index and part is Part.TITLE:
            part = Part.OBJECTIVES
        if not row.cells:
            parts[part].append(row)
            continue
        if _columns(row, words) or _repeats(row, parts[Part.TITLE], part) or _ends_header(row, header):
            headings += row.cells
            continue
        part, is_heading = _opened(row, part, said)
        if is_heading:
            headings += row.cells
            listed = row.cells if part is Part.PROJECTS else listed
        else:
            parts[part].append(row)
    whole = Layout(columns, header, {name: tuple(found) for name, found in parts.items()}, tuple(headings), listed)
    return _notes_apart(whole)


def _repeats(row: Row, titles: Sequence[Row], part: Part) -> bool:
    """Whether a row prints title or structure again, as new pages do."""
    return part is not Part.TITLE and row.text in {title.text for title in titles}


def _ends_header(row: Row, header: Row) -> bool:
    """Whether a row is the second line of the header: words of its titles alone, in capitals."""
    is_next = row.index == header.index + 1
    return is_next and all(text.isupper() and _HEADER_WORDS.fullmatch(text) for text in row.texts)


def _opened(row: Row, part: Part, said: Collection[str]) -> tuple[Part, bool]:
    """The part that a row belongs to, and whether it is only its heading."""
    if part is Part.TITLE:
        return part, False
    if len(row.cells) == 1 and row.text.casefold() in said:
        return Part.CHAIN, True
    heading = _heading(row, part)
    if heading is not None:
        return heading, True
    if part is not Part.OBJECTIVES and any(_PROJECT_ID.match(text) for text in row.texts):
        return Part.PROJECTS, False
    if _SPENDING.search(row.texts[0]) and _FORECAST.search(row.text):
        return Part.SPENDING, False
    is_note = len(row.cells) == 1 and bool(_ACT.match(row.text) or _NOTE.match(row.text))
    return (Part.NOTES if is_note and part in {Part.OBJECTIVES, Part.IEEP} else part), False


def _heading(row: Row, part: Part) -> Part | None:
    """The part that a row only announces: a list of projects, an IEEP tree, any annex."""
    first = row.texts[0]
    if _PROJECTS.search(row.text) and token(first) is Token.LABEL and len(row.cells) > 1:
        return Part.PROJECTS
    is_ieep = _IEEP.search(first) and len(row.cells) <= 3 and not any(_is_figure(text) for text in row.texts[1:])
    if is_ieep and (len(row.cells) > 1 or part is Part.NOTES):
        return Part.IEEP
    if part not in {Part.TITLE, Part.OBJECTIVES} and _announces_spending(row):
        return Part.SPENDING
    if len(row.cells) == 1 and _ANNEX.match(first):
        return Part.NOTES if part is Part.OBJECTIVES else part
    return None


def _announces_spending(row: Row) -> bool:
    """A title of the rules of spending alone on its row, or the header of their table: no rule and no figure."""
    if len(row.cells) == 1:
        return bool(_SPENDING.search(row.text)) and len(row.text) <= _LONGEST_TITLE and "%" not in row.text
    return any(text.casefold() == "forecast" for text in row.texts) and "%" not in row.text


def _is_figure(text: str) -> bool:
    return token(text) in {Token.FIGURE, Token.PERCENTAGE, Token.MALFORMED}


def _notes_apart(layout: Layout) -> Layout:
    """Rows of one cell that close the table after a blank one are notes, not indicators."""
    rows = layout.rows(Part.OBJECTIVES)
    end = len(rows)
    for index in range(len(rows) - 1, -1, -1):
        if len(rows[index].cells) > 1:
            break
        if not rows[index].cells:
            end = index
    tail = tuple(row for row in rows[end:] if row.cells)
    moved = {Part.OBJECTIVES: rows[:end], Part.NOTES: tail + layout.rows(Part.NOTES)}
    return replace(layout, parts={**layout.parts, **moved})


def printed(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows that have a cell."""
    return (row for row in rows if row.cells)
