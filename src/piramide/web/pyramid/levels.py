"""The four levels of the pyramid as the documents draw them, with what each holds in this plan.

Piano della Performance 2021-2023, slide ~41: public value, above the institutional performance, above the
organisational one, above that of individuals. The first two are read off the sheet of the whole administration; the
third from the sheets of the structures; the fourth is evaluated person by person and no result of it is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.library import RunFigures, RunOutline
from piramide.web.results.groups import kind_groups, reaches

INSTITUTIONAL: Final = ("performance_istituzionale", "valore_istituzionale")
"""The node of the administration's sheet that the plans of 2021 and of 2024 call institutional."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure of one thing with its change since the period before, where both are known."""

    label: str
    address: str
    index: float | None
    change: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level: what it is called, its figure, the parts it is read from."""

    name: str
    standing: Standing
    parts: tuple[Standing, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """A run and the one of the period before, if any, as the page compares them."""

    outline: RunOutline
    now: RunFigures
    before: RunFigures | None

    def standing(self, structure: str, node: str, label: str, address: str) -> Standing:
        """Index and change of a structure or of one of its nodes."""
        index = self.now.standing(structure, node)
        return Standing(label, address, index, difference(index, self._before(structure, node)))

    def middle(self, structures: Iterable[str], label: str, address: str) -> Standing:
        """The median of several structures: half of them are above it."""
        names = tuple(structures)
        index = _median(self.now.standing(name) for name in names)
        before = None if self.before is None else _median(self.before.standing(name) for name in names)
        reached = sum(reaches(self.now.standing(name)) for name in names)
        note = ngettext("%(reached)s su %(count)s a 100 o più", "%(reached)s su %(count)s a 100 o più", len(names))
        return Standing(
            label, address, index, difference(index, before), note % {"reached": reached, "count": len(names)}
        )

    def _before(self, structure: str, node: str) -> float | None:
        return None if self.before is None else self.before.standing(structure, node)


def difference(now: float | None, before: float | None) -> float | None:
    """The change of a figure, where it is known twice."""
    return None if now is None or before is None else now - before


def sheet_address(structure: str) -> str:
    """Where the sheet of a structure is."""
    return f"{reverse('structures:index')}{structure}/"


def levels(results: Results, top: str) -> tuple[Level, ...]:
    """The four levels, the highest first."""
    return (_public_value(results, top), _institutional(results, top), _organisational(results, top), _individual())


def _public_value(results: Results, top: str) -> Level:
    name = _("Valore pubblico")
    standing = results.standing(top, "", name, sheet_address(top))
    return Level(name, standing, words=_("La media pesata degli ambiti dell'Istituto."))


def _institutional(results: Results, top: str) -> Level:
    name, sheet = _("Performance istituzionale"), sheet_address(top)
    dimensions = [row for row in results.outline.nodes[top] if not row.parent]
    parts = tuple(results.standing(top, row.node, row.label, f"{sheet}#{row.node}") for row in dimensions)
    own = next((row for row in dimensions if row.node in INSTITUTIONAL), None)
    if own is None:
        return Level(name, Standing(name, sheet, None), parts)
    standing = results.standing(top, own.node, name, f"{sheet}#{own.node}")
    words = _("L'ambito «%(label)s», con gli altri:") % {"label": own.label}
    return Level(name, standing, parts, words)


def _organisational(results: Results, top: str) -> Level:
    name, every = _("Performance organizzativa"), reverse("structures:index")
    structures = [row for row in results.outline.structures.values() if row.structure != top]
    whole = results.middle((row.structure for row in structures), name, every)
    parts = tuple(
        results.middle(names, label, f"{every}?genere={kind}") for kind, label, names in kind_groups(structures)
    )
    words = _("La mediana delle strutture, per tipo:")
    return Level(name, whole, parts, words)


def _individual() -> Level:
    name = _("Performance individuale")
    words = _("Si valuta persona per persona, con i suoi tempi: qui non ci sono risultati individuali.")
    return Level(name, Standing(name, "#livelli", None), words=words)


def _median(figures: Iterable[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return median(known) if known else None
