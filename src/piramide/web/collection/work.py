"""What the collection does in the background: scoring what was collected."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.collection.computing import compute
from piramide.web.collection.models import Campaign
from piramide.web.jobs.kinds import Outcome, Progress, work


@work("collected", gettext_lazy("Calcolo dei valori raccolti"), Action.RUN_JOBS)
def collected_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Score the period of `campaign`: what data give, and what people collected where they give nothing."""
    campaign = Campaign.objects.get(pk=arguments["campaign"])
    progress(_("Misura dei fatti e calcolo"))
    run = compute(User.objects.filter(pk=arguments["user"]).first(), campaign)
    text = _("Calcolati i valori di «%(title)s»: esecuzione %(run)s.") % {"title": campaign.title, "run": run[:8]}
    return Outcome(text, f"{reverse('structures:index')}?run={run[:12]}")
