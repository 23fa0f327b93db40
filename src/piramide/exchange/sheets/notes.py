"""The title of a sheet and the notes below its table: year, structure, acts cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.imported import Note
from piramide.exchange.sheets.layout import printed
from piramide.methodology.loading.shipped import shipped
from piramide.methodology.model import Act
from piramide.methodology.printing.tokens import slugged

_YEAR: Final = re.compile(r"\b(20\d\d)\b")
_MONTHS: Final = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
_ACT: Final = re.compile(
    r"^\**\s*(?P<label>[^:]{2,60}?)\s*:\s*(?P<kind>.{4,120}?)\s+n(?:\.|°|umero)?\s*(?P<number>\d[\w/]*)\s+del(?:l['’])?\s*"
    r"(?:(?P<day>\d{1,2})[°º]?\s+(?P<month>[a-z]+)\s+(?P<year>\d{4})|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4}))\s*\.?$",
    re.IGNORECASE,
)
_STRUCTURE: Final = re.compile(rf"^(?:{shipped().sheets.title})\b", re.IGNORECASE)
_OF_ISSUER: Final = re.compile(r"\bdel(?:la|l['’])?\s+(?P<issuer>[A-Z].+)$")


@dataclass(frozen=True, slots=True)
class Title:
    """Title and structure as printed, and the cells they took. `year` is 0 when none is printed."""

    year: int
    structure: Cell | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Acts by id and free notes, with the cells they took."""

    acts: dict[str, Act]
    notes: tuple[Note, ...]
    cells: tuple[Cell, ...]


def read_title(rows: Sequence[Row]) -> Title:
    """Year and structure, from the rows above the table."""
    filled = list(printed(rows))
    titles = [row for row in filled if re.match(r"(?i).*\bobiettivi\b", row.texts[0]) and _YEAR.search(row.text)]
    title = titles[-1] if titles else None
    structure = _structure_row(filled, title)
    year = _YEAR.search(title.text) if title else None
    cells = (*(title.cells[:1] if title else ()), *(structure.cells[:1] if structure else ()))
    return Title(int(year[1]) if year else 0, structure.cells[0] if structure else None, cells)


def _structure_row(rows: Sequence[Row], title: Row | None) -> Row | None:
    """The row that names a structure, else the one below the title."""
    others = [row for row in rows if row is not title]
    named = [row for row in others if _STRUCTURE.search(row.texts[0])]
    below = [row for row in others if title is None or row.index > title.index]
    return named[-1] if named else below[0] if below else None


def read_notes(rows: Sequence[Row], year: int, own: Sequence[Act] = ()) -> Notes:
    """Acts and notes; an act that runs over two rows is put together.

    `own` are the acts of the plan of the file: one that has no number or no day is known by its label.
    """
    incomplete = {act.label.casefold(): act for act in own if not act.number or act.day is None}
    filled = list(printed(rows))
    acts: dict[str, Act] = {}
    notes: list[Note] = []
    at = 0
    while at < len(filled):
        taken = next((n for n in (1, 2, 3) if _act(filled[at : at + n], year)), 0)
        if taken and (act := _act(filled[at : at + taken], year)):
            acts[act.id] = act
        elif known := incomplete.get(filled[at].text.partition(": ")[0].casefold()):
            acts[known.id] = known
            taken = 1
        else:
            notes.append(Note(filled[at].text, filled[at].place))
            taken = 1
        at += taken
    return Notes(acts, tuple(notes), tuple(cell for row in filled for cell in row.cells))


def _act(rows: Sequence[Row], year: int) -> Act | None:
    """The act that some rows state together: `label: kind N. number del day`."""
    match = _ACT.match(" ".join(row.text for row in rows))
    if not match:
        return None
    try:
        if match["day"]:
            day = date(int(match["year"]), _MONTHS.index(match["month"].lower()) + 1, int(match["day"]))
        else:
            day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    kind = match["kind"].strip()
    issuer = _OF_ISSUER.search(kind)
    return Act(
        act_id(match["label"], year), match["label"], kind, match["number"], issuer["issuer"] if issuer else "", day
    )


def act_id(label: str, year: int) -> str:
    """Id of an act: the slug of its label, with the year of the sheet where the label has none.

    >>> act_id("PIAO", 2024), act_id("Obiettivi 2024", 2024)
    ('piao_2024', 'obiettivi_2024')
    """
    name = slugged(label) or "atto"
    return name if _YEAR.search(label) or not year else f"{name}_{year}"
