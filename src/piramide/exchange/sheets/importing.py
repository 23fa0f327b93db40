"""Official sheets from files: every cell that is not empty is read or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from piramide.exchange.sheets.assembling import Assembled, assemble, leaves_of
from piramide.exchange.sheets.grid import Cell, Grid
from piramide.exchange.sheets.ieep import Annex, read_ieep
from piramide.exchange.sheets.imported import ImportedSheet, SheetImport, UsedAlias, decimal
from piramide.exchange.sheets.layout import Layout, Part, layouts
from piramide.exchange.sheets.leaves import Context, is_of_projects
from piramide.exchange.sheets.lookups import Lookups, known_lookups
from piramide.exchange.sheets.notes import act_id, read_notes, read_title
from piramide.exchange.sheets.objectives import Vocabulary, read_objectives
from piramide.exchange.sheets.projects import read_projects
from piramide.exchange.sheets.reading import read_grid
from piramide.exchange.sheets.spending import read_spending
from piramide.exchange.sheets.structures import find_structure
from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.naming import slug
from piramide.kernel.organisation import Structure
from piramide.methodology.model import Act
from piramide.methodology.printing.tokens import Token, slugged, token

_SHEET_ACT: Final = "Obiettivi"
_DASH: Final = re.compile(r"\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class _Read:
    """One sheet, the cells that it took and what was odd in it."""

    sheet: ImportedSheet
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


def import_sheets(paths: Sequence[Path], lookups: Lookups | None = None) -> SheetImport:
    """Read official objective sheets.

    `lookups` is what is already known (the shipped pack of 2024 unless given). What cannot be placed is a finding.
    Raises `Refusal`: SH001-SH006 and SH009 for a file that cannot be read, SH007 for one that is no sheet.
    """
    known = lookups or known_lookups()
    grids = [read_grid(path) for path in paths]
    sheets: list[ImportedSheet] = []
    findings: list[Finding] = []
    for grid in grids:
        found = list(_sheets(grid, known))
        findings += _about_file(grid, found)
        for read in found:
            twin = next((s for s in sheets if s.structure.id == read.sheet.structure.id), None)
            if twin is not None:
                fields = {"label": twin.structure.label, "other": twin.file}
                findings.append(Finding("SH040", Place(grid.file), twin.structure.id, fields))
                continue
            sheets.append(read.sheet)
    findings += _other_years(sheets)
    return SheetImport(tuple(sheets), tuple(findings))


def unplaced(grid: Grid, taken: Iterable[Cell]) -> tuple[Cell, ...]:
    """Cells of a grid that nothing has read."""
    seen = {(cell.row, cell.column) for cell in taken}
    return tuple(cell for cell in grid.cells() if (cell.row, cell.column) not in seen)


def _sheets(grid: Grid, lookups: Lookups) -> Iterator[_Read]:
    """Every sheet of a file; refuses a file without any."""
    read = [_read(layout, grid.file, lookups) for layout in layouts(grid, lookups.titles, lookups.said_again)]
    if not any(sheet is not None for sheet in read):
        raise refuse("SH007", Place(grid.file))
    yield from (sheet for sheet in read if sheet is not None)


def _about_file(grid: Grid, found: Sequence[_Read]) -> Iterator[Finding]:
    """Findings of the sheets of a file in the order of its lines, cells nobody took among them."""
    if grid.encoding:
        yield Finding("SH010", Place(grid.file), grid.encoding, {"encoding": grid.encoding})
    faults = [cell for cell in grid.cells() if token(cell.text) is Token.FAULT]
    taken = [*faults, *(cell for read in found for cell in read.cells)]
    left = [
        Finding("SH011", cell.place, cell.text[:80], {"printed": cell.text}, stated=cell.text)
        for cell in unplaced(grid, taken)
    ]
    left += [Finding("SH049", cell.place, cell.text[:80], {"printed": cell.text[:80]}) for cell in faults]
    left += _shown_otherwise(grid)
    said = list({_sameness(finding): finding for read in found for finding in reversed(read.findings)}.values())
    order = {row.place: row.index for row in grid.rows} | {cell.place: cell.row for cell in grid.cells()}
    last = len(grid.rows)
    yield from sorted([*said, *left], key=lambda finding: order.get(finding.place, order.get(_row_of(finding), last)))


def _row_of(finding: Finding) -> Place:
    """The row of a cell, for cells that are empty and so stand in no order."""
    return replace(finding.place, cell=finding.place.cell.rpartition(" ")[0])


def _shown_otherwise(grid: Grid) -> Iterator[Finding]:
    """Cells that keep another figure than the one they show, once a column of a worksheet."""
    columns: dict[tuple[str, int], list[Cell]] = {}
    for cell in grid.cells():
        if cell.held:
            columns.setdefault((cell.place.cell.rpartition(" ")[0], cell.column), []).append(cell)
    for cells in columns.values():
        first = cells[0]
        fields = {"printed": first.text, "held": first.held, "count": len(cells)}
        yield Finding("SH050", first.place, first.text, fields)


def _sameness(finding: Finding) -> tuple[object, ...]:
    """An act that no note states is said once, where it is first cited; everything else once per place."""
    where = "" if finding.code == "SH030" else finding.place
    return (finding.code, where, finding.subject, tuple(sorted(map(str, finding.fields.values()))))


def _read(layout: Layout, file: str, lookups: Lookups) -> _Read | None:
    """One sheet of a file, or `None` when its table holds no dimension."""
    title = read_title(layout.rows(Part.TITLE))
    known = (lookups.is_indicator, lookups.is_part, lookups.is_below_part, lookups.is_direct, lookups.is_top)
    vocabulary = Vocabulary(*known)
    objectives = read_objectives(layout.rows(Part.OBJECTIVES), layout.columns, vocabulary)
    if not objectives.dimensions:
        return None
    where = title.structure.place if title.structure else layout.header.place
    year = title.year or lookups.pack.year
    found = find_structure(title.structure.text if title.structure else "", where, lookups, Path(file).stem)
    notes = read_notes(layout.rows(Part.NOTES), year, tuple(lookups.pack.acts.values()) if lookups.is_own else ())
    act, acts, about_act = _sheet_act(_known_acts(notes.acts, lookups), found.structure, lookups, year, where)
    spending = read_spending(layout.rows(Part.SPENDING))
    ieep = read_ieep(layout.rows(Part.IEEP), lookups.ieep)
    listed = read_projects(layout.rows(Part.PROJECTS), layout.listed, ())
    context = Context(
        lookups,
        acts,
        act,
        year,
        spending.rules,
        frozenset(slugged(p.sub_dimension) for p in listed.projects if p.sub_dimension),
        layout.columns.target,
    )
    tree = assemble(objectives, context)
    projects = read_projects(layout.rows(Part.PROJECTS), layout.listed, tree.tree)
    sheet = ImportedSheet(
        structure=found.structure,
        year=year,
        file=file,
        tree=tree.tree,
        indicators=tree.indicators,
        inferred=tree.inferred,
        acts={**acts, **{item.id: item for item in tree.acts}},
        ieep=ieep.lines,
        spending=spending.rules,
        projects=projects.projects,
        notes=notes.notes,
        aliases=_distinct((*found.aliases, *tree.aliases, *projects.aliases)),
        printed_weights=tree.printed_weights,
    )
    cells = (
        *layout.headings,
        *title.cells,
        *objectives.cells,
        *notes.cells,
        *ieep.cells,
        *spending.cells,
        *projects.cells,
        *(cell for row in layout.rows(Part.CHAIN) for cell in row.cells),
    )
    findings = (
        *_without_year(title.year, year, where),
        *found.findings,
        *about_act,
        *objectives.findings,
        *tree.findings,
        *ieep.findings,
        *spending.findings,
        *projects.findings,
        *(Finding("SH042", note.place, note.text[:80], {"printed": note.text}) for note in notes.notes),
        *_label_variants(cells, lookups),
        *_missing_annexes(tree, ieep, sheet),
    )
    return _Read(sheet, cells, findings)


def _without_year(printed: int, year: int, where: Place) -> Iterator[Finding]:
    if not printed:
        yield Finding("SH041", where, str(year), {"year": year})


def _known_acts(stated: Mapping[str, Act], lookups: Lookups) -> dict[str, Act]:
    """The acts that the notes state, those of the plan of the file under the ids that they have there."""
    known = {(act.label, act.number, act.day): act for act in lookups.pack.acts.values()} if lookups.is_own else {}
    acts = (known.get((act.label, act.number, act.day), act) for act in stated.values())
    return {act.id: act for act in acts}


def _sheet_act(
    acts: dict[str, Act], structure: Structure, lookups: Lookups, year: int, where: Place
) -> tuple[str, dict[str, Act], tuple[Finding, ...]]:
    """The act that the sheet itself is of, which its weights rest on; one is made up where no note states it."""
    words = lookups.pack.sheet_words.get(structure.kind) if lookups.is_own else None
    own = [key for key in (words.acts if words else ()) if key in acts][-1:]
    own = own or [key for key in acts if key.startswith(slug(_SHEET_ACT))][:1]
    if own:
        return own[0], acts, ()
    made = Act(act_id(f"{_SHEET_ACT} {year}", year), f"{_SHEET_ACT} {year}")
    return made.id, {**acts, made.id: made}, (Finding("SH030", where, made.label, {"act": made.label, "id": made.id}),)


def _label_variants(cells: Iterable[Cell], lookups: Lookups) -> Iterator[Finding]:
    """Uses of listed variants of any other text, whole cells or what a dash separates in them."""
    variants = {a.printed.casefold(): a.canonical for a in lookups.pack.aliases if a.kind == "label"}
    for cell in cells:
        for piece in dict.fromkeys((cell.text, *_DASH.split(cell.text))):
            if label := variants.get(piece.casefold()):
                yield Finding("SH015", cell.place, piece, {"printed": piece, "label": label})


def _missing_annexes(tree: Assembled, ieep: Annex, sheet: ImportedSheet) -> Iterator[Finding]:
    """Annexes that the table calls for and the file lacks, and IEEP targets that are no figure of the annex."""
    leaves = leaves_of(tree.tree)
    place = Place(sheet.file)
    euros = [leaf for leaf in leaves if leaf.id.startswith("p_") and tree.indicators[leaf.indicator].unit == "eur"]
    amounts = {line.amount for line in ieep.lines}
    if euros and not ieep.lines:
        yield Finding("SH035", place, "I.E.E.P.", {"annex": "I.E.E.P."})
    for leaf in euros if ieep.lines else ():
        if leaf.target is not None and leaf.target not in amounts:
            yield Finding("SH043", leaf.place, leaf.label, {"label": leaf.label}, stated=decimal(leaf.target))
    if not sheet.projects and any(is_of_projects(leaf) for leaf in leaves):
        yield Finding("SH035", place, "progetti", {"annex": "progetti"})


def _other_years(sheets: Sequence[ImportedSheet]) -> Iterator[Finding]:
    for sheet in sheets[1:]:
        if sheet.year != sheets[0].year:
            fields = {"year": sheet.year, "first": sheets[0].year}
            yield Finding("SH044", Place(sheet.file), sheet.structure.label, fields)


def _distinct(aliases: Iterable[UsedAlias]) -> tuple[UsedAlias, ...]:
    return tuple(dict.fromkeys(aliases))
