"""From the rows of the objectives to dimensions, sub-dimensions and indicators, still as printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.entries import Entry, entry
from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.imported import decimal
from piramide.exchange.sheets.layout import Columns
from piramide.exchange.sheets.share_text import share_text
from piramide.exchange.sheets.totals import added, is_total, stated_totals
from piramide.kernel.findings import Finding
from piramide.methodology.printing.tokens import share, without_marks
from piramide.methodology.weights import left_open, printed_unit


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """An indicator as printed; a line without label is a reference or target that stands on a row of its own."""

    row: Row
    label: str = ""
    references: tuple[Cell, ...] = ()
    target: Cell | None = None
    weight: Fraction | None = None
    weight_text: str = ""


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A sub-dimension as printed; its own row may carry the reference and target of the lines below."""

    row: Row
    label: str
    weight: Fraction | None
    references: tuple[Cell, ...] = ()
    target: Cell | None = None
    lines: tuple[PrintedLine, ...] = ()
    weight_text: str = ""


@dataclass(frozen=True, slots=True)
class PrintedDimension:
    """A dimension as printed."""

    row: Row
    label: str
    weight: Fraction | None
    parts: tuple[PrintedPart, ...] = ()
    weight_text: str = ""


@dataclass(frozen=True, slots=True)
class PrintedObjectives:
    """The table of objectives as printed, with the cells it took and what was odd in it."""

    dimensions: tuple[PrintedDimension, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What labels are already known to be, to tell a sub-dimension from an indicator where the layout does not."""

    is_indicator: Callable[[str], bool] = field(default=lambda _: False)
    is_part: Callable[[str], bool] = field(default=lambda _: False)
    is_below_part: Callable[[str], bool] = field(default=lambda _: False)
    is_direct: Callable[[str], bool] = field(default=lambda _: False)
    is_top: Callable[[str], bool] = field(default=lambda _: False)


_NOBODY: Final = Vocabulary()


def read_objectives(rows: Sequence[Row], columns: Columns, vocabulary: Vocabulary = _NOBODY) -> PrintedObjectives:
    """Read the table of objectives. Cells that are not taken are left for the caller to report."""
    filled = [row for row in rows if row.cells]
    entries = {at: entry(row, columns) for at, row in enumerate(filled) if not is_total(row, columns)}
    table = _Table(columns, vocabulary)
    for at, row in enumerate(filled):
        if at in entries:
            table.add(entries[at], next((entries[after] for after in entries if after > at), None))
        else:
            table.total(row)
    return PrintedObjectives(table.dimensions(), tuple(table.cells), tuple(table.findings))


class _Table:
    """The table while it is being read, from the top; nobody else sees it."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary) -> None:
        self.columns = columns
        self.vocabulary = vocabulary
        self.cells: list[Cell] = []
        self.findings: list[Finding] = []
        self._dimensions: list[PrintedDimension] = []
        self._parts: list[PrintedPart] = []
        self._lines: list[PrintedLine] = []
        self._waiting: Cell | None = None

    def add(self, item: Entry, following: Entry | None) -> None:
        """Place one row."""
        item = self._without_repeats(item)
        if self._is_top(item):
            self._top(item)
        elif item.dimension or len(item.shares) == 2:
            self._open_dimension(item)
        elif item.shares and item.label:
            self._weight_and_label(item, following)
        elif item.shares:
            self._weight_alone(item, following)
        elif item.label:
            self._label(item)
        else:
            self._go_on(item)

    def _without_repeats(self, item: Entry) -> Entry:
        """A row that prints again the dimension it stands in, as sheets filled down do, without what it repeats.

        The weight of the part goes too where the row has a figure: then it is an indicator.
        """
        top = self._dimensions[-1] if self._dimensions else None
        if top is None or item.dimension is None or without_marks(item.dimension.text) != top.label:
            return item
        own = item.shares[-1:] if len(item.shares) == 2 else ()
        if self._parts and own and _share(own[0]) == self._parts[-1].weight and (item.references or item.target):
            own = ()
        self._take(item.dimension, *(share for share in item.shares if share not in own))
        return replace(item, dimension=None, shares=own)

    def dimensions(self) -> tuple[PrintedDimension, ...]:
        """Everything placed so far."""
        self._close_dimension()
        return tuple(self._dimensions)

    def total(self, row: Row) -> None:
        """A row of totals: what it states against the weights above it."""
        self._take(*row.cells)
        for cell, stated, is_below in stated_totals(row, self.columns):
            above = self._parts if is_below else self._dimensions
            total = added(item.weight for item in above)
            own = [] if is_below else [item.weight for item in self._dimensions[-1:]]
            is_near = abs(stated - total) <= left_open(printed_unit(item.weight_text) for item in above)
            agrees = stated in {total, *own} or is_near
            fields = {"printed": row.text, "places": len(above)}
            figures = (decimal(stated), decimal(total), decimal(stated - total))
            self.findings.append(Finding("SH051" if agrees else "SH052", cell.place, row.text, fields, *figures))

    def _take(self, *cells: Cell | None) -> None:
        self.cells += [cell for cell in cells if cell is not None]

    def _say(self, code: str, item: Entry, **fields: object) -> None:
        self.findings.append(Finding(code, item.row.place, str(fields.get("label", "")), fields))

    def _is_top(self, item: Entry) -> bool:
        """Whether a row is a leaf that stands beside the dimensions, with the weight of one."""
        if item.dimension is not None or item.label is None or len(item.shares) != 1:
            return False
        has_weight_of_one = item.shares[0].column < self.columns.sub_share
        return has_weight_of_one and self.vocabulary.is_top(without_marks(item.label.text))

    def _top(self, item: Entry) -> None:
        """A leaf beside the dimensions: one of its own, whose only part it is."""
        self._close_dimension()
        label, weight = without_marks(item.label.text) if item.label else "", item.shares[0]
        self._dimensions.append(PrintedDimension(item.row, label, _share(weight), weight_text=_text(weight)))
        self._open_part(item, weight)

    def _open_dimension(self, item: Entry) -> None:
        label, weight, own = item.dimension, None, None
        if len(item.shares) == 2:
            weight, own = item.shares
        elif item.shares and item.shares[0].column >= self.columns.sub_share:
            own = item.shares[0]
        elif item.shares:
            weight = item.shares[0]
        name = label.text if label else self._label_above()
        if not name:
            return
        self._close_dimension()
        self._take(label, weight)
        self._dimensions.append(
            PrintedDimension(item.row, without_marks(name), _share(weight), weight_text=_text(weight))
        )
        if item.label:
            self._open_part(item, own)
        elif own:
            self._waiting = own
            self._take(own)

    def _label_above(self) -> str:
        """A dimension printed alone on the row above its weights."""
        if self._lines and not self._lines[-1].references and self._lines[-1].target is None:
            return self._lines.pop().label
        if self._parts and not self._lines and self._parts[-1].weight is None:
            return self._parts.pop().label
        return ""

    def _open_part(self, item: Entry, weight: Cell | None) -> None:
        self._close_part()
        if weight is None and self._waiting is not None:
            weight, self._waiting = self._waiting, None
            self._say("SH023", item, label=item.label.text if item.label else "", printed=weight.text)
        self._take(weight, item.label, *item.references, item.target)
        label = without_marks(item.label.text) if item.label else ""
        self._parts.append(
            PrintedPart(item.row, label, _share(weight), item.references, item.target, weight_text=_text(weight))
        )

    def _weight_and_label(self, item: Entry, following: Entry | None) -> None:
        """A weight before a label opens a part, unless the label is an indicator and the weight a neighbour's."""
        label = item.label.text if item.label else ""
        if self._parts and self.vocabulary.is_below_part(label):
            self._weighed_line(item, label)
        elif not self.vocabulary.is_indicator(label):
            self._open_part(item, item.shares[0])
        elif self._can_weigh_above():
            self._weigh_above(item)
            self._label(item)
        elif following is not None and following.is_bare_label and self._is_part(following):
            self._label(item)
            self._take(item.shares[0])
            self._waiting = item.shares[0]
        else:
            self._open_part(item, item.shares[0])

    def _weighed_line(self, item: Entry, label: str) -> None:
        """An indicator that prints its own weight below its part."""
        weight = item.shares[0]
        self._take(weight, item.label, *item.references, item.target)
        line = PrintedLine(item.row, without_marks(label), item.references, item.target)
        self._lines.append(replace(line, weight=_share(weight), weight_text=_text(weight)))

    def _weight_alone(self, item: Entry, following: Entry | None) -> None:
        """A weight on a row of its own belongs to the part that opens above or below it."""
        is_below = following is not None and following.is_bare_label and self._is_part(following)
        if self._parts and not self._lines and self._parts[-1].weight is None:
            self._weigh_above(item)
        elif self._dimensions and not self._parts and self._dimensions[-1].weight is None:
            self._dimensions[-1] = replace(
                self._dimensions[-1], weight=_share(item.shares[0]), weight_text=_text(item.shares[0])
            )
            self._take(item.shares[0])
        elif is_below and not (self._lines and self.vocabulary.is_part(self._lines[-1].label)):
            self._waiting = item.shares[0]
            self._take(item.shares[0])
        elif self._can_weigh_above():
            self._weigh_above(item)

    def _is_part(self, item: Entry) -> bool:
        label = item.label.text if item.label else ""
        return not self.vocabulary.is_indicator(label)

    def _can_weigh_above(self) -> bool:
        """Whether the row above is a label alone that may be a part without its weight."""
        if not self._lines:
            return bool(self._parts) and self._parts[-1].weight is None
        last = self._lines[-1]
        is_bare = not last.references and last.target is None and bool(last.label)
        return is_bare and not self.vocabulary.is_indicator(last.label)

    def _weigh_above(self, item: Entry) -> None:
        weight = item.shares[0]
        self._take(weight)
        if self._lines:
            line = self._lines.pop()
            self._close_part()
            self._parts.append(PrintedPart(line.row, line.label, _share(weight), weight_text=_text(weight)))
        else:
            self._parts[-1] = replace(self._parts[-1], weight=_share(weight), weight_text=_text(weight))
        self._say("SH023", item, label=self._parts[-1].label, printed=weight.text)

    def _label(self, item: Entry) -> None:
        if item.label is None:
            return
        text = without_marks(item.label.text)
        if self._continues(item, text):
            self._join(item, text)
            return
        opens = self._waiting is not None or not self._parts or self.vocabulary.is_direct(text)
        known_part = self.vocabulary.is_part(text) and not self.vocabulary.is_indicator(text)
        if self._dimensions and (opens or (item.is_bare_label and known_part)):
            self._open_part(item, None)
        elif self._dimensions or item.is_bare_label:
            self._take(item.label, *item.references, item.target)
            self._lines.append(PrintedLine(item.row, text, item.references, item.target))

    def _continues(self, item: Entry, text: str) -> bool:
        """Whether a label goes on from the row above: it starts small, or closes a bracket left open.

        One with a reference or target of its own goes on only from a line that has none.
        """
        last = self._lines[-1] if self._lines else None
        above = last.label if last else (self._parts[-1].label if self._parts else "")
        is_open = above.count("(") > above.count(")") and ")" in text
        is_free = item.is_bare_label or (last is not None and not last.references and last.target is None)
        return bool(above) and is_free and (text[0].islower() or is_open)

    def _join(self, item: Entry, text: str) -> None:
        self._take(item.label, *item.references, item.target)
        if self._lines:
            last = self._lines[-1]
            self._lines[-1] = replace(
                last,
                label=f"{last.label} {text}",
                references=last.references or item.references,
                target=last.target or item.target,
            )
        else:
            self._parts[-1] = replace(self._parts[-1], label=f"{self._parts[-1].label} {text}")
        self._say("SH014", item, label=text)

    def _go_on(self, item: Entry) -> None:
        """References and targets without a label: the rest of those above, or a merged cell on a row of its own."""
        if not self._parts or not (item.references or item.target):
            return
        self._take(*item.references, item.target)
        if item.goes_on and self._continue_reference(item.references):
            self._say("SH014", item, label=item.references[0].text)
        else:
            self._lines.append(PrintedLine(item.row, "", item.references, item.target))

    def _continue_reference(self, references: tuple[Cell, ...]) -> bool:
        if self._lines and self._lines[-1].references:
            self._lines[-1] = replace(self._lines[-1], references=self._lines[-1].references + references)
        elif not self._lines and self._parts[-1].references:
            self._parts[-1] = replace(self._parts[-1], references=self._parts[-1].references + references)
        else:
            return False
        return True

    def _close_part(self) -> None:
        if self._parts:
            self._parts[-1] = replace(self._parts[-1], lines=(*self._parts[-1].lines, *self._lines))
            self._lines = []

    def _close_dimension(self) -> None:
        self._close_part()
        if self._dimensions:
            self._dimensions[-1] = replace(self._dimensions[-1], parts=tuple(self._parts))
        self._parts = []


def _share(cell: Cell | None) -> Fraction | None:
    return None if cell is None else share(cell.text)


def _text(cell: Cell | None) -> str:
    return "" if cell is None else share_text(cell.text)
