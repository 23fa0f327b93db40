"""The sheet as a spreadsheet: real numbers with their formats, texts that are never formulas.

Unlike the paper it rounds nothing: cells hold the values, and their formats show the decimals that the act prints, of
the exact figure (`cell_double`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import xlsxwriter

from piramide.kernel.figure import Printable, exactly
from piramide.kernel.node_fields import index_of
from piramide.reports import figures
from piramide.reports.cell_double import cell_double, decimals_of
from piramide.reports.formulas import begins_a_formula
from piramide.reports.labels import Labels, labels
from piramide.reports.paper import Paper
from piramide.reports.paper_rows import beside, group_points
from piramide.reports.printed_tables import AnnexPaper
from piramide.reports.sheet import SheetReport, SheetRow
from piramide.reports.sheet_pdf import moment
from piramide.reports.status import marks
from piramide.reports.worded import worded
from piramide.reports.worksheets import free_name

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS: Final = (14, 52, 34, 9, 20, 22, 26, 18, 18, 13, 13, 10, 12, 26, 30)
_NAMES: Final = (
    *("kind", "label", "reference", "weight", "weight_source", "unit", "target_text", "target"),
    *("value", "gap", "gap_raw", "index", "contribution", "status", "note"),
)
_INDENT: Final = "\u2003"
_POINTS: Final = "+0.00;\u22120.00;0.00"


@dataclass(frozen=True, slots=True)
class Number:
    """A cell with a number, or an empty one where the value is absent."""

    value: Printable | None
    shown: str


Cell = str | Number


class _Page:
    """One worksheet, written row after row from the top."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, widths: Sequence[int], *, repeats: bool) -> None:
        self._book = book
        self._sheet = book.add_worksheet(name)
        self._repeats = repeats
        self._row = 0
        self._columns = len(widths)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)

    def write(self, cells: Iterable[Cell], style: Mapping[str, object] | None = None) -> None:
        """Write the next row, every cell in `style`."""
        for column, cell in enumerate(cells):
            if isinstance(cell, Number):
                self._number(column, cell, style or {})
            else:
                self._text(column, cell, style or {})
        self._row += 1

    def _number(self, column: int, cell: Number, style: Mapping[str, object]) -> None:
        look = self._book.add_format({"num_format": cell.shown, "valign": "top", **style})
        if cell.value is None:
            self._sheet.write_blank(self._row, column, None, look)
        else:
            double = cell_double(exactly(cell.value), decimals_of(cell.shown))
            self._sheet.write_number(self._row, column, double, look)

    def _text(self, column: int, text: str, style: Mapping[str, object]) -> None:
        """A text stays a text: written as one, and marked as one where typing it again would make a formula."""
        look = {"text_wrap": self._repeats, "valign": "top", **style}
        if begins_a_formula(text):
            look |= {"quote_prefix": True}
        self._sheet.write_string(self._row, column, text, self._book.add_format(look))

    def head(self, cells: Sequence[str]) -> None:
        """Write the header row: it stays in sight, and comes again on every printed page."""
        self.write(cells, {"bold": True, "bg_color": "#17324D", "font_color": "#FFFFFF", "text_wrap": True})
        if self._repeats:
            self._sheet.freeze_panes(self._row, 2)
            self._sheet.repeat_rows(self._row - 1)

    def foot(self, text: str) -> None:
        """Set the footer of the printed pages: `text` and the page number."""
        plain = text.replace("&", "&&")
        self._sheet.set_footer(f"&L{plain[:180]}&R&P / &N")

    def area(self) -> None:
        """Print what was written and no more."""
        self._sheet.print_area(0, 0, max(self._row - 1, 0), self._columns - 1)


def sheet_xlsx(report: SheetReport, language: str = "it") -> bytes:
    """Return the sheet as a workbook: the sheet itself, why not 100, what counts most, sources."""
    say = labels(language)
    paper = worded(report, say)
    content = BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties(
        {
            "title": f"{report.structure_label} – {report.title}",
            "author": report.administration,
            "created": moment(report).replace(tzinfo=None),
        }
    )
    _write_sheet(book, report, paper, say)
    _write_losses(book, report, paper, say)
    _write_levers(book, report, paper, say)
    _write_sources(book, report, paper, say)
    for annex in report.annexes:
        _write_annex(book, annex, paper)
    book.close()
    return content.getvalue()


def _page(book: xlsxwriter.Workbook, name: str, widths: Sequence[int], paper: Paper, *, repeats: bool = True) -> _Page:
    page = _Page(book, free_name(book, name), widths, repeats=repeats)
    page.foot(" · ".join(part for part in (paper.structure, paper.run_short, paper.demonstration) if part))
    return page


def _write_sheet(book: xlsxwriter.Workbook, report: SheetReport, paper: Paper, say: Labels) -> None:
    page = _page(book, say("section", "sheet"), _WIDTHS, paper)
    bold, plain = {"bold": True, "text_wrap": False}, {"text_wrap": False}
    page.write([report.structure_label], {**bold, "font_size": 16})
    page.write([f"{report.administration} · {report.title}"], bold)
    page.write([" · ".join(paper.facts)], plain)
    if paper.demonstration:
        page.write([paper.demonstration], {**bold, "bg_color": "#EEF2F6"})
    page.write([paper.sentence], plain)
    for name, figure in (*index_of(report).items(), *([] if report.due is None else [("due", report.due)])):
        page.write(["", say("column", name), "", Number(figure, _whole_format(name, report))], plain)
    page.head([say("column", name) for name in _NAMES])
    for row, points in zip(report.rows, group_points(report.rows), strict=True):
        page.write(
            _cells(row, points, say, in_points=report.in_points),
            {} if row.is_leaf else {"bold": True, "bg_color": "#E3EAF1"},
        )
    for note in (*report.notes, *paper.legend):
        page.write(["", note], plain)
    page.area()


def _whole_format(name: str, report: SheetReport) -> str:
    """The format of a figure of the whole sheet; a partial index and its bounds are told apart."""
    if name in {"coverage", "due"}:
        return "0.0%"
    if name == "index":
        return _index_format(report.index)
    return _index_format(
        report.index_measured, *(end for end in (report.index_low, report.index_high) if end is not None)
    )


def _index_format(index: Printable | None, *beside: Printable) -> str:
    """A format with the decimals that tell an index from 100 and from its band."""
    return "0.0" if index is None else f"0.{'0' * figures.index_decimals(index, *beside)}"


def _gap_format(gap: Printable | None) -> str:
    """A format with the decimals that tell a gap from none."""
    shown = f"0.{'0' * (2 if gap is None else figures.gap_decimals(gap))}%"
    return f"+{shown};\u2212{shown};{shown}"


def _weight(row: SheetRow, *, in_points: bool) -> Number:
    """A weight as its plan prints it: a percentage, or points of 100."""
    if in_points:
        return Number(None if row.weight is None else exactly(row.weight) * 100, "0.##")
    return Number(row.weight, "0.0%")


def _cells(row: SheetRow, points: Printable | None, say: Labels, *, in_points: bool) -> list[Cell]:
    value = "0" if row.decimals <= 0 else "#,##0." + "0" * row.decimals
    shown = f"{value}%" if row.unit == "fraction" else "#,##0" if row.decimals <= 0 else value
    status = ", ".join(f"{mark.sign} {mark.word}" for mark in marks(row, say))
    index = row.index if row.index is not None else row.index_measured
    return [
        say.word("kind", row.kind),
        row.label,
        row.reference,
        _weight(row, in_points=in_points),
        say.word("weight_source", row.weight_source) if row.weight is not None else "",
        say.word("unit", row.unit),
        row.target_text,
        Number(row.target, shown),
        row.value_text or Number(row.value, shown),
        Number(row.gap, _gap_format(row.gap)),
        Number(row.gap_raw, _gap_format(row.gap_raw)),
        Number(index, _index_format(index) if row.index is not None else f"({_index_format(index)})"),
        Number(points, _POINTS),
        status,
        beside(row, say),
    ]


def _write_annex(book: xlsxwriter.Workbook, annex: AnnexPaper, paper: Paper) -> None:
    """An annex of the act of assignment; what a merged cell covers there is blank here."""
    table, wide = annex.table, sum(annex.table.widths)
    page = _page(book, annex.title, [max(10, 120 * width // wide) for width in table.widths], paper)
    page.head(table.titles)
    for row in table.rows:
        cells: list[Cell] = [""] * len(table.titles)
        for cell in row:
            indented = f"{_INDENT * cell.indent}{cell.text}"
            cells[cell.column] = indented if cell.number is None else Number(cell.number, cell.shown)
        page.write(cells)
    page.area()


def _write_losses(book: xlsxwriter.Workbook, report: SheetReport, paper: Paper, say: Labels) -> None:
    page = _page(book, say("section", "losses"), (60, 14, 80), paper)
    page.head([say("column", name) for name in ("label", "contribution", "reason")])
    for loss in report.losses:
        page.write([loss.label, Number(loss.points, _POINTS), loss.reason])
    page.area()


def _write_levers(book: xlsxwriter.Workbook, report: SheetReport, paper: Paper, say: Labels) -> None:
    page = _page(book, say("section", "levers"), (60, 22, 24, 22, 18), paper)
    page.head([say("column", name) for name in ("label", "unit", "for_one_point", "per_percent", "wasted")])
    for lever in report.levers:
        change = f"+#,##0.{'0' * max(lever.decimals, 1)};\u2212#,##0.{'0' * max(lever.decimals, 1)};0"
        page.write(
            [
                lever.label,
                say.word("unit", lever.unit),
                Number(lever.for_one_point, change),
                Number(lever.per_percent, "+0.000;\u22120.000;0.000"),
                Number(lever.wasted, "0.00"),
            ]
        )
    page.area()


def _write_sources(book: xlsxwriter.Workbook, report: SheetReport, paper: Paper, say: Labels) -> None:
    page = _page(book, say("section", "sources"), (26, 70, 70), paper)
    page.head([say("column", name) for name in ("short", "act", "places")])
    for source in paper.sources:
        page.write([source.short, source.label, source.places])
    explained = tuple((row.label, row.explanation) for row in report.rows if row.explanation)
    for title, entries in (("explanations", explained), ("definitions", paper.definitions)):
        if entries:
            page.write([say("section", title)], {"bold": True})
        for term, text in entries:
            page.write([term, text])
    page.write([say("section", "recompute")], {"bold": True})
    for name, text in (*paper.recompute, (say("recompute", "how"), paper.command)):
        page.write([name, text])
    page.area()
