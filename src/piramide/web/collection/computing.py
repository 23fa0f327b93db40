"""From what was collected to a run: the values of a campaign, and their scoring together with what data give."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from piramide.cycle.collected import Collected, as_confirmed, collected_rows, last_answers
from piramide.cycle.score_period import PeriodRequest, score_period
from piramide.kernel.progress import silent
from piramide.scoring.value_table import read_rows
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.collection.asked import asked_at
from piramide.web.collection.campaigns import campaign_progress
from piramide.web.collection.contests import contested_at
from piramide.web.collection.models import Ask, Campaign
from piramide.web.results.invented import invented_values
from piramide.web.results.models import RunRecord
from piramide.web.results.prepared_pages import prepare_pages
from piramide.web.results.registry import opened_runs, register_runs


def collected_values(campaign: Campaign) -> Iterator[Collected]:
    """What a campaign collected, in its order, as it is scored."""
    asks = list(campaign.asks.select_related("current"))
    structures = {ask.structure for ask in asks}
    signed = {s.structure for s in campaign_progress(campaign, structures, timezone.localdate()) if s.signature}
    contested = contested_at(campaign.period)
    for ask in asks:
        value = ask.current
        if value is None:
            continue
        is_contested = (ask.structure, ask.indicator) in contested
        item = Collected(ask.structure, ask.indicator, ask.period, value.value, value.status, value.note, is_contested)
        yield as_confirmed(item, is_signed=ask.structure in signed)


def _of_the_period(period: str, pack: str) -> list[Collected]:
    """What every campaign of a period collected, and in a demonstration what is invented besides."""
    campaigns = Campaign.objects.filter(period=period).order_by("opened_at")
    answers = last_answers(collected_values(campaign) for campaign in campaigns)
    asks = Ask.objects.filter(campaign__period=period)
    asked = set(asks.values_list("structure", "indicator", "period"))
    return [*answers, *_invented(period, pack, asked)]


def _invented(period: str, pack: str, asked: Collection[tuple[str, str, str]]) -> Iterator[Collected]:
    """In a demonstration, the invented values of what no campaign asked."""
    known = asked_at(period, pack)
    for path in invented_values(pack):
        for row in read_rows(path).to_pylist():
            key = (row["structure"], row["indicator"], row["period"])
            if key in known and key not in asked:
                yield Collected(*key, row["value"], row["status"], row["note"])


def compute(user: User | None, campaign: Campaign) -> str:
    """Score the period of a campaign and keep the run; its id. Refuses what `score_period` refuses."""
    configuration = settings.CONFIGURATION
    collected = _of_the_period(campaign.period, campaign.pack)
    rows, contested = collected_rows(collected), contested_at(campaign.period)
    demonstration = configuration.demonstration
    request = PeriodRequest(campaign.pack, campaign.period, rows, contested, demonstration=demonstration)
    scored = score_period(request, configuration.packs, opened_runs().store, silent)
    prepare_pages(scored.run_id, silent)
    with transaction.atomic():
        register_runs()
        reason = _("campagna «%(title)s»") % {"title": campaign.title}
        RunRecord.objects.filter(run=scored.run_id, made_by=None).update(made_by=user, reason=reason[:300])
        Campaign.objects.filter(pk=campaign.pk).update(run=scored.run_id)
        after = {"run": scored.run_id, "values": len(collected)}
        record(named(user), Change("campaign.computed", f"campaign:{campaign.pk}", after=after, reason=reason))
    return scored.run_id
