"""Campaigns from opening to closing: what each asks, who stands where, signatures, reminders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from piramide.kernel.findings import refuse
from piramide.web.accounts.models import Grant, User, named
from piramide.web.accounts.roles import ACTIONS, Action, Role
from piramide.web.audit.chain import Change, record
from piramide.web.collection.asked import without_data
from piramide.web.collection.cells import is_answer, label_of
from piramide.web.collection.models import Ask, Campaign, Reminder, Signature
from piramide.web.plans_in_force import organisation_on, plan_of


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new campaign is to be: `structures` and `indicators` narrow what data do not give."""

    title: str
    period: str
    due_on: date
    note: str
    structures: frozenset[str]
    indicators: frozenset[str]


@transaction.atomic
def open_campaign(user: User, opening: Opening) -> Campaign:
    """Open a campaign for every figure chosen that no data give. Refuses CO019 when there is none."""
    cells = [
        cell for cell in without_data(opening.period) if cell[0] in opening.structures and cell[1] in opening.indicators
    ]
    if not cells:
        raise refuse("CO019", subject=opening.period)
    campaign = Campaign.objects.create(
        title=opening.title, period=opening.period, pack=plan_of(opening.period).id, due_on=opening.due_on,
        note=opening.note, opened_by=user,
    )  # fmt: skip
    Ask.objects.bulk_create(
        Ask(campaign=campaign, structure=structure, indicator=indicator, period=period, place=place)
        for place, (structure, indicator, period) in enumerate(cells)
    )
    after: dict[str, Any] = {"title": campaign.title, "period": campaign.period, "due_on": campaign.due_on.isoformat()}
    after |= {"figures": len(cells), "indicators": sorted(opening.indicators)}
    record(named(user), Change("campaign.opened", f"campaign:{campaign.pk}", after=after))
    return campaign


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """Where a structure stands in a campaign; `signature` is the one that still holds."""

    structure: str
    asked: int
    answered: int
    signature: Signature | None
    is_late: bool
    reminded: Reminder | None = None

    @property
    def state(self) -> str:
        """In one word: signed, late, complete, begun, waiting."""
        if self.signature:
            return "signed"
        if self.is_late:
            return "late"
        if self.answered == self.asked:
            return "complete"
        return "begun" if self.answered else "waiting"


def campaign_progress(campaign: Campaign, structures: Collection[str], today: date) -> list[CampaignProgress]:
    """Where each of `structures` stands, in the order of the campaign."""
    asks: dict[str, list[Ask]] = {}
    for ask in campaign.asks.select_related("current"):
        if ask.structure in structures:
            asks.setdefault(ask.structure, []).append(ask)
    signed: dict[str, Signature] = {}
    for signature in campaign.signatures.all():
        signed.setdefault(signature.structure, signature)
    reminded: dict[str, Reminder] = {}
    for reminder in campaign.reminders.all():
        reminded.setdefault(reminder.structure, reminder)
    answer = []
    for structure, mine in asks.items():
        last = signed.get(structure)
        holds = last if last is not None and last.digest == digest(mine) else None
        is_late = campaign.is_open and today > campaign.due_on and holds is None
        answered = sum(is_answer(ask.current) for ask in mine)
        answer.append(CampaignProgress(structure, len(mine), answered, holds, is_late, reminded.get(structure)))
    return answer


def digest(asks: Iterable[Ask]) -> str:
    """SHA-256 over what the cells of a structure say."""
    said: list[tuple[str, ...]] = []
    for ask in asks:
        now = ask.current
        said.append((ask.indicator, ask.period, *((now.value, now.status, now.note) if now else ())))
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def sign(user: User, campaign: Campaign, structure: str, seen: str) -> Signature:
    """Confirm the values of a structure as they were shown (`seen` is their digest).

    Refuses CO008 in a closed campaign, CO011 when some are not answered, CO017 when they changed meanwhile.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not campaign.is_open:
        raise refuse("CO008", subject=campaign.title)
    asks = list(campaign.asks.filter(structure=structure).select_related("current", "campaign"))
    label = name_of(structure)
    if open_ones := [ask for ask in asks if not is_answer(ask.current)]:
        raise refuse("CO011", subject=label, count=len(open_ones), first=label_of(open_ones[0]))
    if digest(asks) != seen:
        raise refuse("CO017", subject=label)
    signature = Signature.objects.create(campaign=campaign, structure=structure, by=user, name=user.name, digest=seen)
    after = {"name": user.name, "digest": seen, "values": len(asks)}
    record(named(user), Change("values.confirmed", f"campaign:{campaign.pk}", structure, after=after))
    return signature


@transaction.atomic
def set_open(user: User, campaign: Campaign, *, is_open: bool, reason: str = "") -> None:
    """Close a campaign, or open it again for a reason."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.is_open is is_open:
        return
    before = {"is_open": campaign.is_open}
    campaign.closed_at, campaign.closed_by = (None, None) if is_open else (timezone.now(), user)
    campaign.save(update_fields=["closed_at", "closed_by"])
    verb = "campaign.reopened" if is_open else "campaign.closed"
    record(named(user), Change(verb, f"campaign:{campaign.pk}", "", before, {"is_open": is_open}, reason))


def people_for(structures: Sequence[str], action: Action = Action.COLLECT) -> Mapping[str, list[User]]:
    """Who may do an action on each structure, of the nearest role only: who answers for it, not who sees all."""
    today = timezone.localdate()
    organisation = organisation_on(today)
    roles = [role for role in Role if action in ACTIONS[role] and role is not Role.PLANNER]
    grants = [
        grant
        for grant in Grant.objects.filter(role__in=roles, revoked_at=None).select_related("user", "delegated_from")
        if grant.user.is_active and grant.holds_on(today)
    ]
    answer: dict[str, list[User]] = {}
    for structure in structures:
        chain = (structure, *organisation.ancestors(structure)) if structure in organisation else (structure,)
        nearest = next((above for above in chain if any(g.structure == above for g in grants)), "")
        answer[structure] = list(dict.fromkeys(g.user for g in grants if g.structure == nearest))
    return answer


def remind(user: User, campaign: Campaign, structures: Sequence[str]) -> int:
    """Write to who answers for each structure that is not signed; the number of messages. One message a person.

    Raises `OSError` when the server of mail takes none; what it took is noted when it took all.
    """
    waiting = [s.structure for s in campaign_progress(campaign, structures, timezone.localdate()) if not s.signature]
    people = people_for(waiting)
    mine: dict[User, list[str]] = {}
    for structure in waiting:
        for person in people[structure]:
            mine.setdefault(person, []).append(structure)
    address = f"{settings.CONFIGURATION.origin}{reverse('collection:campaign', args=[campaign.pk])}"
    letters = []
    for person, theirs in mine.items():
        words = {"campaign": campaign, "names": [name_of(s) for s in theirs], "address": address, "person": person}
        text = render_to_string("collection/reminder.txt", words)
        subject = render_to_string("collection/reminder_subject.txt", words).strip()
        letters.append(EmailMessage(subject, text, to=[person.email]))
    get_connection().send_messages(letters)  # first, and with the database free for others meanwhile
    with transaction.atomic():
        Reminder.objects.bulk_create(
            Reminder(campaign=campaign, structure=s, by=user, people=len(people[s])) for s in waiting if people[s]
        )
        after = {"structures": waiting, "people": sorted(person.email for person in mine)}
        record(named(user), Change("campaign.reminded", f"campaign:{campaign.pk}", after=after))
    return len(letters)


def name_of(structure: str) -> str:
    """What people call a structure."""
    found = organisation_on(timezone.localdate()).structures.get(structure)
    return found.label if found else structure
