"""The register of changes: read, filtered, verified now, exported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from piramide.web.accounts.access import Access
from piramide.web.accounts.forms import structure_choices
from piramide.web.accounts.guards import access, guarded
from piramide.web.accounts.roles import Action
from piramide.web.audit.chain import ChainReport, check_chain
from piramide.web.fields.days import DayField
from piramide.web.fields.whole_numbers import whole_number
from piramide.web.oversight.register import reading
from piramide.web.oversight.register.verbs import in_words

PAGE = 50


class FilterForm(forms.Form):
    """Which rows to show."""

    chi = forms.CharField(label=_("Chi"), required=False)
    verbo = forms.ChoiceField(label=_("Che cosa"), required=False)
    struttura = forms.ChoiceField(label=_("Struttura"), required=False)
    dal = DayField(label=_("Dal"), required=False)
    al = DayField(label=_("Al"), required=False)

    def __init__(self, person: Access, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = reading.readable(person).order_by("verb").values_list("verb", flat=True).distinct()
        structures = person.structures(Action.READ_AUDIT)
        choices = {
            "verbo": [("", _("Tutto")), *((verb, in_words(verb)) for verb in verbs)],
            "struttura": [("", _("Tutte")), *structure_choices(person.organisation, structures)],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
            field.choices = options

    def wanted(self) -> reading.Wanted:
        """The choice; a part that makes no sense chooses nothing."""
        self.is_valid()
        given = self.cleaned_data
        return reading.Wanted(
            given.get("chi", ""), given.get("verbo", ""), given.get("struttura", ""), given.get("dal"), given.get("al")
        )


@guarded(Action.READ_AUDIT)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Rows, newest first."""
    return _page(request)


@guarded(Action.READ_AUDIT)
@never_cache
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the chain now, and say what was found: the seal is on this answer and on no other."""
    return _page(request, check_chain())


def _page(request: HttpRequest, report: ChainReport | None = None) -> HttpResponse:
    person = access(request)
    form = FilterForm(person, request.GET)
    rows = reading.chosen(reading.readable(person), form.wanted())
    if (before := whole_number(request.GET.get("prima", ""))) is not None:
        rows = rows.filter(number__lt=before)
    page = list(rows[: PAGE + 1])
    facts = {
        "form": form,
        "rows": page[:PAGE],
        "older_than": page[PAGE - 1].number if len(page) > PAGE else None,
        "report": report,
        "verified_at": timezone.now() if report else None,
        "is_whole_register": person.may_everywhere(Action.READ_AUDIT),
    }
    return render(request, "oversight/register.html", facts)


@guarded(Action.READ_AUDIT)
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The chosen rows as CSV."""
    person = access(request)
    rows = reading.chosen(reading.readable(person), FilterForm(person, request.GET).wanted())
    answer = StreamingHttpResponse(reading.as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="registro-{timezone.localdate().isoformat()}.csv"'
    return answer
