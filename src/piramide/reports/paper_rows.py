"""The rows of the sheet in words: what was asked, what was measured, how far apart they are, what it brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from piramide.kernel.figure import Printable, exactly
from piramide.kernel.statuses import WITHOUT_VALUE
from piramide.reports import figures
from piramide.reports.labels import Labels
from piramide.reports.paper import CUT, PaperRow
from piramide.reports.sheet import SheetReport, SheetRow
from piramide.reports.status import marks


def shared_note(rows: tuple[SheetRow, ...]) -> str:
    """A note that more than half of the leaves carry: it is said once, not beside each."""
    leaves = [row.note for row in rows if row.is_leaf]
    note, times = Counter(leaves).most_common(1)[0] if leaves else ("", 0)
    return note if 2 * times > len(leaves) > 1 else ""


HALF: Final = 0.5


def paper_rows(
    rows: tuple[SheetRow, ...], cap: Fraction, shared: str, say: Labels, *, in_points: bool = False
) -> tuple[PaperRow, ...]:
    """Word every row; bars end at `cap`; the note that they share is left to be said once.

    Weights are shares of the group, or `in_points` of 100.
    """
    parts = zip(rows, header_levels(rows), group_points(rows), strict=True)
    worded = (_row(row, level, brought, cap, shared, say) for row, level, brought in parts)
    if not in_points:
        return tuple(worded)
    weights = ("" if row.weight is None else figures.weight_as_printed(row.weight, say, in_points=True) for row in rows)
    return tuple(replace(row, weight=weight) for row, weight in zip(worded, weights, strict=True))


def header_levels(rows: tuple[SheetRow, ...]) -> list[int]:
    """Level of each row as a header of those under it, 0 where it heads none; levels never skip one."""
    heads: list[int] = []
    levels: list[int] = []
    for place, row in enumerate(rows):
        heads = [depth for depth in heads if depth < row.depth]
        if not row.is_leaf and next(_below(rows[place + 1 :], row.depth), None):
            heads.append(row.depth)
            levels.append(len(heads) + 1)
        else:
            levels.append(0)
    return levels


def group_points(rows: tuple[SheetRow, ...]) -> tuple[Printable | None, ...]:
    """Points of every row; those of a group that states none are the sum of the leaves under it."""
    answer: list[Printable | None] = []
    for place, row in enumerate(rows):
        below = _below(rows[place + 1 :], row.depth)
        brought = [exactly(leaf.contribution) for leaf in below if leaf.is_leaf and leaf.contribution is not None]
        summed = sum(brought, Fraction(0)) if brought else None
        answer.append(row.contribution if row.is_leaf or row.contribution is not None else summed)
    return tuple(answer)


def _below(rows: tuple[SheetRow, ...], depth: int) -> Iterator[SheetRow]:
    """The rows that stand under one of `depth`, which they follow."""
    for row in rows:
        if row.depth <= depth:
            return
        yield row


def _row(row: SheetRow, level: int, brought: Printable | None, cap: Fraction, shared: str, say: Labels) -> PaperRow:
    none = say("sheet", "none")
    return PaperRow(
        kind=say.word("kind", row.kind),
        is_leaf=row.is_leaf,
        depth=row.depth,
        header_level=level,
        label=row.label,
        reference=row.reference,
        weight="" if row.weight is None else figures.weight(row.weight, say),
        weight_mark=say.section("weight_mark").get(row.weight_source, ""),
        target=_target(row, say),
        is_worded=bool(row.target_text),
        value=_value(row, say),
        gap="" if row.gap is None else figures.gap(row.gap, say),
        raw_gap=_raw_gap(row, say),
        bar=None if row.gap is None else _bar(float(row.gap), float(cap)),
        at_cap=row.gap is not None and (_is_cut(row) or 0 < cap <= abs(float(row.gap)) + CUT),
        index=shown_index(row, say) or none,
        points=none if brought is None else figures.points(brought, say),
        marks=marks(row, say),
        note=_note(row, shared, say),
        node=row.id,
    )


def _note(row: SheetRow, shared: str, say: Labels) -> str:
    """What must be said beside a row, but what all share."""
    return beside(replace(row, note="" if row.note == shared else row.note), say)


def _bar(gap: float, cap: float) -> float:
    """A gap on the scale of the sheet; nothing where the plan lets no gap count."""
    return min(HALF, max(-HALF, HALF * gap / cap)) if cap else 0.0


def beside(row: SheetRow, say: Labels) -> str:
    """The note of a row; of a group of which not all is due, also how much is."""
    if row.is_leaf or row.due is None:
        return row.note
    return " ".join(filter(None, (row.note, say("sheet", "row_due", due=figures.weight(row.due, say)))))


def _raw_gap(row: SheetRow, say: Labels) -> str:
    """What the gap would be without its cap, where the cap cuts it."""
    return (
        say("sheet", "raw_gap", gap=figures.gap(row.gap_raw, say)) if row.gap_raw is not None and _is_cut(row) else ""
    )


def _is_cut(row: SheetRow) -> bool:
    """Whether the gap would be larger without its cap."""
    if row.gap is None or row.gap_raw is None:
        return False
    return abs(float(row.gap_raw)) - abs(float(row.gap)) >= CUT


def _target(row: SheetRow, say: Labels) -> str:
    """What was asked of a leaf, in the words of the act where it uses words."""
    if not row.is_leaf:
        return ""
    if row.target_text:
        return row.target_text
    return say("sheet", "none") if row.target is None else figures.measure(row.target, row.unit, row.decimals, say)


def _value(row: SheetRow, say: Labels) -> str:
    """What was measured or judged of a leaf; an absent value says so and is never zero."""
    if not row.is_leaf:
        return ""
    if row.value_text:
        return row.value_text
    if row.value is None:
        return say("status", row.status) if row.status in WITHOUT_VALUE else say("sheet", "absent")
    return figures.measure(row.value, row.unit, row.decimals, say)


def shown_index(row: SheetRow | SheetReport, say: Labels) -> str:
    """An index; where values are missing below, the partial one in brackets."""
    if row.index is not None:
        return figures.index(row.index, say)
    return "" if row.index_measured is None else f"({figures.index(row.index_measured, say)})"
