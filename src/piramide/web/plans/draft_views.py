"""Drafts: opened, edited with the checks running, undone, checked, simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.cycle.plans.amendment import Section, amendment
from piramide.cycle.plans.drafting.checking import check_sheet
from piramide.cycle.plans.drafting.edits import Edit, EditKind, edited_alone
from piramide.cycle.plans.drafting.gates import Stage
from piramide.kernel.findings import Refusal
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import EVERYWHERE, access, allow, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.fields.texts import printable
from piramide.web.fields.whole_numbers import whole_number
from piramide.web.plans.draft_gates import open_draft
from piramide.web.plans.drafts import (
    Conflict,
    Saving,
    act_id,
    as_edits,
    base_of,
    heading,
    nodes_of,
    printed_draft,
    rows_at,
    save,
    standing,
    undo,
    working,
)
from piramide.web.plans.forms import NewDraftForm
from piramide.web.plans.models import Draft, DraftEdit
from piramide.web.plans.sheet_form import Typed, form_lines, read_typed, spread, value_to_type, worded
from piramide.web.plans.steps import steps_of
from piramide.web.plans.versions import kind_label, versions
from piramide.web.plans.views import annex_context, annex_file, by_kind, structure_label

WRONG = 422
CONFLICT = 409
OF_KIND = "tipo"


@require_http_methods(["GET", "POST"])
@guarded(Action.EDIT_PLAN, EVERYWHERE)
def new(request: HttpRequest) -> HttpResponse:
    """Open a draft over a version."""
    known = versions()
    bases = [(version.printed.id, version.printed.label) for version in known]
    base = next(
        (v.printed for v in known if v.printed.id == request.GET.get("da")), known[0].printed if known else None
    )
    start = {"base": base.id, "year": base.year + 1, "label": base.label} if base else {}
    form = NewDraftForm(bases, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        told_ = form.cleaned_data
        draft = open_draft(user_of(request), told_["base"], told_["pack"], told_["label"], told_["year"])
        messages.success(request, _("La bozza è aperta: scegli una struttura e modifica la sua scheda."))
        return redirect("plans:draft", draft.pk)
    return render(request, "plans/new.html", {"form": form}, status=WRONG if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Save:
    """What was saved together."""

    revision: int
    rows: tuple[DraftEdit, ...]

    @property
    def holds(self) -> bool:
        """Whether something of it was not taken back."""
        return any(row.undone_in is None for row in self.rows)


@require_safe
@guarded(Action.READ_PLAN)
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A draft: where it stands, what it changes, what comes next."""
    person = access(request)
    found = get_object_or_404(Draft, pk=draft_id)
    rows = [r for r in found.edits.select_related("by", "undone_by") if person.may(Action.READ_PLAN, r.structure)]
    saves = [Save(revision, tuple(group)) for revision, group in groupby(rows, key=lambda row: row.revision)]
    pack = working(found)
    editable = [name for name in pack.sheets if person.may(Action.EDIT_PLAN, name)]
    touched = dict.fromkeys(row.structure for row in rows if row.undone_in is None)
    context = {
        "draft": found,
        "base": base_of(found).printed,
        "steps": steps_of(found, person),
        "passages": found.passages.select_related("by"),
        "annex": render_to_string("plans/annex.html", annex_context(sections_of(found, person))),
        "saves": saves[::-1],
        "kinds": by_kind(pack) if editable and found.is_open else [],
        "structures": {row.structure: structure_label(pack, row.structure) for row in rows},
        "touched": [(name, structure_label(pack, name)) for name in touched],
        "may_edit": bool(editable) and found.is_open,
        "is_whole": person.may_everywhere(Action.READ_PLAN),
        "may_return": found.at in {Stage.PROPOSED, Stage.CLEARED} and person.may_everywhere(Action.PROPOSE_PLAN),
    }
    return render(request, "plans/draft.html", context)


def sections_of(found: Draft, person: Access) -> list[Section]:
    """What the draft changes, of the structures that the person may read."""
    sections = amendment(base_of(found).printed, printed_draft(found), spoken(), own_act=act_id(found))
    answer = []
    for section in sections:
        lines = tuple(x for x in section.lines if not x.structure or person.may(Action.READ_PLAN, x.structure))
        if lines:
            answer.append(Section(section.name, lines))
    return answer


@require_safe
@guarded(Action.READ_PLAN)
def annex_csv(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What a draft changes, as a file."""
    found = get_object_or_404(Draft, pk=draft_id)
    lines = (line for section in sections_of(found, access(request)) for line in section.lines)
    return annex_file(f"allegato-{found.pack}.csv", lines)


@require_http_methods(["GET", "POST"])
@guarded(Action.READ_PLAN, "structure")
def edit(request: HttpRequest, draft_id: int, structure: str) -> HttpResponse:
    """The sheet of a structure in a draft: to read for who may, to edit for who may while the draft is open."""
    found = get_object_or_404(Draft, pk=draft_id)
    pack = _with_sheet(found, structure)
    if request.method != "POST":
        return _edit_page(request, found, structure, Typed(), {})
    person = access(request)
    allow(person, Action.EDIT_PLAN, structure)
    data = {name: str(value) for name, value in request.POST.items()}
    typed = read_typed(pack, structure, data, spoken())
    if typed.wrong:
        return _edit_page(request, found, structure, typed, data, status=WRONG)
    seen = whole_number(data.get("revisione", "")) or 0
    edits = typed.edits
    if data.get("estendi") == OF_KIND:
        changed = tuple(edit for edit in edits if _is_new(pack, edit))
        edits = spread(pack, changed, _others_of_kind(pack, structure, person))
    reason = " ".join(printable(data.get("motivo", "")).split())[:300]
    try:
        saved = save(found.pk, user_of(request), Saving(edits, seen, reason))
    except Conflict as conflict:
        return _conflict_page(request, found, structure, conflict, seen)
    except Refusal as refusal:
        return _edit_page(request, found, structure, Typed(wrong={"": worded(refusal)}), data, status=CONFLICT)
    _say_saved(request, found, saved)
    return redirect("plans:edit", found.pk, structure)


def _say_saved(request: HttpRequest, before: Draft, after: Draft) -> None:
    count = after.edits.filter(revision=after.revision).count() if after.revision > before.revision else 0
    if count:
        text = ngettext("%(count)d modifica salvata.", "%(count)d modifiche salvate.", count) % {"count": count}
        messages.success(request, text)
    else:
        messages.info(request, _("Non c'era nulla di nuovo da salvare."))


def _with_sheet(found: Draft, structure: str) -> Pack:
    pack = working(found)
    if structure not in pack.sheets:
        raise Http404(structure)
    return pack


def _is_new(pack: Pack, one: Edit) -> bool:
    node = nodes_of(pack, one.structure).get(one.node)
    if one.kind in {EditKind.ADDED, EditKind.REMOVED} or node is None:
        return True
    return standing(node, one.kind) != one.value


def _others_of_kind(pack: Pack, structure: str, person: Access) -> list[str]:
    kinds = {version.id: version.kind for version in pack.organisation.versions}
    return [
        name
        for name in pack.sheets
        if name != structure and kinds[name] == kinds[structure] and person.may(Action.EDIT_PLAN, name)
    ]


def _edit_page(
    request: HttpRequest, found: Draft, structure: str, typed: Typed, data: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    person = access(request)
    pack, before = working(found), base_of(found).pack
    check = check_sheet(printed_draft(found), structure)
    lines = form_lines(pack, before, structure, spoken(), data)
    context = {
        "draft": found,
        "pack": pack,
        "structure": structure,
        "label": structure_label(pack, structure),
        "kind_count": len(_others_of_kind(pack, structure, person)) + 1,
        "kind_label": kind_label(pack, pack.organisation.history(structure)[-1].kind, spoken()),
        "lines": lines,
        "check": check,
        "typed": data,
        "wrong": typed.wrong,
        "groups": [line.node for line in lines if line.node.children],
        "indicators": sorted(pack.indicators.values(), key=lambda indicator: indicator.label),
        "may_edit": found.is_open and person.may(Action.EDIT_PLAN, structure),
    }
    return render(request, "plans/edit.html", context, status=status)


def _conflict_page(request: HttpRequest, found: Draft, structure: str, conflict: Conflict, seen: int) -> HttpResponse:
    """Both texts: what the person typed and what somebody else saved in the meantime."""
    found.refresh_from_db()
    then, now = working(found, seen), working(found)
    touched = found.edits.filter(structure__in={one.structure for one in conflict.mine})
    others = [row for row in touched.select_related("by", "undone_by") if max(row.revision, row.undone_in or 0) > seen]
    clashes = [clash_of(one, then, now, structure) for one in conflict.mine]
    context = {
        "draft": found,
        "structure": structure,
        "label": structure_label(now, structure),
        "clashes": clashes,
        "others": others,
        "structures": {row.structure: structure_label(now, row.structure) for row in others},
        "names": sorted({(row.undone_by or row.by).name for row in others}),
        "reason": request.POST.get("motivo", ""),
        "place": request.POST.get("luogo", ""),
        "is_spread": request.POST.get("estendi") == OF_KIND,
        "posted": request.POST,
    }
    return render(request, "plans/conflict.html", context, status=CONFLICT)


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing the person typed, beside what stood when they began and what stands now; `name` is its field."""

    edit: Edit
    label: str
    name: str
    then: str
    now: str
    mine: str
    is_here: bool
    is_gone: bool

    @property
    def is_same_field(self) -> bool:
        """Whether the other person changed the same field."""
        return self.then != self.now


def clash_of(one: Edit, then: Pack, now: Pack, structure: str) -> Clash:
    """How an edit of mine stands to what is there now."""
    old, new_ = nodes_of(then, one.structure).get(one.node), nodes_of(now, one.structure).get(one.node)
    field = "peso" if one.kind is EditKind.WEIGHT else "obiettivo"
    has_value = one.kind in {EditKind.WEIGHT, EditKind.TARGET}
    texts = {
        when: value_to_type(standing(node, one.kind), one.kind, spoken()) if node is not None and has_value else ""
        for when, node in (("then", old), ("now", new_))
    }
    node = new_ or old
    label = node.label if node else now.indicators[one.indicator].label
    return Clash(
        one, label, f"{field}.{one.node}" if has_value else "", texts["then"], texts["now"],
        value_to_type(one.value, one.kind, spoken()), one.structure == structure, has_value and new_ is None,
    )  # fmt: skip


@require_POST
@guarded(Action.EDIT_PLAN, "structure")
def try_out(request: HttpRequest, draft_id: int, structure: str) -> HttpResponse:
    """What the checks say of what is being typed; nothing is kept."""
    found = get_object_or_404(Draft, pk=draft_id)
    pack = _with_sheet(found, structure)
    typed = read_typed(pack, structure, {k: str(v) for k, v in request.POST.items()}, spoken())
    edits = tuple(one for one in typed.edits if _is_new(pack, one))
    failed = ""
    tried = printed_draft(found)
    try:
        tried = edited_alone(base_of(found).source, structure, (*as_edits(rows_at(found)), *edits), heading(found))
    except Refusal as refusal:
        failed = worded(refusal)
    check = check_sheet(tried, structure)
    nodes = nodes_of(in_force(tried) if not failed else pack, structure)
    lines = form_lines(pack, base_of(found).pack, structure, spoken(), {})
    context = {
        "lines": lines, "check": check, "wrong": typed.wrong, "nodes": nodes, "failed": failed,
        "new": len({(one.node, one.kind) for one in edits}),
    }  # fmt: skip
    return render(request, "plans/tried.html", context)


@require_POST
@guarded(Action.EDIT_PLAN)
def take_back(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Undo one edit or one save, on structures that the person may edit."""
    found = get_object_or_404(Draft, pk=draft_id)
    person = access(request)
    edit_id, revision = (whole_number(request.POST.get(name, "")) for name in ("modifica", "salvataggio"))
    if edit_id is None and revision is None:
        raise Http404
    chosen = found.edits.filter(revision=revision or 0) if edit_id is None else found.edits.filter(pk=edit_id)
    for structure in set(chosen.values_list("structure", flat=True)):
        allow(person, Action.EDIT_PLAN, structure)
    count = undo(found.pk, user_of(request), edit=edit_id, revision=revision)
    if count:
        text = ngettext("%(count)d modifica annullata.", "%(count)d modifiche annullate.", count) % {"count": count}
        messages.success(request, text)
    else:
        messages.info(request, _("Era già annullata."))
    return redirect("plans:draft", found.pk)
