"""The annexes of a sheet: rows of tables and of files that name its structure, drawn in the form that the pack says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final

from piramide.cycle.plans.objectives.chain_annexes import of_chain, of_phases, projects
from piramide.kernel import wording
from piramide.kernel.numbers import format_number, is_number, parse_machine
from piramide.methodology.checks.sheet_words import NEEDED
from piramide.methodology.model import Pack
from piramide.methodology.model import Table as PublishedTable
from piramide.methodology.printing.printed import NONE
from piramide.methodology.sheet_words import Annex, AnnexForm
from piramide.reports.labels import Labels
from piramide.reports.objectives.figures import figure_cell
from piramide.reports.printed_tables import AnnexPaper, Cell, Table

STRUCTURE: Final = "structure"
_OF_PLACE: Final = frozenset({STRUCTURE, "line", "source"})
"""Columns that tell where a row belongs and was read, and are not printed."""
_MINUS: Final = "(-)"

_Row = Mapping[str, str]
Progress = Mapping[str, str]


def annexes(
    listed: Sequence[Annex], structure: str, pack: Pack, say: Labels, progress: Progress | None = None
) -> Iterator[AnnexPaper]:
    """The annexes that have rows for the structure; a table that lacks, or its columns, gives none (`pack check`).

    The phases of its objectives come last where the plan does not list them; `progress`, by the name of a phase, is
    printed beside them.
    """
    if not any(annex.form is AnnexForm.PHASES for annex in listed):
        listed = (*listed, Annex(AnnexForm.PHASES, wording.word("annex", "phases", say.language), ""))
    forms: Mapping[AnnexForm, Callable[[Annex, Sequence[_Row], PublishedTable, Labels], Table]] = {
        AnnexForm.TREE: _tree,
        AnnexForm.RULES: _rules,
        AnnexForm.PROJECTS: lambda _annex, rows, _published, say: projects(rows, say),
        AnnexForm.TABLE: _table,
    }
    for annex in listed:
        if annex.form is AnnexForm.PHASES and (drawn := of_phases(annex.of or structure, pack, say, progress)):
            yield AnnexPaper(annex.title, drawn)
        if not annex.table and (drawn := of_chain(annex.form, annex.of or structure, pack, say)):
            yield AnnexPaper(annex.title, drawn)
        table = pack.tables.get(annex.table)
        is_drawable = table is not None and annex.form in forms and {*NEEDED[annex.form]} <= {*table.columns}
        rows = _rows(table, annex.of or structure) if table and is_drawable else []
        if table and rows and not _OF_PLACE.issuperset(table.columns):
            yield AnnexPaper(annex.title, forms[annex.form](annex, rows, table, say))


def _rows(table: PublishedTable, structure: str) -> list[_Row]:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in rows if row.get(STRUCTURE, structure) == structure]


def _tree(annex: Annex, rows: Sequence[_Row], _table: PublishedTable, say: Labels) -> Table:
    """Lines with their amounts, each below the one it is part of; one that is taken away says so."""
    levels = [_level(row) for row in rows]
    least, most = min(levels), max(levels)
    drawn = []
    for row, level in zip(rows, levels, strict=True):
        label, is_taken = row["label"], row.get("sign_in_parent", "").startswith("-")
        label = f"{label} {_MINUS}" if is_taken and _MINUS not in label else label
        is_bold, is_italic = level < least + 2, level == most > least + 2
        line = Cell(0, label, is_bold=is_bold, is_italic=is_italic, indent=level - least)
        drawn.append((line, figure_cell(1, _amount(row["amount_eur"], say))))
    return Table((annex.head or annex.title, say("annex", "total")), tuple(drawn), (78, 22))


def _level(row: _Row) -> int:
    """How deep a line stands; one that does not say stands at the top."""
    return int(row["level"]) if row["level"].isdecimal() else 0


def _amount(text: str, say: Labels) -> str:
    if not is_number(text):
        return text or NONE
    return f"{format_number(parse_machine(text), 0, say.language)} €"


def _rules(annex: Annex, rows: Sequence[_Row], _table: PublishedTable, say: Labels) -> Table:
    """Bounds by subject and forecast; forecasts one after the other with the same bounds stand together."""
    drawn: list[list[Cell]] = []
    for subject, group in groupby(rows, key=lambda row: row["indicator"]):
        of_subject = list(group)
        is_deviation = any(is_number(row["lower_pct"]) for row in of_subject)
        blocks = [(sentence, [row["forecast"] for row in same]) for sentence, same in groupby(
            of_subject, key=lambda row: _sentence(row, say, is_deviation=is_deviation))]  # fmt: skip
        label = of_subject[0].get("label") or subject.replace("_", " ").capitalize()
        for at, (sentence, moments) in enumerate(blocks):
            line = [Cell(2, say("annex", "forecast", moments="-".join(moments))), Cell(3, sentence)]
            drawn.append([Cell(1, label, len(blocks), is_bold=True), *line] if at == 0 else line)
    drawn[0].insert(0, Cell(0, annex.head or annex.title, len(drawn), is_bold=True))
    titles = tuple(say("annex", name) for name in ("indicator", "subject", "moment", "rule"))
    return Table(titles, tuple(map(tuple, drawn)), (20, 20, 15, 45))


def _sentence(row: _Row, say: Labels, *, is_deviation: bool) -> str:
    """How far a figure may be from its base: on both sides, above, or as a share of it."""
    lower, upper = (parse_machine(row[name]) if is_number(row[name]) else None for name in ("lower_pct", "upper_pct"))
    told = {name: _percent(bound, say) for name, bound in (("lower", lower), ("upper", upper)) if bound is not None}
    if lower is not None and upper is not None:
        key = "both_sides" if lower == -upper else "between"
    elif upper is None:
        key = "at_least" if lower is not None else "free"
    else:
        key = "above" if is_deviation else "at_most"
    base = row.get("base", "")
    return say("annex", key, **{"upper": "", "lower": "", **told}) + (f" ({base})" if base else "")


def _percent(bound: Fraction, say: Labels) -> str:
    decimals = next((n for n in range(4) if (bound * 10**n).denominator == 1), 4)
    return format_number(abs(bound), decimals, say.language)


def _figure(text: str, say: Labels) -> str:
    """A figure of a table with the decimals that it is printed with; any other text as it stands."""
    if not is_number(text):
        return text
    decimals = len(text.partition(".")[2]) if "/" not in text else 0
    return format_number(parse_machine(text), decimals, say.language)


def _table(_annex: Annex, rows: Sequence[_Row], table: PublishedTable, say: Labels) -> Table:
    """Every column that is not of the place; figures with their decimals, in the writing of the language."""
    shown = [name for name in table.columns if name not in _OF_PLACE]
    codes = {*table.key, *table.codes}
    drawn = tuple(
        tuple(
            Cell(at, row[name]) if name in codes else figure_cell(at, _figure(row[name], say))
            for at, name in enumerate(shown)
        )
        for row in rows
    )
    return Table(tuple(table.labels.get(name, name) for name in shown), drawn, tuple(1 for _ in shown))
