"""The work that waits in a demonstration: made once, each thing by what a person of that role would use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation

from piramide.cycle.assignments import AssignmentAct
from piramide.cycle.boards.projects import ATTESTED, DELIVERED, PLANNED
from piramide.cycle.plans.drafting.edits import Edit, EditKind
from piramide.kernel.findings import Refusal
from piramide.kernel.progress import silent
from piramide.kernel.statuses import Status
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.assignments.issuing import Issuing, acknowledge, issue
from piramide.web.calendar.models import Appointment
from piramide.web.calendar.setting import set_deadline
from piramide.web.collection.asked import without_data
from piramide.web.collection.campaigns import Opening, digest, open_campaign, sign
from piramide.web.collection.cells import Typed, shown, write_cell
from piramide.web.collection.contests import contest, figure_of
from piramide.web.collection.models import Campaign
from piramide.web.oversight.decisions import Document, publish_results, validate_results
from piramide.web.oversight.last_look.checklist import Answers, checklist_of
from piramide.web.oversight.models import ResultsValidation
from piramide.web.oversight.work import keep_verification
from piramide.web.plans.draft_gates import GivenAct, open_draft, propose
from piramide.web.plans.drafts import Saving, save
from piramide.web.plans_in_force import organisation_on, plan
from piramide.web.projects.models import ProjectRecord
from piramide.web.projects.registry import projects
from piramide.web.projects.steps import Said, add_project, add_step
from piramide.web.results.known_runs import line_from
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import Chosen

if TYPE_CHECKING:
    from piramide.demo.duties import (
        InventedAnswers,
        InventedAssignment,
        InventedCampaign,
        InventedDeliverable,
        InventedDraft,
        InventedWork,
    )


@transaction.atomic
def begin(work: InventedWork) -> bool:
    """Give everybody something to do, all of it or nothing; whether it was not there before."""
    if Campaign.objects.filter(title__in=[one.title for one in work.campaigns]).exists():
        return False
    with translation.override("it"):
        for campaign in work.campaigns:
            _collect(work, campaign)
        for deliverable in work.deliverables:
            _deliver(work, deliverable)
        _hand_out(work, work.assignment)
        _propose(work, work.draft)
        for day in work.days:
            due = timezone.localdate() + timedelta(days=day.due_in)
            made = Appointment(title=day.title, day=due, duty=Action(day.action), structure=_top(), act=work.act)
            set_deadline(_person(work.planner), made)
        if newest := RunRecord.objects.filter(published_at=None, pack=plan().id).first():
            _judge(work, newest)
    return True


def publish_older(work: InventedWork, until: date, progress: Callable[[int, int], None]) -> int:
    """Publish the runs of periods that end before a day, oldest first, each as people do it; how many were.

    Each is recomputed, validated and published with the lines of its checklist answered. One that does not recompute or
    may not be published stays as it is. Stopped half-way, it goes on where it was when it is asked again.
    """
    waiting = RunRecord.objects.filter(published_at=None, ends_on__lt=until).order_by("ends_on", "made_at")
    published = 0
    with translation.override("it"):
        for number, record in enumerate(waiting):
            progress(number, len(waiting))
            with suppress(Refusal):  # a touched one, or one whose period has a later one: its page says why
                keep_verification(record.pk, _person(work.oiv))  # outside: whoever writes would wait for it
                published += _publish(work, record)
    return published


@transaction.atomic
def _publish(work: InventedWork, record: RunRecord) -> bool:
    validated, answers = _validate(work, record)
    return validated and publish_results(_person(work.publisher), record, work.act, answers)


def _validate(work: InventedWork, record: RunRecord) -> tuple[bool, Answers]:
    """The OIV's document on a verified run after a last look, and what was answered; none on one not recomputed."""
    user = _person(work.oiv)
    checklist = checklist_of(record)
    answers = Answers(checklist.digest, {seen.line.id: work.passed_over for seen in checklist.asking})
    if checklist.blocking:
        return False, answers
    said = ResultsValidation.Outcome.VALIDATED.value
    document = Document(uuid4(), said, work.act, timezone.localdate(), work.document)
    validate_results(user, record, document, answers)
    return True, answers


def _person(email: str) -> User:
    return User.objects.get(email=email)


def _top() -> str:
    structures = organisation_on(timezone.localdate()).structures.values()
    return next(structure.id for structure in structures if not structure.parent)


def _collect(work: InventedWork, wanted: InventedCampaign) -> None:
    """Open a campaign and give what is given already."""
    organisation = organisation_on(timezone.localdate())
    structures = frozenset(
        name for name in organisation.structures if {name, *organisation.ancestors(name)} & set(wanted.below)
    )
    sites = {answers.structure for answers in wanted.answers}
    cells = without_data(wanted.period)
    nodes = frozenset(node for structure, node, _moment in cells if structure in sites)
    due = timezone.localdate() + timedelta(days=wanted.due_in)
    opening = Opening(wanted.title, wanted.period, due, wanted.note, structures, nodes)
    campaign = open_campaign(_person(work.planner), opening)
    for answers in wanted.answers:
        _answer(work, campaign, answers)


def _answer(work: InventedWork, campaign: Campaign, answers: InventedAnswers) -> None:
    user = _person(answers.person)
    asks = list(campaign.asks.filter(structure=answers.structure))[: answers.only]
    for ask in asks:
        value = work.values.get((ask.structure, ask.indicator))
        said = Typed("", Status.NOT_APPLICABLE, work.document, 0)
        if value:
            said = Typed(shown(value), Status.MEASURED, "", 0)
        write_cell(user, ask.pk, said)
    if asks and answers.only is None:
        given = campaign.asks.filter(structure=answers.structure).select_related("current")
        sign(user, campaign, answers.structure, digest(given))


def _deliver(work: InventedWork, wanted: InventedDeliverable) -> None:
    """Plan a deliverable in the first project of a structure, deliver it, and attest it where that is wanted."""
    code = next((code for code, structure in sorted(projects()) if structure == wanted.structure), "")
    if not code:
        said = ProjectRecord(code=work.project, structure=wanted.structure, title=work.document)
        code = add_project(_person(work.planner), said).code
    due = date(plan().year, 12, 31)
    steps = [(PLANNED, work.planner, wanted.label), (DELIVERED, wanted.person, "")]
    steps += [(ATTESTED, work.attester, "")] if wanted.step == ATTESTED else []
    for kind, email, note in steps:
        proof = SimpleUploadedFile("prova.pdf", _paper(work.document)) if kind == ATTESTED else None
        add_step(_person(email), Said(code, wanted.structure, wanted.code, kind, due, Decimal(100), note), proof)


def _hand_out(work: InventedWork, wanted: InventedAssignment) -> None:
    """Hand out sheets by an act of their first day, and have some of them seen."""
    since, due = date.fromisoformat(wanted.holds_from), timezone.localdate() + timedelta(days=wanted.due_in)
    asked = Issuing(AssignmentAct(work.act, since, since, wanted.issuer), due, wanted.structures)
    made = issue(_person(work.planner), asked, silent)
    for email, structure, reservation in wanted.seen:
        acknowledge(_person(email), made.sheets.get(structure=structure).pk, reservation)


def _propose(work: InventedWork, wanted: InventedDraft) -> None:
    user, base = _person(work.planner), plan()
    draft = open_draft(user, base.id, wanted.pack, wanted.label, base.year)
    save(
        draft.pk, user, Saving((Edit(EditKind.TARGET, wanted.structure, wanted.node, wanted.target),), 0, wanted.reason)
    )
    propose(draft.pk, user, GivenAct(work.act, timezone.localdate(), work.document))


def _judge(work: InventedWork, newest: RunRecord) -> None:
    """The newest results are validated, so that they wait for who publishes; a figure of theirs is contested."""
    keep_verification(newest.pk, _person(work.oiv))
    _validate(work, newest)
    wanted = work.contest
    figure = figure_of(Chosen(newest, line_from({newest.ends_on: newest})), wanted.structure, wanted.node)
    if figure is not None:
        contest(_person(wanted.person), figure, wanted.reason, None)


def _paper(text: str) -> bytes:
    """A PDF of one line, plain ASCII."""
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    drawn = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode("ascii")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % fonts,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + tail % (size, table, size, len(out))
