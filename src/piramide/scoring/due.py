"""What a moment does not ask yet: leaves that are not due, and the weights of what is (R13, R40).

A leaf that is not due keeps its value and takes no part in index, bounds and coverage. Inside a node, what is due
shares the whole weight; a node below which nothing is due is not due itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final

from piramide.kernel.periods import FINAL, Moment
from piramide.methodology.model import Checkpoint, Node, Profile, Sheet
from piramide.methodology.profile_kinds import ProfileKind
from piramide.methodology.weights import scale_of, total_of
from piramide.scoring.cells import Cell
from piramide.scoring.rules.kinds import is_made_of_parts
from piramide.scoring.targets import latest_due

_LAST_MONTH: Final = 12
_ONE: Final = Fraction(1)


class NotDue(StrEnum):
    """Why a cell is not due; each is the code of the note that says so."""

    YEAR_END = "SC120"
    FINAL = "SC121"
    NO_PROFILE = "SC122"
    NO_CHECKPOINT = "SC110"
    PARTS = "SC123"
    PHASES = "SC124"


def not_due(
    profile: Profile | None, checkpoints: tuple[Checkpoint, ...], moment: Moment, *, lacks_profile: bool
) -> NotDue | None:
    """Why the method asks nothing at `moment` of an indicator with a programme, or that lacks one (`lacking_profile`).

    `checkpoints` are those of a threshold, none of another rule (R40).
    """
    kind = profile.kind if profile else None
    is_interim = moment.month < _LAST_MONTH
    if kind is ProfileKind.FINAL and moment.month < FINAL:
        return NotDue.FINAL
    if kind is ProfileKind.YEAR_END and is_interim:
        return NotDue.YEAR_END
    if is_interim and lacks_profile:
        return NotDue.NO_PROFILE
    if checkpoints and latest_due(checkpoints, moment) is None:
        return NotDue.NO_CHECKPOINT
    return None


def with_parts(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The same cells; a composite of parts that are not due is not due either, and so up."""
    found = {(cell.structure, cell.key): cell for cell in cells}
    waiting = True
    while waiting:
        waiting = False
        for key, cell in found.items():
            if cell.not_due or not is_made_of_parts(cell.indicator):
                continue
            parts = cell.indicator.composite.parts if cell.indicator.composite else ()
            below = (found.get((cell.structure, part.node)) for part in parts if part.share)
            if any(part is not None and part.not_due for part in below):
                found[key] = replace(cell, not_due=NotDue.PARTS)
                waiting = True
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Counted:
    """How the nodes of one sheet count, by id.

    `due` is the share of weight that a node stands on: 0 where it is not due, 1 where all below it is; `whole` the
    same of the sheet. `weights` are those by which a node enters the index above it.
    """

    whole: Fraction
    due: Mapping[str, Fraction]
    weights: Mapping[str, Fraction]


def count(sheet: Sheet, leaves: Mapping[str, Fraction]) -> Counted:
    """How the nodes of a sheet count when so much is due of its `leaves`: 0 of one that is not, 1 of one not named."""
    due: dict[str, Fraction] = {}
    for node in reversed(list(sheet.walk())):
        due[node.id] = _share_due(node.children, due) if node.children else leaves.get(node.id, _ONE)
    weights: dict[str, Fraction] = {}
    for siblings in (sheet.tree, *(node.children for node in sheet.parents())):
        weights |= counted_weights(siblings, due)
    return Counted(_share_due(sheet.tree, due), due, weights)


def _share_due(siblings: Sequence[Node], due: Mapping[str, Fraction]) -> Fraction:
    """Weight of the siblings that are not `not_due`, as a share of the weight of all; 1 where nothing weighs."""
    counted = [node for node in siblings if due[node.id]]
    if len(counted) == len(siblings):
        return _ONE
    whole = total_of(siblings)
    return total_of(counted) / whole if whole else _ONE


def counted_weights(siblings: Sequence[Node], due: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights by which siblings enter the index above them: those due, on a scale of one.

    Siblings that sum to one, all of them due, keep their own; 33.3 % printed three times counts as thirds. Weights
    that miss one by more than a slip of the print go on missing it.
    """
    counted = [node for node in siblings if due[node.id]]
    whole = total_of(siblings)
    if len(counted) == len(siblings) and whole == 1:
        return {node.id: node.weight for node in siblings}
    scale = total_of(counted) * scale_of(siblings) / whole if whole else _ONE
    return {node.id: node.weight / scale if scale and due[node.id] else Fraction(0) for node in siblings}
