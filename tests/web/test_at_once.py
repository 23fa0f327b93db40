"""What two people do at once: whoever comes second finds what the first one did, and is told so.

The second one is in another thread with a connection of its own, and must wait until the first one's work is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from piramide.cycle.boards.projects import DELIVERED, PLANNED
from piramide.kernel.findings import Refusal
from piramide.web.accounts.access import Access, access_of
from piramide.web.accounts.administration import Wish, give, invite, suspend, take
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.collection.campaigns import Opening, open_campaign, set_open
from piramide.web.collection.cells import Typed, write_cell
from piramide.web.collection.models import Ask, Campaign, Upload, Value
from piramide.web.collection.uploads import apply
from piramide.web.oversight.decisions import note_alarm
from piramide.web.oversight.models import AlarmNote, AlarmReport
from piramide.web.plans.draft_gates import open_draft
from piramide.web.plans_in_force import organisation_on
from piramide.web.projects.models import ProjectRecord, ProjectStep
from piramide.web.projects.steps import Said, add_project, add_step
from piramide.web.results.models import RunRecord

People = Callable[..., User]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]

MILAN, FLOW = "dcm_milano", "indice_deflusso"
SOON = 0.6
"""Seconds in which whoever does not wait has long ended."""


@pytest.fixture
def campaign(runs: list[RunRecord], person: People) -> Campaign:
    """One figure of one structure."""
    due = timezone.localdate() + timedelta(days=10)
    chosen = Opening("Raccolta di prova", "2024-Q4", due, "", frozenset({MILAN}), frozenset({FLOW}))
    return open_campaign(person(Role.PLANNER), chosen)


class Second:
    """Somebody who acts while the first one's transaction is under way."""

    def __init__(self, people: ThreadPoolExecutor) -> None:
        self._people = people

    def after(self, first: Callable[[], object], then: Callable[[], object]) -> Exception | None:
        """Do `first` and, before it is kept, `then` in another thread; what `then` raised."""
        with transaction.atomic():
            first()
            doing = self._people.submit(_with_own_connection, then)
            with pytest.raises(StillWaiting):
                doing.exception(timeout=SOON)
        error = doing.exception(timeout=30)
        assert error is None or isinstance(error, Exception)
        return error


def _with_own_connection(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


@pytest.fixture
def second(db: None) -> Iterator[Second]:
    """Another person, in a thread of theirs."""
    with ThreadPoolExecutor(1) as people:
        yield Second(people)


def _codes(error: Exception | None) -> list[str]:
    assert isinstance(error, Refusal), error
    return [finding.code for finding in error.findings]


def test_no_value_slips_past_the_close_of_its_campaign(campaign: Campaign, person: People, second: Second) -> None:
    planner, director = person(Role.PLANNER), person(Role.DIRECTOR, MILAN)
    ask = Ask.objects.get()

    error = second.after(
        lambda: set_open(planner, campaign, is_open=False),
        lambda: write_cell(director, ask.pk, Typed("1,02", "measured", "", 0)),
    )

    assert _codes(error) == ["CO008"]
    assert not Value.objects.exists()


def test_no_uploaded_file_slips_past_the_close_of_its_campaign(
    campaign: Campaign, person: People, second: Second
) -> None:
    planner, director = person(Role.PLANNER), person(Role.DIRECTOR, MILAN)
    ask = Ask.objects.get()
    row = {"ask": ask.pk, "structure": MILAN, "indicator": FLOW, "period": "2024-Q4", "value": "1.02", "note": ""}
    rows = [row | {"status": "measured", "seen": 0, "is_same": False}]
    upload = Upload.objects.create(campaign=campaign, by=director, name="a.csv", content={"accepted": rows})

    error = second.after(lambda: set_open(planner, campaign, is_open=False), lambda: apply(director, upload.pk))

    assert _codes(error) == ["CO008"]
    assert not Value.objects.exists()


def test_a_value_that_is_being_written_is_there_when_the_campaign_closes(
    campaign: Campaign, person: People, second: Second
) -> None:
    planner, director = person(Role.PLANNER), person(Role.DIRECTOR, MILAN)
    ask = Ask.objects.get()

    error = second.after(
        lambda: write_cell(director, ask.pk, Typed("1,02", "measured", "", 0)),
        lambda: set_open(planner, campaign, is_open=False),
    )

    assert error is None
    assert list(Entry.objects.order_by("-number").values_list("verb", flat=True)[:2]) == [
        "campaign.closed", "value.written",
    ]  # fmt: skip
    assert check_chain().is_whole


def _said(kind: str) -> Said:
    return Said("P1", MILAN, "D1", kind, date(2024, 9, 30), Decimal(100), "Manuale")


@pytest.fixture
def project(runs: list[RunRecord], person: People) -> User:
    """A planner who registered a project."""
    planner = person(Role.PLANNER)
    add_project(planner, ProjectRecord(code="P1", title="Manuale", programme="", structure=MILAN))
    return planner


def test_a_project_is_registered_once(runs: list[RunRecord], person: People, second: Second) -> None:
    planner = person(Role.PLANNER)

    def register() -> None:
        add_project(planner, ProjectRecord(code="P1", title="Manuale", programme="", structure=MILAN))

    assert _codes(second.after(register, register)) == ["CO020"]


def test_a_deliverable_is_planned_once(project: User, second: Second) -> None:
    error = second.after(lambda: add_step(project, _said(PLANNED)), lambda: add_step(project, _said(PLANNED)))

    assert _codes(error) == ["CO020"]
    assert ProjectStep.objects.count() == 1


def test_two_deliveries_at_once_are_both_kept(project: User, person: People, second: Second) -> None:
    add_step(project, _said(PLANNED))
    one, two = person(Role.DATA_OWNER, MILAN), person(Role.DATA_OWNER, MILAN)

    error = second.after(lambda: add_step(one, _said(DELIVERED)), lambda: add_step(two, _said(DELIVERED)))

    assert error is None
    assert ProjectStep.objects.filter(kind=DELIVERED).count() == 2


def _access(user: User) -> Access:
    today = timezone.localdate()
    return access_of(user, today, organisation_on(today))


def test_two_administrators_cannot_suspend_one_another(runs: list[RunRecord], person: People, second: Second) -> None:
    one, two = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    access_of_one, access_of_two = _access(one), _access(two)

    error = second.after(lambda: suspend(access_of_one, two, "lascia"), lambda: suspend(access_of_two, one, "lascia"))

    assert isinstance(error, ValidationError)
    assert User.objects.get(pk=one.pk).is_active


def test_a_role_is_taken_once(runs: list[RunRecord], person: People, second: Second) -> None:
    one, two, director = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR), person(Role.DIRECTOR, MILAN)
    first, again = (Grant.objects.get(user=director) for _ in range(2))
    access_of_one, access_of_two = _access(one), _access(two)

    error = second.after(lambda: take(access_of_one, first, "uno"), lambda: take(access_of_two, again, "due"))

    assert isinstance(error, ValidationError)
    assert Entry.objects.filter(verb="grant.taken").count() == 1


def test_a_role_is_given_once(runs: list[RunRecord], person: People, second: Second) -> None:
    access, director = _access(person(Role.ADMINISTRATOR)), person()
    wish = Wish(Role.DIRECTOR, MILAN, timezone.localdate(), None, "nomina")

    error = second.after(lambda: give(access, director, wish), lambda: give(access, director, wish))

    assert isinstance(error, ValidationError)
    assert Grant.objects.filter(user=director).count() == 1


def test_a_person_is_registered_once(runs: list[RunRecord], person: People, second: Second) -> None:
    access = _access(person(Role.ADMINISTRATOR))

    def register() -> None:
        invite(access, "anna@example.org", "Anna")

    assert isinstance(second.after(register, register), ValidationError)


def test_a_name_of_a_draft_is_taken_once(runs: list[RunRecord], person: People, second: Second) -> None:
    planner = person(Role.PLANNER)

    def open_it() -> None:
        open_draft(planner, "inps-2024", "inps-2025", "Obiettivi 2025", 2025)

    assert _codes(second.after(open_it, open_it)) == ["DR006"]


def test_a_note_beside_an_alarm_sent_twice_is_kept_once(runs: list[RunRecord], person: People, second: Second) -> None:
    auditor = person(Role.AUDITOR)
    report = AlarmReport.objects.create(period="2024-Q4", ends_on=date(2024, 12, 31), at=timezone.now(), by_chance=1.0)
    content = {"token": uuid4(), "key": "a", "kind": AlarmNote.Kind.values[0], "text": "visto"}

    def write() -> None:
        note_alarm(auditor, report, MILAN, content)

    assert second.after(write, write) is None
    assert AlarmNote.objects.count() == 1
