"""Days of the cycle, what is due from whom, and mail about it through a real server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from piramide.cycle.deadlines import deadlines_between
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.audit.models import Entry
from piramide.web.calendar.models import Appointment, Message, Preference
from piramide.web.calendar.reminders import send_digests

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
People = Callable[..., User]
SignIn = Callable[..., Client]
TODAY = timezone.localdate()


class Mailbox:
    """What the server took: to whom, subject and words. With `refuses` it takes nothing."""

    def __init__(self) -> None:
        self.refuses = False
        self.mails: list[tuple[str, str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        if self.refuses:
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        self.mails.append((envelope.rcpt_tos[0], str(mail["Subject"]), body.get_content()))
        return "250 taken"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server that runs for a test, and the site configured to use it."""
    box = Mailbox()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        settings.EMAIL_USE_TLS = False
        yield box
    finally:
        server.stop()


@pytest.fixture
def due(person: People) -> Appointment:
    """Directors of Lombardia confirm within three days."""
    return Appointment.objects.create(
        title="Confermare i valori", day=TODAY + timedelta(days=3), duty=Action.CONFIRM, structure="lombardia",
        made_by=person(Role.PLANNER),
    )  # fmt: skip


def _mails_to(box: Mailbox, user: User) -> list[tuple[str, str]]:
    return [(subject, body) for to, subject, body in box.mails if to == user.email]


def test_it_knows_the_days_of_the_law_and_those_of_practice() -> None:
    days = {(d.code, d.plan_year): d for d in deadlines_between(date(2024, 1, 1), date(2024, 12, 31))}
    plan, report = days["plan", 2024], days["report", 2023]
    assert (plan.day, plan.is_law, plan.duty) == (date(2024, 1, 31), True, "adopt_plan")
    assert (report.day, report.is_law, report.duty) == (date(2024, 6, 30), True, "publish")
    assert days["evaluation_system", 2025].day == date(2024, 12, 31)
    quarters = [day.day for (code, _year), day in sorted(days.items()) if code.startswith("quarter")]
    assert quarters == [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    assert all(
        Action(found.duty) and found.source("it") and found.label("en") != found.label("it") for found in days.values()
    )
    assert not days["quarter_1", 2024].is_law


def test_it_says_a_practice_in_the_language_of_the_page_and_an_act_by_its_name() -> None:
    days = {day.code: day for day in deadlines_between(date(2025, 1, 1), date(2025, 12, 31))}

    assert days["quarter_1"].source("en") == "forecasts I-IV and quarterly monitoring"
    assert days["quarter_1"].source("it") == "Previsioni I-IV e monitoraggio trimestrale"
    assert days["plan"].source("en") == days["plan"].source("it")


def test_it_shows_each_person_what_is_due_from_them(due: Appointment, sign_in: SignIn) -> None:
    mine = sign_in(Role.DIRECTOR, "lombardia").get("/calendario/").content.decode()
    assert "Confermare i valori" in mine
    assert "Adozione e pubblicazione del piano" in mine
    assert "D.Lgs. 150/2009, art. 10" in mine
    assert "Confermare i valori" not in sign_in(Role.DIRECTOR, "piemonte").get("/calendario/").content.decode()
    english = sign_in(Role.OIV).get("/en/calendario/").content.decode()
    assert "Adoption and publication of the plan" in english
    assert "Calendar" in english
    assert Client().get("/calendario/").status_code == 302


def test_it_lets_planners_set_a_deadline_and_take_it_back(person: People, sign_in: SignIn) -> None:
    planner, director = sign_in(Role.PLANNER), sign_in(Role.DIRECTOR, "lombardia")
    form = {"title": "Consegna", "day": (TODAY + timedelta(days=5)).isoformat(), "duty": "confirm",
            "structure": "lombardia", "act": "Circolare 9"}  # fmt: skip
    assert director.post("/calendario/nuova/", form).status_code == 403
    assert "nel calendario" in planner.post("/calendario/nuova/", form, follow=True).content.decode()
    assert "Consegna" in director.get("/calendario/").content.decode()
    address = f"/calendario/{Appointment.objects.get().pk}/annulla/"
    assert director.post(address).status_code == 403
    for _double_click in range(2):
        planner.post(address)
    assert "Consegna" not in director.get("/calendario/").content.decode()
    assert "(tolta)" in planner.get("/calendario/").content.decode()
    for _double_click in range(2):
        planner.post(address, {"rimetti": "1"})
    assert "Consegna" in director.get("/calendario/").content.decode()
    rows = [(entry.verb, entry.act) for entry in Entry.objects.all()]
    assert rows == [("deadline.set", "Circolare 9"), ("deadline.cancelled", ""), ("deadline.set_again", "")]


def test_it_tells_of_each_of_two_deadlines_of_one_day(person: People, due: Appointment, mailbox: Mailbox) -> None:
    director = person(Role.DIRECTOR, "lombardia")
    Appointment.objects.create(
        title="Chiudere i verbali", day=due.day, duty=Action.CONFIRM, structure="lombardia", made_by=due.made_by
    )
    call_command("send_digests", stdout=StringIO())
    ((_subject, body),) = _mails_to(mailbox, director)
    assert "Confermare i valori" in body
    assert "Chiudere i verbali" in body


def test_it_sends_one_digest_a_day_however_often_it_runs(person: People, due: Appointment, mailbox: Mailbox) -> None:
    director, stranger = person(Role.DIRECTOR, "lombardia"), person(Role.DIRECTOR, "piemonte")
    for _round in range(3):
        call_command("send_digests", stdout=StringIO())
    mails = _mails_to(mailbox, director)
    assert len(mails) == 1
    assert "Piramide: " in mails[0][0]
    assert "Confermare i valori" in mails[0][1]
    assert "http://localhost:8000/calendario/" in mails[0][1]
    assert "Dati dimostrativi" in mails[0][1]
    assert not any("Confermare i valori" in body for _subject, body in _mails_to(mailbox, stranger))
    send_digests(TODAY + timedelta(days=3))
    assert len(_mails_to(mailbox, director)) == 2
    assert Message.objects.filter(user=director, text="Confermare i valori").count() == 2


def test_it_writes_in_the_language_of_the_reader(person: People, due: Appointment, mailbox: Mailbox) -> None:
    director = person(Role.DIRECTOR, "lombardia")
    browser = Client()
    browser.force_login(director)
    browser.post("/calendario/messaggi/preferenza/", {"rhythm": "daily", "language": "en"})
    send_digests(TODAY)
    subject, body = _mails_to(mailbox, director)[0]
    assert "to do" in subject
    assert "Hello" in body
    assert "http://localhost:8000/en/calendario/" in body


@pytest.mark.parametrize(("rhythm", "count"), [("none", 0), ("immediate", 2), ("daily", 1)])
def test_it_mails_as_each_person_wants(
    person: People, due: Appointment, mailbox: Mailbox, rhythm: str, count: int
) -> None:
    director = person(Role.DIRECTOR, "lombardia")
    Preference.objects.create(user=director, rhythm=rhythm, language="it")
    Appointment.objects.create(
        title="Firmare", day=TODAY, duty=Action.CONFIRM, structure="lombardia", made_by=due.made_by
    )
    Message.objects.all().delete()
    send_digests(TODAY)
    send_digests(TODAY)
    wanted = [body for _subject, body in _mails_to(mailbox, director) if "Confermare" in body or "Firmare" in body]
    assert len(wanted) == count
    assert Message.objects.filter(user=director, text__in=["Confermare i valori", "Firmare"]).count() == 2


def test_it_tries_again_when_the_server_refuses(person: People, due: Appointment, mailbox: Mailbox) -> None:
    director = person(Role.DIRECTOR, "lombardia")
    mailbox.refuses = True
    with pytest.raises(CommandError, match="tries again"):
        call_command("send_digests", stdout=StringIO())
    assert mailbox.mails == []
    mailbox.refuses = False
    call_command("send_digests", stdout=StringIO())
    assert len(_mails_to(mailbox, director)) == 1


def test_it_lists_messages_and_marks_them_read(person: People, due: Appointment, mailbox: Mailbox) -> None:
    director = person(Role.DIRECTOR, "lombardia")
    send_digests(TODAY)
    browser = Client()
    browser.force_login(director)
    assert "Confermare i valori" in browser.get("/calendario/messaggi/").content.decode()
    assert "da leggere" in browser.get("/calendario/messaggi/").content.decode()
    browser.post("/calendario/messaggi/letti/")
    assert not Message.objects.filter(user=director, read_at=None).exists()
    other = Client()
    other.force_login(person(Role.DIRECTOR, "piemonte"))
    assert "Confermare i valori" not in other.get("/calendario/messaggi/").content.decode()
