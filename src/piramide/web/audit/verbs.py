"""What a verb of the register is called on pages. A verb without a word here is printed as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Final[Mapping[str, str | Promise]] = {
    "person.invited": _("persona registrata"),
    "person.suspended": _("accesso sospeso"),
    "person.readmitted": _("accesso riaperto"),
    "person.second_factor_dropped": _("secondo fattore tolto"),
    "grant.given": _("ruolo dato"),
    "grant.taken": _("ruolo tolto"),
    "grant.given_back": _("ruolo ridato"),
    "grant.delegated": _("ruolo delegato"),
    "deadline.set": _("scadenza aggiunta"),
    "deadline.set_again": _("scadenza rimessa"),
    "deadline.cancelled": _("scadenza tolta"),
}


def in_words(verb: str) -> str:
    """The label of a verb."""
    return str(VERBS.get(verb, verb))
