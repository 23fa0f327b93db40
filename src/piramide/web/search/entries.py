"""What can be found: every structure, indicator, act and project of the plan, with the words that find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from piramide.cycle.boards.projects import headings_of
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.chain import ChainLine
from piramide.methodology.model import Pack
from piramide.reports.labels import labels
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.plans.versions import plans_with_chain
from piramide.web.plans_in_force import organisation_on, plan, plan_called
from piramide.web.projects.models import ProjectRecord
from piramide.web.search.folding import words


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a search finds. `name` are the words of its label, `rest` the others that lead to it.

    `structure` is the one that a person must be allowed to read, empty for what everybody may.
    """

    kind: str
    label: str
    detail: str
    address: str
    name: tuple[str, ...]
    rest: tuple[str, ...] = ()
    structure: str = ""


def entries(person: Access) -> Iterator[Entry]:
    """Everything that the person may find."""
    for entry in _of_plan(get_language() or "it", person.organisation.day, plan().hash):
        if not entry.structure or person.may(Action.READ_RESULTS, entry.structure):
            yield entry
    for pack in plans_with_chain():
        yield from _lines(get_language() or "it", pack.id, pack.hash)
    if person.is_signed_in:
        for record in ProjectRecord.objects.all():
            if person.may(Action.READ_RESULTS, record.structure):
                yield _project(record.code, record.structure, record.title, record.programme, person.organisation)


@lru_cache(maxsize=8)
def _of_plan(language: str, day: date, _hash: str) -> tuple[Entry, ...]:  # noqa: ARG001 - labels follow the language
    organisation = organisation_on(day)
    return (*_structures(organisation), *_indicators(), *_acts(), *_projects(organisation))


def _structures(organisation: OrganisationOnDay) -> Iterator[Entry]:
    say = labels(spoken())
    for structure in organisation.structures.values():
        if structure.id not in plan().sheets:
            continue
        above = organisation.structures.get(structure.parent)
        kind = say.kind(structure.kind, plan().structure_kinds)
        detail = f"{kind} · {above.label}" if above else kind
        address = reverse("structures:sheet", args=[structure.id])
        rest = (*words(detail), *words(structure.id))
        yield Entry("structures", structure.label, detail, address, tuple(words(structure.label)), rest)


def _indicators() -> Iterator[Entry]:
    for indicator in plan().indicators.values():
        address = reverse("indicators:indicator", args=[indicator.id])
        rest = (*words(indicator.definition), *words(indicator.id), *words(indicator.source))
        name = tuple(words(indicator.label))
        yield Entry("indicators", indicator.label, indicator.definition, address, name, rest)


def _acts() -> Iterator[Entry]:
    pack = plan()
    address = reverse("plans:version", args=[pack.id])
    for act in pack.acts.values():
        number = _("n. %(number)s") % {"number": act.number} if act.number else ""
        day = act.day.strftime(labels(spoken())("style", "date")) if act.day else ""
        detail = ", ".join(part for part in (act.kind, number, day, act.issuer) if part)
        rest = (*words(detail), *words(act.id))
        yield Entry("acts", act.label, detail, address, tuple(words(act.label)), rest)


@lru_cache(maxsize=8)
def _lines(language: str, name: str, _hash: str) -> tuple[Entry, ...]:  # noqa: ARG001 - addresses follow the language
    """The lines of the chain of a plan, by their codes, also as misprinted, and their labels."""
    pack = plan_called(name)
    misprints: dict[str, list[str]] = {}
    for printed, code in pack.chain.aliases.items():
        misprints.setdefault(code, []).append(printed)
    return tuple(_line(pack, line, misprints.get(line.id, [])) for line in pack.chain.lines.values())


def _line(pack: Pack, line: ChainLine, misprints: list[str]) -> Entry:
    level = pack.chain.levels[line.level].label
    address = reverse("strategy:line", args=[pack.id, line.id])
    rest = (*words(level), *words(" ".join(misprints)), *words(pack.label))
    title = f"{line.id} {line.label}".strip()
    return Entry("lines", title, f"{level} · {pack.label}", address, tuple(words(title)), rest)


def _projects(organisation: OrganisationOnDay) -> Iterator[Entry]:
    for heading in headings_of(plan()):
        yield _project(heading.code, heading.structure, heading.title, heading.programme, organisation)


def _project(code: str, structure: str, title: str, programme: str, organisation: OrganisationOnDay) -> Entry:
    place = organisation.structures.get(structure)
    label = place.label if place else structure
    address = reverse("projects:project", args=[structure, code])
    rest = (*words(label), *words(programme))
    return Entry(
        "projects", title or code, f"{code} · {label}", address, tuple(words(f"{title} {code}")), rest, structure
    )
