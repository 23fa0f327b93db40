"""Reading the plan: its versions as acts, the tree of a structure, two versions compared."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from piramide.cycle.plans.amendment import AmendedLine, Section, amendment
from piramide.methodology.model import Act, Override, Pack, walk
from piramide.reports.formulas import harmless
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.fields.whole_numbers import whole_number
from piramide.web.house.pages import PageKey, kept
from piramide.web.plans.compared import compared, compared_section
from piramide.web.plans.models import Draft
from piramide.web.plans.tree import tree_lines, ways_up
from piramide.web.plans.versions import Version, kind_label, version_called, versions
from piramide.web.plans.words import FIELDS, SECTIONS
from piramide.web.plans_in_force import plan

MOST_LINES = 150
"""Lines of a section that a page shows; the file holds them all."""


@dataclass(frozen=True, slots=True)
class CitedAct:
    """An act with how many weights and targets of the sheets rest on it, and the pages they name."""

    act: Act
    weights: int
    targets: int


@dataclass(frozen=True, slots=True)
class Departure:
    """Dated exceptions that began together by one act."""

    since: date
    act: Act | None
    overrides: tuple[Override, ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The versions of the plan, the latest first, and the drafts for who may read them."""
    person = access(request)
    found = versions()
    current = plan().id
    in_force = next((v for v in found if v.printed.id == current), found[0] if found else None)
    may_read = person.may(Action.READ_PLAN)
    drafts = Draft.objects.filter(adopted_hash="").select_related("opened_by") if may_read else Draft.objects.none()
    cards = [_card(version, is_in_force=version is in_force) for version in found]
    context: dict[str, Any] = {"in_force": in_force, "cards": cards, "drafts": drafts, "may_read": may_read}
    if in_force is not None:
        sheets = in_force.pack.sheets.values()
        context |= {"sheets": len(sheets), "printed": sum(sheet.source == "stated" for sheet in sheets)}
    context["may_open"] = person.may_everywhere(Action.EDIT_PLAN)
    return render(request, "plans/index.html", context)


def _key(page: str, *choices: str) -> PageKey:
    """A text of versions of the plan: they tell of no run, and whoever reads the plan reads the same."""
    return PageKey(page=f"plans.{page}", run="", published="", rights="", choices=choices)


def _card(version: Version, *, is_in_force: bool) -> SafeString:
    """A version in the timeline, rendered once."""
    printed = version.printed
    passages = list(version.draft.passages.exclude(step="return")) if version.draft else []
    return kept(
        _key("card", printed.id, printed.hash, str(is_in_force), *(str(passage.pk) for passage in passages)),
        lambda: render_to_string(
            "plans/card.html",
            {
                "version": version,
                "printed": printed,
                "acts": cited_acts(version.pack),
                "departures": departures(printed),
                "passages": passages,
                "is_in_force": is_in_force,
            },
        ),
    )


def cited_acts(pack: Pack) -> list[CitedAct]:
    """The acts that weights and targets rest on, the earliest first; acts without a day last."""
    weights: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for sheet in pack.sheets.values():
        if sheet.source != "stated":
            continue
        for node in walk(sheet.tree):
            weights[node.citation.act] += 1
            if node.target is not None or node.target_rule:
                targets[(node.target_citation or node.citation).act] += 1
    found = [CitedAct(act, weights[act.id], targets[act.id]) for act in pack.acts.values()]
    cited = [one for one in found if one.weights or one.targets]
    return sorted(cited, key=lambda one: one.act.day or date.max)


def departures(pack: Pack) -> list[Departure]:
    """Dated exceptions by day and act."""
    groups: dict[tuple[date, str], list[Override]] = {}
    for override in pack.overrides:
        groups.setdefault((override.since, override.citation.act), []).append(override)
    return [Departure(since, pack.acts.get(act), tuple(group)) for (since, act), group in sorted(groups.items())]


@require_safe
def version(request: HttpRequest, name: str) -> HttpResponse:
    """One version: the acts it rests on, its exceptions, its gates, and the structures it has a sheet for."""
    found = version_called(name)
    pack = found.pack
    body = kept(_key("version", pack.id, pack.hash), lambda: _version_body(found))
    others = [other for other in versions() if other.printed.id != name]
    passages = found.draft.passages.select_related("by") if found.draft else ()
    context = {"version": found, "pack": pack, "body": body, "others": others, "passages": passages}
    context["may_open"] = access(request).may_everywhere(Action.EDIT_PLAN)
    return render(request, "plans/version.html", context)


def _version_body(found: Version) -> SafeString:
    pack = found.pack
    context = {
        "pack": pack,
        "acts": cited_acts(pack),
        "departures": departures(found.printed),
        "kinds": by_kind(pack),
        "labels": {v.id: v.label for v in pack.organisation.versions},
    }
    return render_to_string("plans/version_body.html", context)


@dataclass(frozen=True, slots=True)
class Kind:
    """Structures of one kind that have a sheet: (id, label, whether an act prints it)."""

    label: str
    structures: tuple[tuple[str, str, bool], ...]


def by_kind(pack: Pack) -> list[Kind]:
    """Structures with a sheet, by kind, in the order of the organisation."""
    known = {version.id: version for version in pack.organisation.versions}
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for name, sheet in pack.sheets.items():
        groups.setdefault(known[name].kind, []).append((name, known[name].label, sheet.source == "stated"))
    return [Kind(kind_label(pack, kind, spoken()), tuple(members)) for kind, members in groups.items()]


@require_safe
def tree(request: HttpRequest, name: str, structure: str) -> HttpResponse:
    """The weighted tree of one structure in one version."""
    found = version_called(name)
    pack = found.pack
    if structure not in pack.sheets:
        raise Http404(structure)
    body = kept(
        _key("tree", pack.id, pack.hash, structure),
        lambda: _tree_body(pack, structure),
    )
    lines = tree_lines(pack, structure, spoken())
    context = {
        "version": found,
        "pack": pack,
        "structure": structure,
        "label": structure_label(pack, structure),
        "sheet": pack.sheets[structure],
        "body": body,
        "leaves": sum(line.node.is_leaf and line.share > 0 for line in lines),
        "tops": [line.node for line in lines if line.depth == 0],
        "others": [other for other in versions() if other.printed.id != name and structure in other.printed.sheets],
    }
    return render(request, "plans/tree.html", context)


def _tree_body(pack: Pack, structure: str) -> SafeString:
    context = {"lines": tree_lines(pack, structure, spoken()), "ways": ways_up(pack, structure), "pack": pack}
    return render_to_string("plans/tree_body.html", context)


def structure_label(pack: Pack, structure: str) -> str:
    """The name of a structure in a plan."""
    return pack.organisation.history(structure)[-1].label


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a comparison a page shows: one structure, one section, a page of structures, or all of it."""

    structure: str
    section: str
    page: int
    whole: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """What the text depends on beside the two versions."""
        return (self.structure, self.section, str(self.page), "whole" if self.whole else "")

    @classmethod
    def of(cls, request: HttpRequest, structure: str) -> Choice:
        """The choice of a request; 404 for a section or a page that cannot be."""
        section, page = request.GET.get("sezione", ""), whole_number(request.GET.get("pagina", "1"))
        if (section and section not in SECTIONS) or page is None:
            raise Http404(section)
        return cls(structure, section, page, bool(request.GET.get("tutto")))


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Two versions as the annex of a deliberation."""
    found = versions()
    before, after = _compared(request, found)
    context: dict[str, Any] = {"versions": found, "before": before, "after": after}
    if before is not None and after is not None:
        structure = request.GET.get("struttura", "")
        if structure and structure not in before.pack.sheets and structure not in after.pack.sheets:
            raise Http404(structure)
        choice = Choice.of(request, structure)
        context |= {"body": _comparison_body(before, after, choice), "whole": choice.whole}
        context["structure"] = structure
        context["structure_label"] = structure_label(after.pack, structure) if structure else ""
    return render(request, "plans/comparison.html", context)


def _compared(request: HttpRequest, found: list[Version]) -> tuple[Version | None, Version | None]:
    names = request.GET.get("da", ""), request.GET.get("a", "")
    if all(names):
        return version_called(names[0]), version_called(names[1])
    if len(found) < 2:
        return None, None
    return found[1], found[0]


def _comparison_body(before: Version, after: Version, choice: Choice) -> SafeString:
    """The comparison as asked for; rendered once, since versions do not change."""
    packs = (before.printed, after.printed)
    parts = (*(part for pack in packs for part in (pack.id, pack.hash)), *choice.parts)
    return kept(_key("comparison", *parts), lambda: _compared_text(packs, choice))


def _compared_text(packs: tuple[Pack, Pack], choice: Choice) -> SafeString:
    sections = amendment(*packs, spoken())
    if choice.structure:
        return render_to_string("plans/annex.html", annex_context(tuple(_of(sections, choice.structure)), most=None))
    if choice.section:
        found = compared_section(sections, choice.section, page=choice.page)
    else:
        found = compared(sections, packs, spoken(), page=choice.page, whole=choice.whole)
    context = {"found": found, "whole": choice.whole, "before": packs[0].id, "after": packs[1].id}
    return render_to_string("plans/compared.html", context)


def _of(sections: Iterable[Section], structure: str) -> Iterator[Section]:
    for section in sections:
        if lines := tuple(line for line in section.lines if line.structure == structure):
            yield Section(section.name, lines)


def annex_context(sections: Iterable[Section], most: int | None = MOST_LINES) -> dict[str, Any]:
    """What the template of an annex shows, so many lines of a section at the most."""
    told = [
        {
            "name": SECTIONS[section.name],
            "id": section.name,
            "lines": section.lines[:most],
            "count": len(section.lines),
            "more": 0 if most is None else max(0, len(section.lines) - most),
            "with_structures": any(line.structure for line in section.lines),
        }
        for section in sections
    ]
    return {"sections": told, "count": sum(len(section.lines) for section in sections), "fields": FIELDS}


@require_safe
def comparison_csv(request: HttpRequest) -> HttpResponse:
    """The comparison as a file, whole."""
    before, after = _compared(request, versions())
    if before is None or after is None:
        raise Http404
    sections: Iterable[Section] = amendment(before.printed, after.printed, spoken())
    if structure := request.GET.get("struttura", ""):
        sections = _of(sections, structure)
    name = f"confronto-{before.printed.id}-{after.printed.id}.csv"
    return annex_file(name, (line for section in sections for line in section.lines))


def annex_file(name: str, lines: Iterable[AmendedLine]) -> HttpResponse:
    """An annex as CSV, that a spreadsheet opens without running anything in it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    out = csv.writer(response)
    if settings.CONFIGURATION.demonstration:
        out.writerow([_("DATI DIMOSTRATIVI: valori e obiettivi non stampati in un atto sono inventati")])
    out.writerow([_("Sezione"), _("Struttura"), _("Indicatore"), _("Che cosa"), _("Prima"), _("Dopo"), _("Atto"),
                  _("Pagina"), _("Codice struttura"), _("Codice indicatore")])  # fmt: skip
    for line in lines:
        out.writerow(map(harmless, (
            str(SECTIONS[line.section]), line.structure_label, line.label, str(FIELDS.get(line.field, line.field)),
            line.before, line.after, line.act, line.page, line.structure, line.node,
        )))  # fmt: skip
    return response
