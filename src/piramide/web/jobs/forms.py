"""What a person asks for in the background."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period
from piramide.measurement.contract import contracts
from piramide.web.fields.days import DayField
from piramide.web.plans_in_force import every_plan, plan_of

ENDINGS = (".csv", ".parquet")


class ScoreForm(forms.Form):
    """A period to measure and score."""

    period = forms.CharField(
        label=gettext_lazy("Periodo"),
        max_length=10,
        help_text=gettext_lazy("Un mese, un trimestre o un anno: 2024-09, 2024-Q3, 2024."),
    )
    reason = forms.CharField(label=gettext_lazy("Perché si calcola"), max_length=300, required=False)

    def clean_period(self) -> str:
        """A period of the year of the plan."""
        text = str(self.cleaned_data["period"]).strip()
        try:
            period = parse_period(text)
        except Refusal as refusal:
            raise ValidationError([finding.message() for finding in refusal.told]) from refusal
        if period.year != plan_of(text).year:
            years = ", ".join(sorted({str(known.pack.year) for known in every_plan()}))
            raise ValidationError(_("Il piano di questa installazione è del %(year)s."), params={"year": years})
        return str(period)


class LoadForm(forms.Form):
    """A file of facts."""

    dataset = forms.ChoiceField(label=gettext_lazy("Tipo di fatti"))
    learned_on = DayField(label=gettext_lazy("Conosciuti il"), initial=timezone.localdate)
    file = forms.FileField(label=gettext_lazy("File CSV o Parquet"))  # last: of one cut short, the others are there

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the datasets of the contracts."""
        super().__init__(*args, **kwargs)
        field = self.fields["dataset"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, of.label) for key, of in contracts().items()]

    def clean_file(self) -> UploadedFile[Any]:
        """A file of a kind that can be loaded; one that is too large never comes here."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(ENDINGS):
            raise ValidationError(_("Si caricano file CSV o Parquet."))
        return file
