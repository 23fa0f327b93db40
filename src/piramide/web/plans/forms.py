"""What people fill in: a new draft, the act of a gate, the reasons of a save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from piramide.cycle.plans.drafting.gates import Opinion
from piramide.web.fields.days import DayField
from piramide.web.plans.draft_gates import GivenAct
from piramide.web.plans.models import OPINIONS
from piramide.web.plans.versions import is_taken


class NewDraftForm(forms.Form):
    """A draft over a version."""

    base = forms.ChoiceField(label=_("Parte dalla versione"))
    label = forms.CharField(
        label=_("Titolo"), max_length=200, help_text=_("Come si chiamerà nell'atto, per esempio: Obiettivi 2025.")
    )
    pack = forms.SlugField(
        label=_("Nome breve"),
        max_length=60,
        help_text=_("Lettere minuscole, cifre e trattini, per esempio ente-2025: serve negli indirizzi e nei comandi."),
    )
    year = forms.IntegerField(label=_("Anno"), min_value=2000, max_value=2100, localize=False)

    def __init__(self, bases: list[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        """Offer these versions."""
        super().__init__(*arguments, **named)
        self.fields["base"] = forms.ChoiceField(label=_("Parte dalla versione"), choices=bases)

    def clean_pack(self) -> str:
        """Lower case, and nobody else's."""
        name = str(self.cleaned_data["pack"])
        if name != name.lower() or "_" in name:
            raise forms.ValidationError(_("Usa solo lettere minuscole, cifre e trattini."))
        if is_taken(name):
            raise forms.ValidationError(_("Un altro piano o un'altra bozza si chiama già così."))
        return name

    def clean_label(self) -> str:
        """One line."""
        return " ".join(str(self.cleaned_data["label"]).split())


class ActForm(forms.Form):
    """The act of a gate."""

    number = forms.CharField(label=_("Numero dell'atto"), max_length=100, help_text=_("Per esempio: 28/2025."))
    day = DayField(label=_("Data dell'atto"))
    issuer = forms.CharField(label=_("Organo"), max_length=200, required=False)
    note = forms.CharField(label=_("Nota"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def given(self) -> GivenAct:
        """What was written down."""
        told = self.cleaned_data
        day: date = told["day"]
        opinion = Opinion(told["opinion"]) if told.get("opinion") else None
        note = told["note"].strip()
        return GivenAct(_line(told["number"]), day, _line(told["issuer"]), note, opinion, told.get("effective_on"))


class AdoptionForm(ActForm):
    """The act of adoption, and from when it has effect."""

    effective_on = DayField(
        label=_("In vigore dal"),
        required=False,
        help_text=_(
            "Da questo giorno è il piano in vigore, e con esso si calcolano i periodi che finiscono da allora in poi. "
            "Le esecuzioni già fatte restano con la loro versione. Vuoto: dal primo giorno del piano."
        ),
    )
    field_order = ("number", "day", "effective_on", "issuer", "note")


class OpinionForm(ActForm):
    """The opinion of the OIV."""

    opinion = forms.ChoiceField(label=_("Parere"), choices=OPINIONS, widget=forms.RadioSelect)
    field_order = ("opinion", "number", "day", "note")
    issuer = None  # type: ignore[assignment]  # Django's way to leave a field out

    def clean(self) -> dict[str, Any]:
        """What is not wholly favourable says why."""
        told: dict[str, Any] = super().clean() or {}
        told["issuer"] = "OIV"
        if told.get("opinion") not in {None, "", Opinion.FAVOURABLE.value} and not str(told.get("note", "")).strip():
            self.add_error("note", _("Scrivi le osservazioni o i motivi: chi pianifica deve sapere che cosa rivedere."))
        return told


class ReturnForm(forms.Form):
    """Why a draft goes back to the planners."""

    note = forms.CharField(label=_("Perché"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


def _line(text: str) -> str:
    return " ".join(str(text).split())
