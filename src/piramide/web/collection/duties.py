"""What the collection asks of a person: values to enter, values to confirm, contests to decide, campaigns to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action, Role
from piramide.web.collection.models import Ask, Campaign, Contest, Signature
from piramide.web.house.duties import Duty, register


@register
def duties(person: Access) -> Iterator[Duty]:
    """My part of open campaigns, and what waits for a decision of mine."""
    if person.may(Action.COLLECT) and not person.has(Role.PLANNER):
        yield from _mine(person)
    if person.may_everywhere(Action.MANAGE_CAMPAIGNS):
        yield from _managed()


def _mine(person: Access) -> Iterator[Duty]:
    """Open campaigns in which structures of mine are not confirmed: one line a campaign."""
    asks = Ask.objects.filter(campaign__closed_at=None).order_by()
    groups = asks.values("campaign", "campaign__title", "campaign__due_on", "structure").annotate(
        asked=Count("id"), given=Count("current"), latest=Max("current__at")
    )
    signatures = Signature.objects.filter(campaign__closed_at=None).order_by("at") if groups else ()
    signed = {(signature.campaign_id, signature.structure): signature.at for signature in signatures}
    open_ones: dict[tuple[int, str, date], list[tuple[str, bool]]] = {}
    for group in groups:
        structure = group["structure"]
        if not person.may(Action.COLLECT, structure):
            continue
        at = signed.get((group["campaign"], structure))
        if at is None or (group["latest"] and group["latest"] > at):
            key = (group["campaign"], group["campaign__title"], group["campaign__due_on"])
            open_ones.setdefault(key, []).append((structure, group["given"] == group["asked"]))
    for (campaign, title, due), waiting in open_ones.items():
        to_enter = sum(not is_whole for _structure, is_whole in waiting)
        address = reverse("collection:campaign", args=[campaign])
        if len(waiting) == 1:
            address = reverse("collection:sheet", args=[campaign, waiting[0][0]])
        if to_enter:
            text = ngettext(
                "%(title)s: valori da inserire per %(count)s struttura",
                "%(title)s: valori da inserire per %(count)s strutture",
                to_enter,
            )
        else:
            text = ngettext(
                "%(title)s: valori da confermare per %(count)s struttura",
                "%(title)s: valori da confermare per %(count)s strutture",
                len(waiting),
            )
        yield Duty(text % {"title": title, "count": to_enter or len(waiting)}, address, due)


def _managed() -> Iterator[Duty]:
    """Contests that wait, campaigns past their day, closed ones that nobody computed."""
    if waiting := Contest.objects.filter(state=Contest.State.OPEN).count():
        text = ngettext("%(count)s contestazione da decidere", "%(count)s contestazioni da decidere", waiting)
        yield Duty(text % {"count": waiting}, reverse("collection:contests"))
    today = timezone.localdate()
    for campaign in sorted(Campaign.objects.filter(run="").order_by(), key=lambda campaign: campaign.due_on):
        address = reverse("collection:campaign", args=[campaign.pk])
        if not campaign.is_open:
            yield Duty(_("%(title)s: campagna chiusa, da calcolare") % {"title": campaign.title}, address)
        elif campaign.due_on < today:
            yield Duty(_("%(title)s: campagna scaduta, da sollecitare o chiudere") % {"title": campaign.title}, address)
