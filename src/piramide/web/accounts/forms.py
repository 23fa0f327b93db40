"""Forms of signing in, of people and of their roles."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.access import Access
from piramide.web.accounts.administration import Wish
from piramide.web.accounts.roles import Role
from piramide.web.fields.days import DayField

INDENT = "\u2003"  # a wide space: lists of browsers keep it


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail and password. In the demonstration `?persona=` fills both with one of the invented people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail"), _("Password")
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        password.help_text = ""
        chosen = self.request.GET.get("persona", "") if settings.CONFIGURATION.demonstration else ""
        if any(person.email == chosen for person in settings.INVENTED_PEOPLE):
            login.initial = chosen
            password.widget.render_value = True
            password.initial = settings.INVENTED_PASSWORD


def structure_choices(organisation: OrganisationOnDay, structures: tuple[str, ...]) -> list[tuple[str, str]]:
    """Structures for a list to choose from: each below the one it depends on, further in."""
    return [(s, INDENT * len(organisation.ancestors(s)) + organisation[s].label) for s in structures]


class InvitationForm(forms.Form):
    """Who is to be registered."""

    name = forms.CharField(label=_("Nome e cognome"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("La stessa dell'accesso istituzionale: è con questa che la persona è riconosciuta."),
    )


class _DatedForm(forms.Form):
    """A role on a structure for some days, with the reason."""

    def __init__(self, doer: Access, structures: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so below
        field.choices = structure_choices(doer.organisation, structures)
        self.initial.setdefault("since", timezone.localdate())

    def wish(self, role: Role) -> Wish:
        """What the form asks for."""
        given = self.cleaned_data
        return Wish(role, given["structure"], given["since"], given["last_day"], given["reason"])


class RoleForm(_DatedForm):
    """A role to give."""

    role = forms.ChoiceField(label=_("Ruolo"), choices=Role.choices)
    structure = forms.ChoiceField(label=_("Struttura, con tutto ciò che ne dipende"))
    since = DayField(label=_("Dal"), required=True)
    last_day = DayField(label=_("Ultimo giorno"), required=False, help_text=_("Vuoto: finché non viene tolto."))
    reason = forms.CharField(
        label=_("Motivo o atto"),
        max_length=300,
        help_text=_("Per esempio la determinazione che conferisce l'incarico."),
    )


class DelegationForm(_DatedForm):
    """A role to lend."""

    email = forms.EmailField(
        label=_("A chi"), help_text=_("L'e-mail di una persona già registrata."),
        widget=forms.EmailInput(attrs={"list": "persone"}),
    )  # fmt: skip
    structure = forms.ChoiceField(label=_("Struttura, con tutto ciò che ne dipende"))
    since = DayField(label=_("Dal"), required=True)
    last_day = DayField(label=_("Ultimo giorno"), required=True, help_text=_("Non oltre quello del tuo ruolo."))
    reason = forms.CharField(label=_("Motivo o atto"), max_length=300)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Motivo o atto"), max_length=300)


class SearchForm(forms.Form):
    """Which people to show."""

    cerca = forms.CharField(label=_("Nome o e-mail"), required=False)
    ruolo = forms.ChoiceField(label=_("Ruolo"), required=False, choices=[("", _("Tutti")), *Role.choices])
