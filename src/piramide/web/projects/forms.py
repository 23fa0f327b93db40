"""What people fill in about projects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from piramide.kernel.periods import parse_period
from piramide.web.fields.days import DayField
from piramide.web.plans_in_force import plan


class ProjectForm(forms.Form):
    """A project that the plan does not print."""

    code = forms.RegexField(
        label=gettext_lazy("Codice"), regex=r"^[A-Za-z0-9._-]{2,60}$",
        help_text=gettext_lazy("Lettere, cifre, punto, trattino: per esempio PES2024_DCO_MI.04_81."),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Titolo"), max_length=200)
    programme = forms.CharField(label=gettext_lazy("Programma"), max_length=60, required=False)
    structure = forms.ChoiceField(label=gettext_lazy("Struttura che risponde del risultato"))

    def __init__(self, *args: Any, structures: list[tuple[str, str]], **kwargs: Any) -> None:
        """With the structures one may choose."""
        super().__init__(*args, **kwargs)
        field = self.fields["structure"]
        if isinstance(field, forms.ChoiceField):
            field.choices = structures


class PlanForm(forms.Form):
    """A deliverable to come."""

    deliverable = forms.RegexField(label=gettext_lazy("Codice della consegna"), regex=r"^[A-Za-z0-9._-]{1,60}$")
    note = forms.CharField(label=gettext_lazy("Che cosa si consegna"), max_length=200)
    day = DayField(label=gettext_lazy("Entro il"))

    def clean_day(self) -> date:
        """A day of the plan."""
        day: date = self.cleaned_data["day"]
        if day.year != plan().year:
            raise forms.ValidationError(gettext_lazy("Il giorno non è dell'anno del piano."))
        return day


class StepForm(forms.Form):
    """A step of a deliverable: its quarter, how far it is, its proof."""

    quarter = forms.ChoiceField(label=gettext_lazy("Trimestre"))
    progress = forms.DecimalField(
        label=gettext_lazy("Avanzamento, da 0 a 100"), min_value=0, max_value=100, max_digits=5, decimal_places=2,
        initial=100,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Nota"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(
        label=gettext_lazy("Documento di prova"), required=False,
        help_text=gettext_lazy("PDF, immagine PNG o JPEG, foglio XLSX o ODS."),
    )  # fmt: skip

    def __init__(self, *args: Any, needs_file: bool = False, judges: bool = False, **kwargs: Any) -> None:
        """`needs_file`: an attestation rests on a document; `judges`: a refusal says why."""
        super().__init__(*args, **kwargs)
        year = plan().year
        quarters = [f"{year}-Q{number}" for number in (1, 2, 3, 4)]
        field = self.fields["quarter"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(quarter, parse_period(quarter).label()) for quarter in quarters]
            field.initial = quarters[-1]
        if needs_file:
            self.fields["file"].help_text = gettext_lazy("Obbligatorio. PDF, immagine PNG o JPEG, foglio XLSX o ODS.")
        if judges:
            self.fields["outcome"] = forms.ChoiceField(
                label=gettext_lazy("Esito"), widget=forms.RadioSelect,
                choices=[("validated", gettext_lazy("Validata")), ("refused", gettext_lazy("Respinta"))],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A refusal needs its reason."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("outcome") == "refused" and not data.get("note", "").strip():
            self.add_error("note", gettext_lazy("Scrivi perché la consegna è respinta."))
        return data

    def last_day(self) -> date:
        """The last day of the quarter chosen."""
        return parse_period(self.cleaned_data["quarter"]).end - timedelta(days=1)
