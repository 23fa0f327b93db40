"""Misprints that take several relations of one identity at once: labels, rows or figures that have moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from piramide.methodology.checks import causes
from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.inquiry import Misprint
from piramide.methodology.checks.relations import Family, Read, Relation

_STEPS: Final = (1, -1, 2, -2, 3, -3)


def moved(relations: Sequence[Relation], failing: Sequence[Relation], read: Read) -> list[Misprint]:
    """Runs of failing relations that one displacement explains; `relations` are those of all identities."""
    misprints: list[Misprint] = []
    bad = {id(relation) for relation in failing}
    for same in _by_identity(relations):
        for run in _runs(same, bad):
            every = _same_gap(run, read) if len(run) == len(same) else None
            misprint = _shifted_groups(run, read) or _shifted_rows(run, read) or every
            if misprint:
                misprints.append(misprint)
    return misprints


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


def _shifted_groups(run: list[Relation], read: Read) -> Misprint | None:
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
            boundary = run[1].parts[0] if step > 0 else parts[0][-1]
            return Misprint(tuple(run), causes.SHIFTED, run[0].at, other=boundary, shift=step)
    return None


def _fits(relation: Relation, cells: tuple[Cell, ...], read: Read) -> bool:
    total = sum(map(read, cells), Fraction(0))
    return abs(relation.stated_figure(read) - total) <= relation.allowed


def _shifted_rows(run: list[Relation], read: Read) -> Misprint | None:
    """Every stated figure fits the row below, or every one the row above."""
    below = list(pairwise(run))
    above = [(one, other) for other, one in below]
    for pairs in (below, above):
        if len(pairs) > 1 and all(_fits_row(one, other, read) for one, other in pairs):
            return Misprint(tuple(run), causes.SHIFTED, run[0].at, other=run[1].at)
    return None


def _fits_row(one: Relation, other: Relation, read: Read) -> bool:
    return abs(one.stated_figure(read) - other.formula(read)) <= other.allowed


def _same_gap(run: list[Relation], read: Read) -> Misprint | None:
    """The same difference on every row of the table, three or more: the count started elsewhere."""
    gaps = {relation.gap(read) for relation in run}
    return Misprint(tuple(run), causes.OFFSET, run[0].at) if len(run) > 2 and len(gaps) == 1 else None


def linked(misprints: Sequence[Misprint], incidence: Mapping[Cell, Sequence[Relation]], read: Read) -> list[Misprint]:
    """Misprints that are one, told together: a figure printed twice, a missing row, a difference carried upwards."""
    return _missing_rows(_carried(_twins(misprints, incidence, read), read), read)


def _twins(misprints: Sequence[Misprint], incidence: Mapping[Cell, Sequence[Relation]], read: Read) -> list[Misprint]:
    """One figure, printed alike in two places, is wrong in both: told once, with the value that suits both."""
    kept: dict[Cell, Misprint] = {}
    for misprint in misprints:
        main = misprint.relations[0]
        same = (
            cell
            for relation in incidence.get(misprint.cell, ())
            if relation.family is Family.SAME and relation.holds(read)
            for cell in relation.cells
        )
        twin = next((kept[cell] for cell in same if cell in kept), None)
        if twin and misprint.cell == main.stated and twin.relations[0].shown(read) == main.shown(read):
            value = main.shown(read)
            kept[twin.cell] = replace(
                twin, relations=twin.relations + misprint.relations, value=value, twin=misprint.cell
            )
        else:
            kept[misprint.cell if misprint.cell not in kept else Cell("", len(kept), "")] = misprint
    return list(kept.values())


def _missing_rows(misprints: list[Misprint], read: Read) -> list[Misprint]:
    """Every column of a total exceeds its rows, for no other cause: a row was left out."""
    short: dict[tuple[str, str, int], list[Misprint]] = {}
    for misprint in misprints:
        main = misprint.relations[0]
        if misprint.cause == causes.UNKNOWN and main.stated and main.coefficients and main.gap(read) > 0:
            short.setdefault((main.identity.id, main.stated.table, main.stated.row), []).append(misprint)
    missing = {id(misprint) for together in short.values() if len(together) > 1 for misprint in together}
    return [
        replace(misprint, cause=causes.MISSING_ROW) if id(misprint) in missing else misprint for misprint in misprints
    ]


def _carried(misprints: list[Misprint], read: Read) -> list[Misprint]:
    """A difference that is the sum of those of the other rows is theirs, carried into their total."""
    alone: dict[str, list[Relation]] = {}
    for misprint in misprints:
        if misprint.value is None and len(misprint.relations) == 1:
            alone.setdefault(misprint.relations[0].identity.id, []).append(misprint.relations[0])
    carried: set[int] = set()
    for relations in alone.values():
        total = sum((relation.gap(read) for relation in relations), Fraction(0))
        if len(relations) > 2:
            carried |= {id(relation) for relation in relations if total and 2 * relation.gap(read) == total}
    return [
        replace(misprint, cause=causes.CARRIED) if id(misprint.relations[0]) in carried else misprint
        for misprint in misprints
    ]
