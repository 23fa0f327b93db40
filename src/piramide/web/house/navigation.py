"""The menu: one line per room that a person may enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: the name of its page and its label.

    `actions`: who may do one of them sees it; without any, everybody does (`signed_in`: who has signed in).
    """

    page: str
    label: str | Promise
    actions: tuple[Action, ...] = ()
    signed_in: bool = False

    def is_for(self, person: Access) -> bool:
        """Whether the person sees the line."""
        if self.actions:
            return any(person.may(action) for action in self.actions)
        return person.is_signed_in or not self.signed_in


MENU: tuple[Entry, ...] = (
    Entry("house:home", _("Piramide")),
    Entry("structures:index", _("Strutture")),
    Entry("indicators:index", _("Indicatori")),
    Entry("plans:index", _("Piano")),
    Entry("strategy:index", _("Strategia")),
    Entry("collection:index", _("Raccolta"), (Action.MANAGE_CAMPAIGNS, Action.COLLECT, Action.CONFIRM, Action.CONTEST)),
    Entry("projects:index", _("Progetti"), (Action.READ_RESULTS,)),
    Entry("spending:index", _("Spesa")),
    Entry("quality:index", _("Qualità")),
    Entry("oversight:index", _("Vigilanza"), (Action.OVERSEE,)),
    Entry("jobs:index", _("Lavori"), (Action.RUN_JOBS,)),
    Entry("calendar:index", _("Calendario"), signed_in=True),
    Entry("audit:register", _("Registro"), actions=(Action.READ_AUDIT,)),
    Entry("accounts:people", _("Persone"), actions=(Action.MANAGE_USERS,)),
    Entry("opendata:index", _("Dati aperti")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the menu as a page prints it."""

    address: str
    label: str | Promise
    is_current: bool


def menu(person: Access, path: str) -> Iterator[Line]:
    """The lines a person sees; the one with the longest address that begins the path is current."""
    addresses = [(reverse(entry.page), entry) for entry in MENU if entry.is_for(person)]
    home = reverse("house:home")
    current = max(
        (a for a, _entry in addresses if path == a or (a != home and path.startswith(a))), key=len, default=""
    )
    for address, entry in addresses:
        yield Line(address, entry.label, address == current)
