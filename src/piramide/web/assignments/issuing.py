"""Issuing sheets and acknowledging them: whole or not at all, and every step in the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from piramide.cycle.assignments import AssignmentAct, asked_of, keep_assignment
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import refuse
from piramide.kernel.progress import Progress
from piramide.methodology.model import Pack
from piramide.web.accounts.models import Grant, User, named
from piramide.web.assignments.models import Acknowledgement, AssignedSheet, Issue
from piramide.web.assignments.standing import Offices
from piramide.web.audit.chain import Change, one_writer, record
from piramide.web.plans_in_force import organisation_on, plan_on


@dataclass(frozen=True, slots=True)
class Issuing:
    """Which sheets are to be issued: of some structures, of a kind, or of all of them; by which act and until when."""

    act: AssignmentAct
    answer_by: date
    structures: tuple[str, ...] = ()
    kind: str = ""

    @property
    def named(self) -> str:
        """What was asked for, in a word; nothing for all of them."""
        return ", ".join(self.structures) or self.kind


def wanted(issuing: Issuing) -> dict[str, str]:
    """The sheets that would be issued, by structure with their digest: those that were not, or that have changed.

    Refuses CY103 where there are none, CY106 a day before that of a sheet in force, RP007 and RP008 a structure without
    a sheet, CY100 a day outside the plan.
    """
    day = issuing.act.holds_from
    pack = plan_on(day)
    asked = asked_of(pack, _structures(pack, issuing), day)
    rows = AssignedSheet.objects.filter(is_current=True, year=pack.year, structure__in=asked).select_related("issue")
    current = {row.structure: row for row in rows}
    changed = {name: digest for name, digest in asked.items() if name not in current or current[name].content != digest}
    if not changed:
        raise refuse("CY103", subject=issuing.named or pack.id)
    for name in changed:
        if name in current and day < (since := current[name].issue.holds_from):
            raise refuse("CY106", subject=name, since=since)
    return changed


def _structures(pack: Pack, issuing: Issuing) -> list[str]:
    if issuing.structures:
        return list(issuing.structures)
    known = pack.organisation.on(issuing.act.holds_from)
    return [name for name in pack.sheets if name in known and issuing.kind in {"", known[name].kind}]


def issue(user: User, issuing: Issuing, progress: Progress) -> Issue:
    """Print, keep and hand out the sheets of `wanted`, all in one: stopped anywhere, none is handed out.

    What was kept and not handed out is taken up again by the same act. Refuses what `wanted` refuses; CY101.
    """
    act = issuing.act
    pack = plan_on(act.holds_from)
    sheets = wanted(issuing)
    kept = keep_assignment(Store(settings.CONFIGURATION.store), pack, sheets, act, progress)
    with transaction.atomic():
        one_writer()
        if wanted(issuing) != sheets:  # somebody issued in the meantime
            raise refuse("CY103", subject=issuing.named or pack.id)
        made = Issue.objects.create(
            assignment=kept.id, plan=pack.id, plan_hash=pack.hash, number=act.number, act_day=act.day,
            issuer=act.issuer, protocol=act.protocol, signed_by=act.signed_by, is_signed=bool(act.signed),
            holds_from=act.holds_from, answer_by=issuing.answer_by, by=user,
        )  # fmt: skip
        for name, digest in sheets.items():
            _hand_out(user, made, pack.year, name, digest)
    return made


def _hand_out(user: User, made: Issue, year: int, structure: str, digest: str) -> None:
    before = AssignedSheet.objects.filter(structure=structure, year=year, is_current=True).first()
    if before is not None:
        before.is_current = False
        before.save(update_fields=["is_current"])
    sheet = AssignedSheet.objects.create(issue=made, structure=structure, year=year, content=digest)
    if before is not None:
        before.replaced_by = sheet
        before.save(update_fields=["replaced_by"])
    after = {"assignment": made.assignment, "holds_from": made.holds_from.isoformat(), "content": digest}
    was = {"assignment": before.issue.assignment, "content": before.content} if before else None
    act = f"{made.number} · {made.act_day:%Y-%m-%d}"
    record(named(user), Change("assignment.issued", f"sheet:{sheet.pk}", structure, was, after, act=act))


@transaction.atomic
def acknowledge(user: User, sheet_id: int, reservation: str) -> Acknowledgement:
    """Record that the person in office, or who stands in for them, has seen a sheet.

    Refuses CY104 a sheet that was replaced, CY105 one acknowledged already, CY107 who does not direct the structure.
    """
    one_writer()
    sheet = AssignedSheet.objects.select_related("issue").get(pk=sheet_id)
    if not sheet.is_current:
        raise refuse("CY104", subject=sheet.structure)
    office = office_of(user, sheet.structure)
    if office is None:
        raise refuse("CY107", subject=sheet.structure)
    if Acknowledgement.objects.filter(sheet=sheet, office=office).exists():
        raise refuse("CY105", subject=sheet.structure)
    made = Acknowledgement.objects.create(sheet=sheet, office=office, reservation=reservation, by=user)
    verb = "assignment.reserved" if reservation else "assignment.seen"
    after = {"assignment": sheet.issue.assignment}
    record(named(user), Change(verb, f"sheet:{sheet.pk}", sheet.structure, None, after, reservation))
    return made


def office_of(user: User, structure: str) -> Grant | None:
    """The office by which a person answers for a structure today: their own, or the one they stand in for."""
    today = timezone.localdate()
    in_office = {grant.pk: grant for grant in Offices.on(today, organisation_on(today)).of(structure)}
    for grant in Grant.objects.filter(user=user, revoked_at=None).select_related("delegated_from__delegated_from"):
        root = grant
        while root.delegated_from is not None:
            root = root.delegated_from
        if root.pk in in_office and grant.holds_on(today):
            return in_office[root.pk]
    return None
