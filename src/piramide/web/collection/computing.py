"""From what was collected to a run: the values file of a campaign, and its scoring together with what data give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from piramide.cycle.collected import Collected, score_collected
from piramide.cycle.score import Request
from piramide.web.accounts.models import User
from piramide.web.audit.chain import Change, record
from piramide.web.collection.campaigns import standings
from piramide.web.collection.contests import contested_at
from piramide.web.collection.models import Campaign
from piramide.web.results.models import RunRecord
from piramide.web.results.shelf import library, register_runs
from django.utils import timezone


def collected_values(campaign: Campaign) -> Iterator[Collected]:
    """What a campaign collected, in its order; a value that nobody signed is an estimate, and says so."""
    structures = set(campaign.asks.values_list("structure", flat=True))
    signed = {s.structure for s in standings(campaign, structures, timezone.localdate()) if s.signature}
    contested = contested_at(campaign.period)
    for ask in campaign.asks.select_related("current"):
        value = ask.current
        if value is None:
            continue
        status, note = value.status, value.note
        if ask.structure not in signed and status == "measured":
            status, note = "estimated", "; ".join(filter(None, (note, _("valore non confermato"))))
        is_contested = (ask.structure, ask.indicator) in contested
        yield Collected(ask.structure, ask.indicator, ask.period, value.value, status, note, is_contested)


def compute(user: User, campaign: Campaign) -> str:
    """Score the period of a closed campaign and keep the run; its id. Refuses what `score_collected` refuses."""
    configuration = settings.CONFIGURATION
    file = Path(configuration.data) / "collected" / f"campaign-{campaign.pk}.csv"
    request = Request(campaign.pack, file, campaign.period, demonstration=configuration.demonstration)
    collected = list(collected_values(campaign))
    scored = score_collected(
        request, collected, contested_at(campaign.period), configuration.packs, library().store
    )
    with transaction.atomic():
        register_runs()
        reason = _("campagna «%(title)s»") % {"title": campaign.title}
        RunRecord.objects.filter(run=scored.run_id, made_by=None).update(made_by=user, reason=reason[:300])
        campaign.run = scored.run_id
        campaign.save(update_fields=["run"])
        after = {"run": scored.run_id, "values": len(collected)}
        record(user, Change("campaign.computed", f"campaign:{campaign.pk}", after=after, reason=reason))
    return scored.run_id
