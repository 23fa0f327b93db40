"""The list of structures: grouped by kind and region, filtered and sorted by the address alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.standing import NOWHERE, Series, Standing, change, reaches, tally
from piramide.kernel.figure import Figure
from piramide.kernel.organisation import OrganisationOnDay, Structure
from piramide.web.house.pages import kept
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.registry import Chosen
from piramide.web.structures.sheet_page import kind_label, words

LONGEST_SEARCH: Final = 60
ORDERS: Final[Mapping[str, str | Promise]] = {
    "": gettext_lazy("come nell'organizzazione"),
    "nome": gettext_lazy("nome"),
    "indice": gettext_lazy("indice, dal più alto"),
    "indice-basso": gettext_lazy("indice, dal più basso"),
    "variazione": gettext_lazy("variazione, dalla migliore"),
    "variazione-bassa": gettext_lazy("variazione, dalla peggiore"),
    "misurato": gettext_lazy("peso misurato, dal più basso"),
}
STANDINGS: Final[Mapping[str, str | Promise]] = {
    "": gettext_lazy("tutte"),
    "sotto": gettext_lazy("sotto 100"),
    "sopra": gettext_lazy("a 100 o più"),
    "parziale": gettext_lazy("indice parziale"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list."""

    text: str = ""
    kind: str = ""
    region: str = ""
    standing: str = ""
    order: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text or self.kind or self.region or self.standing)


@dataclass(frozen=True, slots=True)
class Entry:
    """One structure in the list; `change` is from the previous period."""

    place: Structure
    kind: str
    region: str
    standing: Standing
    change: Figure | None
    course: Series


@dataclass(frozen=True, slots=True)
class Group:
    """Structures under one heading; `above` is the one that the heading links to, if any.

    `is_of_a_kind`: the heading says the kind of all of them.
    """

    label: str
    entries: tuple[Entry, ...]
    above: str = ""
    is_of_a_kind: bool = False


def wanted_from(request: HttpRequest, chosen: Chosen) -> Wanted:
    """The list asked for; what the list does not know is left out."""
    tree = organisation_on(chosen.record.ends_on)
    asked = {name: request.GET.get(name, "") for name in ("genere", "regione", "stato", "ordine")}
    return Wanted(
        text=request.GET.get("cerca", "").strip()[:LONGEST_SEARCH],
        kind=asked["genere"] if tree.of_kind(asked["genere"]) else "",
        region=asked["regione"] if asked["regione"] in tree else "",
        standing=asked["stato"] if asked["stato"] in STANDINGS else "",
        order=asked["ordine"] if asked["ordine"] in ORDERS else "",
    )


def index_body(chosen: Chosen, wanted: Wanted) -> SafeString:
    """The list, kept unless somebody typed a search."""
    if wanted.text:
        return SafeString(_body(chosen, wanted))
    parts = (wanted.kind, wanted.region, wanted.standing, wanted.order)
    return kept(chosen.key("structures.list", *parts), lambda: _body(chosen, wanted))


def _body(chosen: Chosen, wanted: Wanted) -> SafeString:
    tree = organisation_on(chosen.record.ends_on)
    every = list(_entries(chosen, tree))
    counted = tally(entry.standing for entry in every)
    found = [entry for entry in every if _is_wanted(entry, wanted)]
    kinds = dict.fromkeys(entry.place.kind for entry in every)
    context = {
        "chosen": chosen,
        "wanted": wanted,
        "groups": list(_groups(found, tree, wanted)),
        "count": len(found),
        "total": len(every),
        "counted": counted,
        "kinds": [(kind, kind_label(kind)) for kind in kinds],
        "regions": [tree[name] for name in dict.fromkeys(entry.region for entry in every) if name in tree],
        "orders": ORDERS.items(),
        "standings": STANDINGS.items(),
        "previous": chosen.previous if chosen.before else None,
        "say": words().section("column"),
    }
    return render_to_string("structures/index_body.html", context)


def _entries(chosen: Chosen, tree: OrganisationOnDay) -> Iterator[Entry]:
    figures, before = chosen.figures, chosen.before
    for structure, node in figures.rows:
        if node or structure not in tree:
            continue
        place = tree[structure]
        now, then = figures.standing(structure), before.standing(structure) if before else NOWHERE
        yield Entry(
            place=place,
            kind=kind_label(place.kind),
            region=_region(place, tree),
            standing=now,
            change=change(now, then),
            course=chosen.course(structure),
        )


def _region(place: Structure, tree: OrganisationOnDay) -> str:
    """The structure below the top that a structure belongs to; empty for one that stands there itself."""
    line = [name for name in tree.ancestors(place.id) if tree[name].parent]
    return line[-1] if line else ""


def _is_wanted(entry: Entry, wanted: Wanted) -> bool:
    index = entry.standing.index
    return all((
        wanted.text.casefold() in entry.place.label.casefold(),
        not wanted.kind or entry.place.kind == wanted.kind,
        not wanted.region or wanted.region in {entry.region, entry.place.id},
        wanted.standing != "sotto" or (index is not None and not reaches(index)),
        wanted.standing != "sopra" or reaches(index),
        wanted.standing != "parziale" or entry.standing.is_partial,
    ))  # fmt: skip


_LAST: Final = float("inf")


def _or_last(figure: Figure | None, sign: int) -> float:
    return _LAST if figure is None else sign * figure


def _by_index(entry: Entry, sign: int) -> tuple[float, float]:
    """Complete indices first: a partial one has no place among them."""
    return _or_last(entry.standing.index, sign), _or_last(entry.standing.partial, sign)


_KEYS: Final[Mapping[str, Callable[[Entry], float | str | tuple[float, float]]]] = {
    "nome": lambda entry: entry.place.label.casefold(),
    "indice": lambda entry: _by_index(entry, -1),
    "indice-basso": lambda entry: _by_index(entry, 1),
    "variazione": lambda entry: _or_last(entry.change, -1),
    "variazione-bassa": lambda entry: _or_last(entry.change, 1),
    "misurato": lambda entry: entry.standing.coverage,
}


def _groups(entries: Sequence[Entry], tree: OrganisationOnDay, wanted: Wanted) -> Iterator[Group]:
    """One group when sorted; else those below the top by kind, then each region with its own."""
    if wanted.order:
        ordered = tuple(sorted(entries, key=_KEYS[wanted.order]))
        if ordered:
            yield Group(_("Tutte insieme"), ordered)
        return
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.region, "" if entry.region else entry.place.kind), []).append(entry)
    for (region, kind), members in sorted(groups.items(), key=lambda item: bool(item[0][0])):
        label = tree[region].label if region else kind_label(kind)
        yield Group(label, tuple(members), region, is_of_a_kind=bool(kind))
