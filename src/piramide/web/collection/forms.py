"""What people fill in about campaigns and contests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from piramide.kernel.periods import parse_period
from piramide.web.fields.days import DayField
from piramide.web.plans_in_force import every_plan


def periods() -> list[tuple[str, str]]:
    """The quarters and the final year of the plans, the latest year first, as a person chooses them."""
    years = sorted({known.pack.year for known in every_plan()}, reverse=True)
    names = [name for year in years for name in (*(f"{year}-Q{quarter}" for quarter in (1, 2, 3, 4)), f"{year}")]
    return [(name, parse_period(name).label()) for name in names]


class CampaignForm(forms.Form):
    """A new campaign; what it asks is chosen beside it."""

    title = forms.CharField(label=gettext_lazy("Titolo"), max_length=120)
    due_on = DayField(label=gettext_lazy("Scadenza"))
    note = forms.CharField(
        label=gettext_lazy("Istruzioni per chi inserisce"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class PeriodForm(forms.Form):
    """The period of a campaign, chosen first."""

    periodo = forms.ChoiceField(label=gettext_lazy("Periodo"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the periods of the plan."""
        super().__init__(*args, **kwargs)
        field = self.fields["periodo"]
        if isinstance(field, forms.ChoiceField):
            field.choices = periods()

    def clean_periodo(self) -> str:
        """The shortest name of its moment."""
        return str(parse_period(str(self.cleaned_data["periodo"])).moment)


class ContestForm(forms.Form):
    """Why a figure is wrong."""

    reason = forms.CharField(
        label=gettext_lazy("Perché il dato è sbagliato"), min_length=20, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Che cosa non torna, quale sarebbe il valore giusto e da dove risulta."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Documento di prova"), required=False,
        help_text=gettext_lazy("PDF, immagine PNG o JPEG, foglio XLSX o ODS."),
    )  # fmt: skip


class DecisionForm(forms.Form):
    """How a contest ends."""

    decision = forms.CharField(
        label=gettext_lazy("Motivazione"), min_length=10, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Esito"),
        choices=[("accepted", gettext_lazy("Accolta")), ("rejected", gettext_lazy("Respinta"))],
        widget=forms.RadioSelect,
    )
