"""What people write in oversight."""

from __future__ import annotations

import re
import uuid
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.collected import decimal_text
from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period
from piramide.web.fields.days import DayField
from piramide.web.oversight.models import AlarmNote, ResultsValidation

MOST_DIGITS: Final = 40
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_TWO_READINGS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


class OnceForm(forms.Form):
    """A form that counts once, however often its button is pressed."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With a token of its own when it is shown first."""
        kwargs["initial"] = {"token": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ValidationForm(OnceForm):
    """The OIV's document on a run."""

    outcome = forms.ChoiceField(label=gettext_lazy("I risultati sono"), choices=ResultsValidation.Outcome.choices)
    act = forms.CharField(
        label=gettext_lazy("Atto"),
        max_length=300,
        help_text=gettext_lazy("Tipo, numero e data del documento dell'OIV."),
    )
    day = DayField(label=gettext_lazy("Data dell'atto"))
    text = forms.CharField(
        label=gettext_lazy("Testo"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Le conclusioni, e le osservazioni se ce ne sono."),
    )

    def clean_day(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("La data dell'atto non può essere nel futuro."))
        return day


class PublicationForm(forms.Form):
    """The act that publishes a run."""

    act = forms.CharField(
        label=gettext_lazy("Atto di pubblicazione"), max_length=300, help_text=gettext_lazy("Tipo, numero e data.")
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Ho capito che una pubblicazione non si ritira: una correzione è una nuova esecuzione")
    )


class AdjustmentForm(OnceForm):
    """Another value for a row of a run."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indicatore e valore di adesso"))
    value = forms.CharField(
        label=gettext_lazy("Valore rettificato"),
        max_length=MOST_DIGITS,
        help_text=gettext_lazy("Nell'unità dell'indicatore, con la virgola per i decimali; un rapporto va da 0 a 1."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Che cosa era sbagliato nel dato, e da quale prova risulta."),
    )
    act = forms.CharField(label=gettext_lazy("Atto"), max_length=300, help_text=gettext_lazy("Tipo, numero e data."))

    def __init__(self, rows: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """For the rows of one structure: id and label of each."""
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("scegli…")), *rows]

    def clean_value(self) -> str:
        """A number, as values files write it."""
        return written_number(str(self.cleaned_data["value"]))


def written_number(text: str) -> str:
    """A number that a person wrote, with the point of files: `1.234,5`, `1,234.5` and `1234.5` are the same.

    One point or comma marks decimals, of two kinds the last one does; `1.234` has two readings and is refused.
    """
    compact = "".join(text.split())
    if _TWO_READINGS.fullmatch(compact):
        raise ValidationError(_("Si legge in due modi: scrivi 1234 oppure 1,2340."))
    mark = max(compact.rfind(","), compact.rfind("."))
    if mark >= 0 and (compact.count(compact[mark]) == 1):
        compact = f"{_without_marks(compact[:mark])}.{compact[mark + 1 :]}"
    else:
        compact = _without_marks(compact)
    if not _PLAIN.fullmatch(compact):
        raise ValidationError(_("Scrivi un numero, per esempio 1,02."))
    return decimal_text(Fraction(compact))


def _without_marks(text: str) -> str:
    return text.replace(".", "").replace(",", "")


class WithdrawalForm(forms.Form):
    """Why an adjustment is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Perché si ritira"), max_length=500)


class NoteForm(OnceForm):
    """What a person writes beside an alarm."""

    kind = forms.ChoiceField(label=gettext_lazy("Che cosa annoti"), choices=AlarmNote.Kind.choices)
    text = forms.CharField(label=gettext_lazy("Motivo"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class PeriodForm(forms.Form):
    """A period to listen in."""

    period = forms.CharField(
        label=gettext_lazy("Periodo"),
        max_length=10,
        help_text=gettext_lazy("Un trimestre o un mese: 2024-Q3, 2024-09."),
    )

    def clean_period(self) -> str:
        """A period, written one way."""
        try:
            return str(parse_period(str(self.cleaned_data["period"]).strip()))
        except Refusal as refusal:
            raise ValidationError([finding.message() for finding in refusal.told]) from refusal
