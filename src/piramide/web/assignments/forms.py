"""What people fill in: the act that gives sheets, and the acknowledgement of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.web.assignments.standing import TERM
from piramide.web.fields.days import DayField


class IssueForm(forms.Form):
    """The act, the sheets it gives, and from when."""

    which = forms.ChoiceField(label=_("Quali schede"))
    number = forms.CharField(label=_("Numero dell'atto"), max_length=100, help_text=_("Per esempio: 28/2025."))
    day = DayField(label=_("Data dell'atto"))
    issuer = forms.CharField(label=_("Organo"), max_length=200)
    protocol = forms.CharField(label=_("Numero di protocollo"), max_length=100, required=False)
    holds_from = DayField(
        label=_("Gli obiettivi valgono dal"), help_text=_("Si consegnano le schede del piano in vigore in quel giorno.")
    )
    answer_by = DayField(label=_("Presa visione entro il"))
    file = forms.FileField(label=_("Documento firmato, in PDF"), required=False)
    signed_by = forms.CharField(label=_("Firmato da"), max_length=200, required=False)

    def __init__(self, choices: list[Any], *arguments: Any, **named: Any) -> None:
        """Offer these structures and kinds."""
        super().__init__(*arguments, **named)
        self.fields["which"] = forms.ChoiceField(label=_("Quali schede"), choices=choices)
        self.fields["answer_by"].initial = timezone.localdate() + TERM

    def clean_day(self) -> date:
        """An act that is there already."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("La data dell'atto è nel futuro."))
        return day

    def clean(self) -> dict[str, Any]:
        """A signed document says who signed it, and the other way round."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("file")) != bool(data.get("signed_by")) and "file" not in self.errors:
            self.add_error("signed_by", _("Il documento firmato e il nome di chi lo ha firmato vanno dati insieme."))
        return data


class AcknowledgementForm(forms.Form):
    """I have seen it, or I have seen it and have something to say."""

    outcome = forms.ChoiceField(
        label=_("Che cosa dichiari"), widget=forms.RadioSelect,
        choices=[("seen", _("Ho preso visione della scheda")), ("reserved", _("Ho preso visione, con riserva"))],
    )  # fmt: skip
    reservation = forms.CharField(
        label=_("Testo della riserva"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean(self) -> dict[str, Any]:
        """A reservation has its text, and a text is a reservation."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        text, outcome = data.get("reservation", "").strip(), data.get("outcome")
        if outcome == "reserved" and not text:
            self.add_error("reservation", _("Scrivi la riserva."))
        if outcome == "seen" and text:
            self.add_error("reservation", _("Hai scritto una riserva: scegli «con riserva», oppure toglila."))
        return data

    @property
    def text(self) -> str:
        """The reservation; none where it was only seen."""
        return str(self.cleaned_data["reservation"]).strip()
