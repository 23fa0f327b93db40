"""What programs write: the values that a campaign of collection asks."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import P, PathEx, Query, Router
from pydantic import Field

from piramide.kernel.statuses import Status
from piramide.web.accounts.guards import access, allow
from piramide.web.accounts.roles import Action
from piramide.web.api import shapes
from piramide.web.api.endpoints import NAME
from piramide.web.api.paging import Asked, Page, PageAsked, page
from piramide.web.api.reading import signed
from piramide.web.api.shapes import Body
from piramide.web.collection.cells import Typed, unit_of, write_cell
from piramide.web.collection.models import Ask, Campaign

router = Router(tags=["collection"])
LARGEST = 2**62
CampaignId = PathEx[int, P(ge=1, le=LARGEST, description="Id of a campaign.")]
AskId = PathEx[int, P(ge=1, le=LARGEST, description="Id of a figure that the campaign asks.")]


class AsksAsked(Asked):
    """Which figures."""

    structure: Annotated[str, Field(pattern=NAME, max_length=100, description="A structure.")] = ""


@router.get("/campaigns", response=Page[shapes.CampaignShown], operation_id="list_campaigns")
def campaigns(request: HttpRequest, response: HttpResponse, asked: PageAsked) -> Body:
    """Campaigns that ask something of the structures of the key, the newest first.

    Period, plan and last day of each. Needs a key with `collect`.
    """
    signed(request)
    person = access(request)
    mine = person.structures(Action.READ_RESULTS)
    entries = list(Campaign.objects.filter(asks__structure__in=mine).distinct())
    found, following = page(request, response, entries, lambda one: str(one.pk), asked)
    return {"items": list(found), "next_cursor": following}


@router.get("/campaigns/{campaign}/values", response=Page[shapes.AskShown], operation_id="list_campaign_values")
def values(request: HttpRequest, response: HttpResponse, campaign: CampaignId, asked: Query[AsksAsked]) -> Body:
    """What a campaign asks of the structures of the key, with the answers so far.

    Each figure with the version that holds, to be sent back when it is answered. Needs a key with `collect`.
    """
    signed(request)
    person = access(request)
    asks = Ask.objects.filter(campaign=campaign).select_related("current", "campaign")
    entries = [ask for ask in asks if person.may(Action.READ_RESULTS, ask.structure)]
    if not entries:
        raise Http404(str(campaign))
    entries = [ask for ask in entries if asked.structure in {"", ask.structure}]
    found, following = page(request, response, entries, lambda one: str(one.pk), asked)
    return {"items": [_shown(ask) for ask in found], "next_cursor": following}


@router.put("/campaigns/{campaign}/values/{value}", response=shapes.AskShown, operation_id="write_campaign_value")
def write(request: HttpRequest, campaign: CampaignId, value: AskId, body: shapes.ValueWritten) -> Body:
    """Answer one figure: a new version, never over what somebody else wrote in the meantime (409).

    The same answer sent twice changes nothing. Needs a key with `collect`.
    """
    user = signed(request)
    ask = Ask.objects.filter(campaign=campaign, pk=value).first()
    if ask is None or not access(request).may(Action.READ_RESULTS, ask.structure):
        raise Http404(str(value))
    allow(access(request), Action.COLLECT, ask.structure)
    with override("en"):  # a program writes numbers one way, whatever the language of its messages
        written = write_cell(user, ask.pk, Typed(body.value, body.status, body.note, body.version))
    return _shown(written)


def _shown(ask: Ask) -> Body:
    now = ask.current
    return {
        "id": ask.pk,
        "structure": ask.structure,
        "indicator": ask.indicator,
        "period": ask.period,
        "unit": unit_of(ask),
        "value": now.value if now else "",
        "status": now.status if now else Status.MISSING,
        "note": now.note if now else "",
        "version": ask.current_id or 0,
    }
