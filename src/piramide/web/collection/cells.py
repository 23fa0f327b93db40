"""Writing a value: checked like a file, one version after the other, and never over what somebody else just wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from piramide.cycle.collected import Collected, check_collected, read_typed
from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.statuses import ANSWERED, WITH_VALUE, Status
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.collection.asked import asked_at
from piramide.web.collection.models import Ask, Campaign, Value
from piramide.web.fields.language import spoken
from piramide.web.fields.texts import printable
from piramide.web.plans_in_force import plan_called

"""The statuses that a person may give; the others are given by the cycle."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed into a cell; `seen` is the version they started from (0: none)."""

    value: str
    status: str
    note: str
    seen: int


def shown(text: str) -> str:
    """An exact decimal as the language of the page writes it, without grouping: it can be copied and pasted."""
    return text.replace(".", wording.word("number", "decimal", spoken()) or ",")


def worded(finding: Finding) -> str:
    """A finding about one cell: the cell is where it is said."""
    return replace(finding, place=Place()).message()


def unit_of(ask: Ask) -> str:
    """The unit of the figure that is asked."""
    asked = asked_at(ask.campaign.period, ask.campaign.pack).get((ask.structure, ask.indicator, ask.period))
    return asked.unit if asked else ""


def label_of(ask: Ask) -> str:
    """What the sheet calls the figure."""
    asked = asked_at(ask.campaign.period, ask.campaign.pack).get((ask.structure, ask.indicator, ask.period))
    return asked.label if asked else ask.indicator


def checked(ask: Ask, typed: Typed) -> Collected:
    """What a cell says, exact. Refuses what is no number, what the plan does not allow, a status without its reason."""
    value = read_typed(typed.value, unit_of(ask), spoken())
    status = typed.status if typed.status in ANSWERED else ""
    note = printable(typed.note).strip()[:500]
    if value and status not in WITH_VALUE:
        status = status or Status.MEASURED
    elif not value and status in {"", *WITH_VALUE}:
        status = Status.MISSING  # emptied: the question is open again
    elif not value and not note:
        raise refuse("CO018", subject=status)
    collected = Collected(ask.structure, ask.indicator, ask.period, value, status, note)
    check_collected(plan_called(ask.campaign.pack), collected)
    return collected


@transaction.atomic
def write_cell(user: User, ask_id: int, typed: Typed) -> Ask:
    """A new version of a cell, unless it says what the last one does.

    Refuses CO008 in a closed campaign, CO014 when somebody wrote since `typed.seen`, and what `checked` refuses.
    """
    ask = locked(ask_id)
    refuse_if_closed(ask)
    said = checked(ask, typed)
    if says_the_same(ask.current, said):
        return ask
    if (ask.current_id or 0) != typed.seen:
        raise conflict(ask, typed.value or typed.status)
    before = as_json(ask.current)
    add_version(ask, said, user, Value.Origin.TYPED)
    subject = f"ask:{ask.pk} {ask.indicator} {ask.period}"
    record(named(user), Change("value.written", subject, ask.structure, before, as_json(ask.current)))
    return ask


def locked(ask_id: int) -> Ask:
    """The cell, held until the transaction ends; its campaign too, so that it is not closed meanwhile."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(asks=ask_id)  # first, as all who hold both do
    ask = Ask.objects.select_for_update(of=("self",)).select_related("current__by").get(pk=ask_id)
    ask.campaign = campaign
    return ask


def refuse_if_closed(ask: Ask) -> None:
    """Refuse (CO008) a cell whose campaign is closed."""
    if not ask.campaign.is_open:
        raise refuse("CO008", subject=ask.campaign.title)


def says_the_same(current: Value | None, said: Collected) -> bool:
    """Whether nothing would change."""
    if current is None:
        return not said.value and not said.note and said.status == Status.MISSING
    return (current.value, current.status, current.note) == (said.value, said.status, said.note)


def conflict(ask: Ask, mine: str) -> Refusal:
    """The refusal that shows both values."""
    current = ask.current
    finding = Finding(
        "CO014",
        subject=ask.indicator,
        fields={"who": current.by.name if current else "–"},
        stated=shown(current.value or current.status) if current else "–",
        recomputed=mine,
    )
    return Refusal(finding)


def add_version(ask: Ask, said: Collected, user: User, origin: Value.Origin) -> None:
    """Append a version and make it the current one."""
    number = ask.current.number + 1 if ask.current else 1
    ask.current = Value.objects.create(
        ask=ask, number=number, value=said.value, status=said.status, note=said.note, by=user, origin=origin
    )
    ask.save(update_fields=["current"])


def as_json(value: Value | None) -> dict[str, str] | None:
    """A version as the register of changes keeps it."""
    return None if value is None else {"value": value.value, "status": value.status, "note": value.note}


def is_answer(value: Value | None) -> bool:
    """Whether a version answers the question: a value, or the reason why there is none."""
    return value is not None and bool(value.value or value.note)
