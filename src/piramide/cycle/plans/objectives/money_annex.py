"""The sums of money of a structure on paper: what each objective is worth, and what it earns once there are results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from piramide.methodology.model import Pack
from piramide.methodology.printing.printed import NONE
from piramide.reports.figures import weight
from piramide.reports.labels import Labels
from piramide.reports.objectives.figures import figure_cell
from piramide.reports.printed_tables import AnnexPaper, Cell, Table
from piramide.scoring.money import MoneyOfSheet, in_words, money_of_structure
from piramide.scoring.result import StructureScore

_WIDTHS: Final = (48, 14, 19, 19)


def money_annexes(
    structure: str, pack: Pack, say: Labels, scored: StructureScore | None = None
) -> Iterator[AnnexPaper]:
    """A table for each sum of the structure; with the scores also what is earned."""
    for one in money_of_structure(pack, structure, scored):
        yield AnnexPaper(one.money.label, _table(one, say, is_scored=scored is not None))


def _table(one: MoneyOfSheet, say: Labels, *, is_scored: bool) -> Table:
    """The leaves that are worth anything, in the order of the sheet, then the whole sum."""

    def told(cents: int | None) -> str:
        return NONE if cents is None else in_words(cents, one.money.unit, say.language)

    names = ["objective", "weight_in_sheet", "quota", *(["earned"] if is_scored else [])]
    rows = [
        [Cell(0, part.label), figure_cell(1, weight(part.share, say)), figure_cell(2, told(part.quota)),
         figure_cell(3, told(part.earned))][: len(names)]
        for part in one.nodes if part.quota
    ]  # fmt: skip
    rows.append([Cell(0, say("annex", "total"), is_bold=True), Cell(1, ""), figure_cell(2, told(one.total)),
                 figure_cell(3, told(one.earned))][: len(names)])  # fmt: skip
    return Table(tuple(say("annex", name) for name in names), tuple(map(tuple, rows)), _WIDTHS[: len(names)])
