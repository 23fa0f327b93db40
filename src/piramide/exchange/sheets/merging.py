"""Whose a reference or a target is when it is printed once for several rows.

Inside one sub-dimension, a figure on the row of the sub-dimension holds for the rows below it; one on the first row
holds downwards until the next; one that stands lower was centred in its cell and holds upwards too. Where the file
itself says how far a cell reaches (spreadsheets and documents), that is what holds and nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from piramide.exchange.sheets.grid import Cell
from piramide.exchange.sheets.objectives import PrintedLine, PrintedPart
from piramide.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class ReadLine:
    """An indicator with the reference and target that hold for it."""

    line: PrintedLine
    references: tuple[Cell, ...]
    target: Cell | None


def spread(part: PrintedPart) -> tuple[tuple[ReadLine, ...], tuple[Finding, ...]]:
    """References and targets of the lines of a part, and a finding for what was printed once for several."""
    items: Sequence[PrintedPart | PrintedLine] = (part, *part.lines)
    is_stated = part.row.states_spans
    references, split_references = _owners(items, lambda item: item.references[:1], is_stated=is_stated)
    targets, split_targets = _owners(items, lambda item: (item.target,) if item.target else (), is_stated=is_stated)
    read, findings = [], [_split(part, items[at]) for at in sorted({*split_references, *split_targets})]
    for position, line in enumerate(part.lines, start=1):
        if not line.label:
            continue
        reference_from, target_from = references[position], targets[position]
        read.append(
            ReadLine(
                line,
                () if reference_from is None else items[reference_from].references,
                None if target_from is None else items[target_from].target,
            )
        )
        if _is_doubtful(items, position, target_from):
            findings.append(Finding("SH013", line.row.place, line.label, {"label": line.label}))
    findings += _merged(part, items, references, "reference") + _merged(part, items, targets, "target")
    findings += _of_no_line(items, references, "reference") + _of_no_line(items, targets, "target")
    return tuple(read), tuple(findings)


def _of_no_line(items: Sequence[PrintedPart | PrintedLine], owners: Sequence[int | None], what: str) -> list[Finding]:
    """Figures that hold for no indicator, where there are indicators: those of a part or of a row without label."""
    used = {owner for owner, item in zip(owners, items, strict=True) if isinstance(item, PrintedLine) and item.label}
    found = []
    for at in sorted({owner for owner in owners if owner is not None} - used) if len(items) > 1 else ():
        item = items[at]
        texts = (
            [cell.text for cell in item.references]
            if what == "reference"
            else [item.target.text if item.target else ""]
        )
        printed = " ".join(texts)
        found.append(Finding("SH048", item.row.place, printed, {"printed": printed, "what": what}, stated=printed))
    return found


def _split(part: PrintedPart, item: PrintedPart | PrintedLine) -> Finding:
    """Rows between two figures, given to either because both were centred in their cells: somebody must look."""
    return Finding("SH047", item.row.place, part.label, {"part": part.label})


def _is_doubtful(items: Sequence[PrintedPart | PrintedLine], position: int, source: int | None) -> bool:
    """A line that takes the target of a line with another reference, or of a cell that may end with its page.

    Where the file says how far cells reach, another reference casts no doubt.
    """
    if source is None or source == position:
        return False
    own, row, target = items[position].references, items[position].row, items[source].target
    if row.states_spans:
        return target is not None and 0 < target.sure_rows <= row.index - target.row
    return bool(own) and own != items[source].references


def _merged(
    part: PrintedPart, items: Sequence[PrintedPart | PrintedLine], owners: Sequence[int | None], what: str
) -> list[Finding]:
    """One finding for each figure that holds for rows where it is not printed."""
    found = []
    for source in sorted({owner for owner in owners if owner is not None}):
        rows = sum(
            1 for at, owner in enumerate(owners) if owner == source and at != source and at and _has_label(items[at])
        )
        if rows:
            fields = {"part": part.label, "what": what, "rows": rows}
            found.append(Finding("SH012", items[source].row.place, part.label, fields))
    return found


def _has_label(item: PrintedPart | PrintedLine) -> bool:
    return bool(item.label)


def _owners(
    items: Sequence[PrintedPart | PrintedLine],
    printed: Callable[[PrintedPart | PrintedLine], Sequence[Cell]],
    *,
    is_stated: bool,
) -> tuple[list[int | None], list[int]]:
    """For each item the position of the one whose figure holds for it, and the figures whose reach was guessed."""
    owners: list[int | None] = [position if printed(item) else None for position, item in enumerate(items)]
    _stated_spans(items, printed, owners)
    anchors = [position for position, item in enumerate(items) if printed(item)]
    if is_stated or not anchors:
        return owners, []
    guessed = []
    reach = anchors[0] - 1 if anchors[0] > 0 else 0
    if owners[0] is None and reach:
        _fill(owners, 1, anchors[0], anchors[0])
    for anchor, following in zip(anchors, [*anchors[1:], len(items)], strict=True):
        gap = following - anchor - 1
        down = gap if following == len(items) or not reach else min(reach, gap)
        if following < len(items) and reach and None in owners[anchor + 1 : following]:
            guessed.append(following)
        _fill(owners, anchor + 1, anchor + 1 + down, anchor)
        if following < len(items):
            _fill(owners, anchor + 1 + down, following, following)
            reach = gap - down
    return owners, guessed


def _fill(owners: list[int | None], begin: int, end: int, owner: int) -> None:
    for position in range(begin, end):
        if owners[position] is None:
            owners[position] = owner


def _stated_spans(
    items: Sequence[PrintedPart | PrintedLine],
    printed: Callable[[PrintedPart | PrintedLine], Sequence[Cell]],
    owners: list[int | None],
) -> None:
    """Where the file says how many rows a cell covers, those rows are its."""
    for source, item in enumerate(items):
        for cell in printed(item):
            for position, other in enumerate(items):
                if owners[position] is None and cell.row < other.row.index < cell.row + cell.rows:
                    owners[position] = source
