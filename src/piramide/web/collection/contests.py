"""Contesting a figure: who says so gives a reason, who decides gives one too, and nobody decides on the own contest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from piramide.kernel.numbers import format_quantity, from_float
from piramide.kernel.periods import parse_period
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.collection.asked import indicator_of
from piramide.web.collection.evidence import attach
from piramide.web.collection.models import Contest
from piramide.web.fields.language import spoken
from piramide.web.house.templatetags.piramide import NOTHING
from piramide.web.results.registry import Chosen


@dataclass(frozen=True, slots=True)
class Figure:
    """What is contested: the node of a structure in a run of a period, and what it was then."""

    structure: str
    indicator: str
    period: str
    run: str
    text: str


def figure_of(chosen: Chosen, structure: str, node: str) -> Figure | None:
    """What a run says of a node, in the language of the page; `None` for a node that it does not hold."""
    if not node or (structure, node) not in chosen.figures.rows:
        return None
    value = chosen.figures.figure("value", structure, node)
    indicator = indicator_of(node)
    text = NOTHING
    if value is not None:
        decimals = indicator.rounding if indicator else 2
        text = format_quantity(from_float(value), indicator.unit if indicator else "", decimals, spoken())
    moment = str(parse_period(chosen.record.period).moment)
    return Figure(structure, node, moment, chosen.record.run, text)


@transaction.atomic
def contest(user: User, figure: Figure, reason: str, file: UploadedFile[Any] | None) -> Contest:
    """Contest a figure; one that is contested already is answered with the contest that is open."""
    made, is_new = Contest.objects.get_or_create(  # somebody may have been quicker: only one is open at a time
        structure=figure.structure, indicator=figure.indicator, period=figure.period, state=Contest.State.OPEN,
        defaults={"run": figure.run, "figure": figure.text, "reason": reason, "by": user},
    )  # fmt: skip
    if not is_new:
        return made
    after = {"indicator": figure.indicator, "period": figure.period, "figure": figure.text, "run": figure.run}
    record(named(user), Change("figure.contested", f"contest:{made.pk}", figure.structure, None, after, reason))
    if file is not None:
        attach(user, f"contest:{made.pk}", figure.structure, file)
    return made


@transaction.atomic
def decide(user: User, contest_id: int, *, accepted: bool, decision: str) -> bool:
    """Accept or reject an open contest; whether it was open: one that was decided stays as it is."""
    found = Contest.objects.select_for_update().get(pk=contest_id)
    if found.by_id == user.pk:
        raise PermissionDenied("own contest")
    if found.state != Contest.State.OPEN:
        return False
    found.state = Contest.State.ACCEPTED if accepted else Contest.State.REJECTED
    found.decided_by, found.decided_at, found.decision = user, timezone.now(), decision
    found.save()
    change = Change(
        "contest.decided", f"contest:{found.pk}", found.structure, {"state": "open"}, {"state": found.state}, decision
    )
    record(named(user), change)
    return True


def contested_at(period: str) -> frozenset[tuple[str, str]]:
    """(structure, node) of the figures of a period that somebody contests, until it is decided."""
    open_ones = Contest.objects.filter(period=period, state=Contest.State.OPEN)
    return frozenset(open_ones.values_list("structure", "indicator"))
