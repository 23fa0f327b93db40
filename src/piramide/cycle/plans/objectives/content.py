"""The sheet of one structure, from a plan: no run, no result."""

from __future__ import annotations

from datetime import date

from piramide.cycle.plans.objectives.annexes import annexes
from piramide.cycle.plans.objectives.money_annex import money_annexes
from piramide.cycle.plans.objectives.references import stated
from piramide.cycle.plans.objectives.tree_table import tree_table
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.in_force import last_day
from piramide.methodology.model import Pack
from piramide.methodology.sheet_words import SheetWords
from piramide.reports.labels import Labels, labels, languages
from piramide.reports.objectives.paper import ObjectivesSheet

_FALLBACK = "it"
_SHORT = 12


def objectives_sheet(pack: Pack, structure: str, day: date | None = None) -> ObjectivesSheet:
    """What the sheet of `structure` says on `day` (default: the last of the plan); `pack` is in force on that day.

    The paper speaks the language of the plan. Refuses a structure that has no sheet or is not there that
    day (RP007), and one that nobody knows (RP008).
    """
    day = day or last_day(pack)
    organisation = pack.organisation.on(day)
    if structure not in pack.sheets or structure not in organisation:
        raise _refused(pack, structure)
    place, sheet = organisation[structure], pack.sheets[structure]
    say = labels(pack.language if pack.language in languages() else _FALLBACK)
    words = pack.sheet_words.get(place.kind) or _own_words(place.kind, say)
    return ObjectivesSheet(
        plan=pack.id,
        structure=structure,
        structure_label=place.label,
        administration=pack.administration,
        language=say.language,
        year=pack.year,
        heading=words.heading_of(pack.year),
        addressee=words.addressee_of(place.label),
        objectives=tree_table(sheet.tree, pack, words, say),
        acts=tuple(stated(pack.acts[act], say.language) for act in words.acts if act in pack.acts),
        notes=words.notes,
        annexes=(*annexes(words.annexes, structure, pack, say), *money_annexes(structure, pack, say)),
        basis=_basis(pack, day, say),
        page=say("sheet", "page", page="{page}", pages="{pages}"),
        warning=say("sheet", "demonstration") if sheet.source == "demonstration" else "",
    )


def _basis(pack: Pack, day: date, say: Labels) -> str:
    fingerprint = pack.hash.removeprefix("sha256:")[:_SHORT]
    return say("objectives", "basis", plan=pack.id, hash=fingerprint, day=day.strftime(say("style", "date")))


def _own_words(kind: str, say: Labels) -> SheetWords:
    """The product's words for a kind of structure that the plan gives none."""
    return SheetWords(kind, say("objectives", "heading", year="{year}"), "{structure}", {})


def _refused(pack: Pack, structure: str) -> Refusal:
    known = sorted(pack.sheets)
    near = ", ".join(nearest(structure, known)) or ", ".join(known[:5])
    code = "RP007" if structure in pack.organisation.ids() else "RP008"
    return refuse(code, Place(pack.id), structure, near=near)
