"""What stands in the place of results while there are none: whose the next step is, and where it is taken."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence to one person, and the page that it sends to."""

    sentence: str | Promise
    page: str
    label: str | Promise

    @property
    def address(self) -> str:
        """Where the step is taken, in the language of the page."""
        return reverse(self.page)


_SIGN_IN = Step(_("Chi lavora qui accede e trova anche ciò che non è ancora pubblicato."), "account_login", _("Accedi"))
_OTHERS = Step(
    _("Il primo calcolo lo chiede chi ha il ruolo di pianificazione e controllo: poi qui ci saranno i risultati."),
    "plans:index",
    _("Leggi il piano"),
)
_BY_ACTION: tuple[tuple[Action, Step], ...] = (
    (
        Action.RUN_JOBS,
        Step(
            _("Il primo passo è tuo: nella pagina dei lavori carica i fatti, se ci sono, e chiedi il calcolo."),
            "jobs:index",
            _("Vai ai lavori"),
        ),
    ),
    (
        Action.MANAGE_USERS,
        Step(
            _("Il primo passo è tuo: dai a qualcuno il ruolo di pianificazione e controllo, che chiede il calcolo."),
            "accounts:people",
            _("Vai a persone e ruoli"),
        ),
    ),
    (
        Action.COLLECT,
        Step(
            _(
                "Il primo calcolo lo chiede chi ha il ruolo di pianificazione e controllo. "
                "I valori che aspetta da te, quando una campagna è aperta, sono nella raccolta."
            ),
            "collection:index",
            _("Vai alla raccolta"),
        ),
    ),
)


def first_step(person: Access) -> Step:
    """The first step that the person may take."""
    if not person.is_signed_in:
        return _SIGN_IN
    return next((step for action, step in _BY_ACTION if person.may(action)), _OTHERS)
