"""Working on a draft: what stands in it, saving, undoing. A save holds whole, is recorded, and never hides another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404

from piramide.cycle.plans.drafting.edits import Edit, EditKind, Heading, edited
from piramide.cycle.plans.drafting.gates import refuse_if_closed
from piramide.cycle.plans.drafting.source import PlanSource
from piramide.kernel.findings import refuse
from piramide.methodology.checks.cells import machine
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Act, Node, Pack, WeightSource, walk
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.plans.models import Draft, DraftEdit
from piramide.web.plans.versions import Version, version_called


class Conflict(Exception):  # noqa: N818 - it says what happened, and both sides are shown
    """Somebody else saved the same sheets in the meantime: nothing was written."""

    def __init__(self, mine: Sequence[Edit]) -> None:
        """Keep what was to be saved."""
        super().__init__()
        self.mine = tuple(mine)


def heading(draft: Draft) -> Heading:
    """What the draft says of itself; its act has a number only once it is adopted."""
    return Heading(draft.pack, draft.label, draft.year, Act(act_id(draft), draft.label, "Bozza"))


def act_id(draft: Draft) -> str:
    """The id of the act that the edits of a draft rest on."""
    return f"atto_{draft.pack.replace('-', '_')}"


def base_of(draft: Draft) -> Version:
    """The plan that the draft starts from. Raises `Refusal` (DR001) when its files have changed since."""
    version = version_called(draft.base)
    if version.printed.hash != draft.base_hash:
        raise refuse("DR001", subject=draft.base, hash=draft.base_hash[:20])
    return version


def rows_at(draft: Draft, revision: int | None = None) -> list[DraftEdit]:
    """The edits that hold: now, or as they were after a revision."""
    rows = draft.edits.all()
    if revision is None:
        return list(rows.filter(undone_in=None))
    return list(rows.filter(Q(undone_in=None) | Q(undone_in__gt=revision), revision__lte=revision))


def as_edits(rows: Iterable[DraftEdit]) -> tuple[Edit, ...]:
    """Edits as the rooms below read them."""
    return tuple(
        Edit(EditKind(r.kind), r.structure, r.node, r.value, r.parent, r.indicator, r.target, r.place) for r in rows
    )


def printed_draft(draft: Draft, revision: int | None = None) -> Pack:
    """The plan that the draft is, as printed: now, or as it was after a revision."""
    return _edited(base_of(draft).source, as_edits(rows_at(draft, revision)), heading(draft))


def working(draft: Draft, revision: int | None = None) -> Pack:
    """The plan that the draft is, in force."""
    return _edited_in_force(base_of(draft).source, as_edits(rows_at(draft, revision)), heading(draft))


@lru_cache(maxsize=16)
def _edited(source: PlanSource, edits: tuple[Edit, ...], said: Heading) -> Pack:
    return edited(source, edits, said)


@lru_cache(maxsize=16)
def _edited_in_force(source: PlanSource, edits: tuple[Edit, ...], said: Heading) -> Pack:
    return in_force(_edited(source, edits, said))


def nodes_of(pack: Pack, structure: str) -> dict[str, Node]:
    """The nodes of a sheet by id, in the order of the paper."""
    return {node.id: node for node in walk(pack.sheets[structure].tree)}


def standing(node: Node, kind: EditKind) -> str:
    """What a node states, as an edit would say it."""
    if kind is EditKind.WEIGHT:
        return "" if node.weight_source is WeightSource.EQUAL_SPLIT or node.weight_rule else machine(node.stated_weight)
    return "" if node.target is None else machine(node.target)


@dataclass(frozen=True, slots=True)
class Saving:
    """What somebody wants to save: edits, the revision that their page showed, and why."""

    edits: tuple[Edit, ...]
    seen: int
    reason: str = ""


@transaction.atomic
def save(draft_id: int, user: User, saving: Saving) -> Draft:
    """Save what is new in the edits; the same form sent twice is saved once.

    Raises `Refusal` when the draft is closed (DR005) or an edit cannot be (DR002, DR004), `Conflict` when somebody
    saved one of the sheets after the page was opened.
    """
    draft = locked(draft_id)
    refuse_if_closed(draft.at)
    before = working(draft)
    mine = _new(draft, saving, before)
    if not mine:
        return draft
    if _touched_since(draft, {edit.structure for edit in mine}, saving.seen):
        raise Conflict(mine)
    edited(base_of(draft).source, (*as_edits(rows_at(draft)), *mine), heading(draft))
    draft.revision += 1
    draft.save(update_fields=["revision"])
    rows = [_row(draft, user, edit, before, saving.reason) for edit in mine]
    DraftEdit.objects.bulk_create(rows)
    for row in rows:
        record(named(user), _change("plan.edited", row, saving.reason))
    return draft


def locked(draft_id: int) -> Draft:
    """The draft, kept from everybody else until the transaction ends; 404 when there is none."""
    return get_object_or_404(Draft.objects.select_for_update(), pk=draft_id)


def _new(draft: Draft, saving: Saving, now: Pack) -> list[Edit]:
    """Edits that differ from what the page showed and from what stands: what the person did, and is not done yet."""
    shown = working(draft, saving.seen) if saving.seen < draft.revision else now
    found = []
    for edit in saving.edits:
        if edit.kind is EditKind.ADDED:
            sent = draft.edits.filter(
                kind=edit.kind, structure=edit.structure, parent=edit.parent, indicator=edit.indicator,
                revision__gt=saving.seen, undone_in=None,
            )  # fmt: skip
            if not sent.exists():
                found.append(edit)
        elif _differs(shown, edit) and _differs(now, edit):
            found.append(edit)
    return found


def _differs(pack: Pack, edit: Edit) -> bool:
    node = nodes_of(pack, edit.structure).get(edit.node)
    if edit.kind is EditKind.REMOVED:
        return node is not None
    return node is None or standing(node, edit.kind) != edit.value


def _touched_since(draft: Draft, structures: set[str], seen: int) -> bool:
    rows = draft.edits.filter(structure__in=structures)
    return rows.filter(Q(revision__gt=seen) | Q(undone_in__gt=seen)).exists()


def _row(draft: Draft, user: User, edit: Edit, before: Pack, reason: str) -> DraftEdit:
    node = nodes_of(before, edit.structure).get(edit.node)
    stood = standing(node, edit.kind) if node and edit.kind in {EditKind.WEIGHT, EditKind.TARGET} else ""
    label = node.label if node else before.indicators[edit.indicator].label
    return DraftEdit(
        draft=draft, revision=draft.revision, kind=edit.kind.value, structure=edit.structure, node=edit.node,
        label=label, before=stood, value=edit.value, parent=edit.parent, indicator=edit.indicator,
        target=edit.target, place=edit.place, reason=reason, by=user,
    )  # fmt: skip


def _change(verb: str, row: DraftEdit, reason: str, *, is_back: bool = False) -> Change:
    """The line of the register: what stood there and what stands now."""
    was: Mapping[EditKind, object] = {EditKind.ADDED: None, EditKind.REMOVED: row.label}
    is_now: Mapping[EditKind, object] = {
        EditKind.REMOVED: None,
        EditKind.ADDED: {"indicator": row.indicator, "parent": row.parent, "weight": row.value, "target": row.target},
    }
    kind = EditKind(row.kind)
    before, after = was.get(kind, {row.kind: row.before}), is_now.get(kind, {row.kind: row.value})
    if is_back:
        before, after = after, before
    return Change(verb, f"{row.draft.pack}: {row.node}"[:300], row.structure, before, after, reason)


@transaction.atomic
def undo(draft_id: int, user: User, *, edit: int | None = None, revision: int | None = None) -> int:
    """Take back one edit, or all of one save, with what rests on an indicator that goes; how many were taken back.

    What is taken back already stays so.
    """
    draft = locked(draft_id)
    refuse_if_closed(draft.at)
    chosen = draft.edits.filter(undone_in=None)
    rows = list(chosen.filter(pk=edit) if edit is not None else chosen.filter(revision=revision or 0))
    for row in list(rows):
        if row.kind == EditKind.ADDED:
            resting = draft.edits.filter(undone_in=None, structure=row.structure, node=row.node).exclude(
                pk__in=[known.pk for known in rows]
            )
            rows += list(resting)
    if not rows:
        return 0
    gone = {row.pk for row in rows}
    kept = [row for row in rows_at(draft) if row.pk not in gone]
    edited(base_of(draft).source, as_edits(kept), heading(draft))
    draft.revision += 1
    draft.save(update_fields=["revision"])
    DraftEdit.objects.filter(pk__in=gone).update(undone_in=draft.revision, undone_by=user)
    for row in rows:
        record(named(user), _change("plan.undone", row, "", is_back=True))
    return len(rows)
