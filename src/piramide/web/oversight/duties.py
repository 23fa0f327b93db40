"""What waits for a person's decision: adjustments to confirm, results to validate, results to publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from piramide.cycle.runs.holding import holding
from piramide.kernel.periods import parse_period
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.house.duties import Duty, register
from piramide.web.oversight.models import Adjustment, ResultsValidation
from piramide.web.results.models import RunRecord


@register
def waiting_for(person: Access) -> Iterator[Duty]:
    """The duties of one person: one query for each kind of decision that is theirs."""
    language = spoken()
    if person.may_everywhere(Action.ADJUST):
        for number, label in Adjustment.objects.filter(state=Adjustment.State.PROPOSED).values_list("pk", "label"):
            text = _("Decidere la rettifica proposta: %(label)s") % {"label": label}
            yield Duty(text, reverse("oversight:adjustment", args=[number]))
    validates, publishes = (person.may_everywhere(a) for a in (Action.VALIDATE_RESULTS, Action.PUBLISH))
    if not (validates or publishes):
        return
    for run, period, outcome in newest_unpublished():
        words = {"period": parse_period(period).label(language)}
        if validates and outcome is None:
            yield Duty(_("Validare i risultati: %(period)s") % words, reverse("oversight:validation", args=[run]))
        elif publishes and outcome not in {None, ResultsValidation.Outcome.REFUSED}:
            yield Duty(_("Pubblicare i risultati: %(period)s") % words, reverse("oversight:publication", args=[run]))


def newest_unpublished() -> Iterator[tuple[str, str, str | None]]:
    """Id, period and last validation of the run that holds for each period, where it is not published yet."""
    last = ResultsValidation.objects.filter(run=OuterRef("pk")).order_by("-at", "-pk").values("outcome")[:1]
    for record in holding(RunRecord.objects.annotate(outcome=Subquery(last)).order_by()).values():
        if not record.is_published:
            yield record.run, record.period, record.outcome
