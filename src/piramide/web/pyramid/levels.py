"""The four levels of the pyramid as the documents draw them, with what each holds in this plan.

Piano della Performance 2021-2023, slide ~41: public value, above the institutional performance, above the
organisational one, above that of individuals. The first two are read off the sheet of the whole administration; the
third from the sheets of the structures; the fourth is evaluated person by person and no result of it is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.runs.opened_runs import RunFigures, RunOutline
from piramide.cycle.runs.standing import NOWHERE, Standing, Tally, change, middle, tally
from piramide.kernel.figure import Figure
from piramide.methodology.model import Pack
from piramide.web.results.groups import kind_groups


@dataclass(frozen=True, slots=True)
class Part:
    """Where one thing stands, with its change since the period before, where both are complete."""

    label: str
    address: str
    standing: Standing
    change: Figure | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level: what it is called, its figure, the parts it is read from."""

    name: str
    whole: Part
    parts: tuple[Part, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """A run and the one of the period before, if any, as the page compares them."""

    outline: RunOutline
    now: RunFigures
    before: RunFigures | None
    pack: Pack

    def part(self, structure: str, node: str, label: str, address: str) -> Part:
        """Index and change of a structure or of one of its nodes."""
        standing = self.now.standing(structure, node)
        return Part(label, address, standing, change(standing, self.stood(structure, node)))

    def middle(self, structures: Iterable[str], label: str, address: str) -> Part:
        """The median of several structures with a complete index: half of them are above it."""
        names = tuple(structures)
        now = [self.now.standing(name) for name in names]
        standing = Standing(middle(now))
        # Of the same structures: else the median moves for who comes in.
        both = [(new, self.stood(name)) for name, new in zip(names, now, strict=True)]
        known = [(new, old) for new, old in both if new.index is not None and old.index is not None]
        moved = change(Standing(middle(new for new, _old in known)), Standing(middle(old for _new, old in known)))
        return Part(label, address, standing, moved, _counted(tally(now)))

    def stood(self, structure: str, node: str = "") -> Standing:
        """Where something stood in the period before."""
        return NOWHERE if self.before is None else self.before.standing(structure, node)


def _counted(found: Tally) -> str:
    """How many reached 100, of those that have a complete index; how many have not."""
    texts = []
    if found.scored:
        texts.append(_("%(reached)s su %(count)s a 100 o più") % {"reached": found.reached, "count": found.scored})
    if found.partial:
        text = ngettext("%(count)s con indice parziale", "%(count)s con indice parziale", found.partial)
        texts.append(text % {"count": found.partial})
    return "; ".join(texts)


def sheet_address(structure: str) -> str:
    """Where the sheet of a structure is."""
    return f"{reverse('structures:index')}{structure}/"


def levels(results: Results, top: str) -> tuple[Level, ...]:
    """The four levels, the highest first."""
    return (_public_value(results, top), _institutional(results, top), _organisational(results, top), _individual())


def _public_value(results: Results, top: str) -> Level:
    name = _("Valore pubblico")
    whole = results.part(top, "", name, sheet_address(top))
    return Level(name, whole, words=_("La media pesata degli ambiti dell'amministrazione."))


def _institutional(results: Results, top: str) -> Level:
    name, sheet = _("Performance istituzionale"), sheet_address(top)
    dimensions = [row for row in results.outline.nodes.get(top, ()) if not row.parent]
    parts = tuple(results.part(top, row.node, row.label, f"{sheet}#{row.node}") for row in dimensions)
    own = next((row for row in dimensions if row.node in results.pack.boards.institutional), None)
    if own is None:
        return Level(name, Part(name, sheet, NOWHERE), parts)
    whole = results.part(top, own.node, name, f"{sheet}#{own.node}")
    words = _("L'ambito «%(label)s», con gli altri:") % {"label": own.label}
    return Level(name, whole, parts, words)


def _organisational(results: Results, top: str) -> Level:
    name, every = _("Performance organizzativa"), reverse("structures:index")
    structures = [row for row in results.outline.structures.values() if row.structure != top]
    whole = results.middle((row.structure for row in structures), name, every)
    groups = kind_groups(structures, results.pack)
    parts = tuple(results.middle(names, label, f"{every}?genere={kind}") for kind, label, names in groups)
    words = _("La mediana delle strutture, per tipo:")
    return Level(name, whole, parts, words)


def _individual() -> Level:
    name = _("Performance individuale")
    words = _("Si valuta persona per persona, con i suoi tempi: qui non ci sono risultati individuali.")
    return Level(name, Part(name, "#livelli", NOWHERE), words=words)
