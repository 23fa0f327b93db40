"""Slips that take several relations of one identity at once: labels, rows or figures that have moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from piramide.methodology.checks import causes
from piramide.methodology.checks.cells import Book, Cell
from piramide.methodology.checks.relations import Read, Relation
from piramide.methodology.checks.suspects import Slip

_STEPS: Final = (1, -1, 2, -2, 3, -3)


def moved(relations: Sequence[Relation], failing: Sequence[Relation], book: Book, read: Read) -> list[Slip]:
    """Runs of failing relations that one displacement explains; `relations` are those of all identities."""
    slips: list[Slip] = []
    bad = {id(relation) for relation in failing}
    for same in _by_identity(relations):
        for run in _runs(same, bad):
            slip = _shifted_groups(run, read) or _shifted_rows(run, read) or _same_gap(run, book, read)
            if slip:
                slips.append(slip)
    return slips


def _by_identity(relations: Sequence[Relation]) -> list[list[Relation]]:
    """Relations of one identity over one column, in the order of the rows."""
    found: dict[tuple[str, str, str], list[Relation]] = {}
    for relation in relations:
        if relation.stated:
            key = (relation.identity.id, relation.stated.table, relation.stated.column)
            found.setdefault(key, []).append(relation)
    return list(found.values())


def _runs(same: list[Relation], bad: set[int]) -> Iterator[list[Relation]]:
    """Consecutive failing relations, two or more."""
    run: list[Relation] = []
    for relation in [*same, None]:
        if relation is not None and id(relation) in bad:
            run.append(relation)
        else:
            if len(run) > 1:
                yield run
            run = []


def _shifted_groups(run: list[Relation], read: Read) -> Slip | None:
    """Every total fits if the first rows of each group belong to the group above (or the last to the one below)."""
    if run[0].identity.kind != "group_sum":
        return None
    parts = [relation.parts for relation in run]
    for step in _STEPS:
        if step > 0:
            moved_parts = [
                own[step if i else 0 :] + (parts[i + 1][:step] if i + 1 < len(parts) else ())
                for i, own in enumerate(parts)
            ]
        else:
            moved_parts = [
                (parts[i - 1][step:] if i else ()) + own[: step if i + 1 < len(parts) else None]
                for i, own in enumerate(parts)
            ]
        if all(_fits(relation, cells, read) for relation, cells in zip(run, moved_parts, strict=True)):
            return Slip(tuple(run), causes.SHIFTED, run[0].at, other=run[1].parts[0] if step > 0 else parts[0][-1])
    return None


def _fits(relation: Relation, cells: tuple[Cell, ...], read: Read) -> bool:
    total = sum(map(read, cells), Fraction(0))
    return abs(relation.stated_figure(read) - total) <= relation.allowed


def _shifted_rows(run: list[Relation], read: Read) -> Slip | None:
    """Every stated figure fits the row below, or every one the row above."""
    below = list(pairwise(run))
    above = [(one, other) for other, one in below]
    for pairs in (below, above):
        if len(pairs) > 1 and all(_fits_row(one, other, read) for one, other in pairs):
            return Slip(tuple(run), causes.SHIFTED, run[0].at, other=run[1].at)
    return None


def _fits_row(one: Relation, other: Relation, read: Read) -> bool:
    return abs(one.stated_figure(read) - other.formula(read)) <= other.allowed


def _same_gap(run: list[Relation], book: Book, read: Read) -> Slip | None:
    """The same difference on three rows or more: one thing is missing, or the count started elsewhere."""
    gaps = {relation.gap(read) for relation in run}
    if len(run) < 3 or len(gaps) != 1 or book.is_blank(run[0].at):
        return None
    return Slip(tuple(run), causes.OFFSET, run[0].at)
