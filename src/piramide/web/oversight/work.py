"""The work of oversight: recompute a run, listen for alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from piramide.cycle.alarms import Request, alarms
from piramide.cycle.verification.verify import Verification as Answer
from piramide.cycle.verification.verify import verify
from piramide.kernel.periods import parse_period
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.house.templatetags.piramide import day
from piramide.web.jobs.kinds import Outcome, Progress, work
from piramide.web.oversight.models import AlarmReport, Verification
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs


def _asker(arguments: dict[str, Any]) -> User | None:
    return User.objects.filter(pk=int(arguments.get("user", 0))).first()


def keep_verification(run: str, user: User | None) -> Answer:
    """Recompute `run` with its facts, and note what came of it where the site knows the run."""
    answer = verify(opened_runs().store, run, with_facts=True)
    note_verification(answer, user)
    return answer


def note_verification(answer: Answer, user: User | None) -> bool:
    """Note what came of a verification, by `user` or on the command line; not of a run that the site does not know."""
    record = RunRecord.objects.filter(run=answer.run).first()
    if record is None:
        return False
    Verification.objects.create(
        run=record,
        by=user,
        is_whole=answer.verified,
        difference=answer.difference.as_json() if answer.difference else None,
        made_with=answer.made_with,
        verified_with=answer.verified_with,
    )
    return True


@work("verify", gettext_lazy("Verifica di un'esecuzione"), Action.VERIFY)
def verify_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Recompute `run` from what it kept, and note what came of it."""
    progress(_("Ricalcolo dell'esecuzione"))
    answer = keep_verification(arguments["run"], _asker(arguments))
    found = answer.difference
    address = reverse("oversight:run", args=[answer.run]) if RunRecord.objects.filter(run=answer.run).exists() else ""
    if found is None:
        text = _("Verificata: %(run)s si ricalcola uguale in ogni cifra.") % {"run": answer.run[:8]}
        if answer.is_of_earlier_rules:
            text = _("Verificata con le regole del %(day)s: %(run)s è come fu conservata.") % {
                "run": answer.run[:8], "day": day(answer.rules_since) if answer.rules_since else answer.rules,
            }  # fmt: skip
        return Outcome(text, address)
    where = " ".join(filter(None, (found.file, found.structure, found.node, found.column)))
    text = _("NON verificata: %(run)s differisce in %(where)s.") % {"run": answer.run[:8], "where": where}
    return Outcome(text, address)


@work("alarms", gettext_lazy("Ascolto degli allarmi di integrità"), Action.OVERSEE)
def alarms_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Run every alarm over the work of `period`, and keep what each heard."""
    period = parse_period(arguments["period"])
    progress(_("Esame del registro delle lavorazioni"))
    answer = alarms(Request(str(period)), opened_runs().store.root)
    with transaction.atomic():
        AlarmReport.objects.update_or_create(
            period=str(period),
            defaults={
                "ends_on": period.end - timedelta(days=1),
                "at": timezone.now(),
                "by": _asker(arguments),
                "by_chance": answer.by_chance,
                "alarms": [examined.as_json() for examined in answer.alarms],
            },
        )
    count = len(answer.evidence)
    text = ngettext("%(count)s segnalazione da guardare.", "%(count)s segnalazioni da guardare.", count)
    return Outcome(text % {"count": count}, reverse("oversight:alarms_of", args=[str(period)]))
