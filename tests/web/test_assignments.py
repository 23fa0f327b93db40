"""Sheets are issued by an act, acknowledged by who is in office, amended and issued again."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from piramide.cycle.assignments import AssignmentAct, asked_of, keep_assignment
from piramide.kernel.findings import Refusal
from piramide.kernel.progress import silent
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.assignments import issuing
from piramide.web.assignments.issuing import Issuing, acknowledge, issue, wanted
from piramide.web.assignments.models import Acknowledgement, AssignedSheet, Issue
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.jobs.models import Job
from piramide.web.jobs.running import run_job
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.plans.models import Draft
from piramide.web.plans_in_force import plan_on
from piramide.web.results.models import RunRecord

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("runs", "_no_assignments_left")]

SignIn = Callable[..., Client]
People = Callable[..., User]
MARCH, JULY = date(2024, 3, 1), date(2024, 7, 1)
SITE, OTHER = "dcm_milano", "piemonte"
ACT = AssignmentAct("28/2024", date(2024, 2, 28), MARCH, "Direttore generale", "77", b"%PDF-1.7 firmato", "Chi Firma")
BOARD = "/piano/assegnazioni/"


@pytest.fixture
def _no_assignments_left() -> Iterator[None]:
    yield
    shutil.rmtree(settings.CONFIGURATION.store / "assignments", ignore_errors=True)


@pytest.fixture
def planner(person: People) -> User:
    return person(Role.PLANNER)


def issued(planner: User, structure: str = SITE, act: AssignmentAct = ACT, answer_in: int = 10) -> AssignedSheet:
    asked = Issuing(act, localdate() + timedelta(days=answer_in), (structure,))
    return issue(planner, asked, silent).sheets.get(structure=structure)


def amended(monkeypatch: pytest.MonkeyPatch) -> None:
    """From July the sheet of the site asks something else."""
    real = asked_of

    def asked(pack: object, structures: object, day: date) -> dict[str, str]:
        found = real(pack, structures, day)  # type: ignore[arg-type]
        return {name: f"{digest}!" if name == SITE and day >= JULY else digest for name, digest in found.items()}

    monkeypatch.setattr(issuing, "asked_of", asked)


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.findings[0].code


def test_a_planner_issues_by_a_form_and_a_director_finds_the_sheet(sign_in: SignIn, planner: User) -> None:
    director, office = sign_in(Role.DIRECTOR, SITE), sign_in(Role.PLANNER)
    form = {
        "which": f"structure:{SITE}", "number": "28/2024", "day": "28/02/2024", "issuer": "Direttore generale",
        "holds_from": "01/03/2024", "answer_by": f"{localdate() + timedelta(days=9):%d/%m/%Y}", "protocol": "",
        "signed_by": "Chi Firma", "file": SimpleUploadedFile("atto.pdf", b"%PDF-1.7 firmato"),
    }  # fmt: skip
    assert office.post(f"{BOARD}emetti/", form).status_code == 302
    run_job.call(str(Job.objects.get(kind="assignments").pk))
    job = Job.objects.get(kind="assignments")
    assert (job.state, AssignedSheet.objects.count()) == ("done", 1), job.outcome
    sheet = AssignedSheet.objects.get()
    page = f"{BOARD}{sheet.pk}/"
    assert page in director.get("/").content.decode()
    assert director.get(f"{page}scheda.pdf").content.startswith(b"%PDF-")
    assert director.get(f"{page}firmato.pdf").content == b"%PDF-1.7 firmato"
    shown = director.get(page).content.decode()
    assert "firmato da Chi Firma" in shown
    assert "Registra la presa visione" in shown
    answer = director.post(f"{page}presa-visione/", {"outcome": "reserved", "reservation": "Manca il personale"})
    assert answer.status_code == 302
    assert "Manca il personale" in director.get(page).content.decode()
    assert page not in director.get("/").content.decode()
    assert "presa visione con riserva" in office.get(BOARD).content.decode()
    form |= {"number": "29/2024", "file": SimpleUploadedFile("atto.pdf", b"%PDF-1.7 firmato")}
    again = office.post(f"{BOARD}emetti/", form)
    assert again.status_code == 422
    assert "già stata assegnata" in again.content.decode()
    assert planner.pk


def test_everybody_sees_sheet_act_and_day_and_nobody_of_the_people(planner: User, person: People) -> None:
    sheet, director = issued(planner), person(Role.DIRECTOR, SITE)
    acknowledge(director, sheet.pk, "Una riserva")
    for address in (BOARD, f"{BOARD}{sheet.pk}/"):
        shown = Client().get(address).content.decode()
        assert "28/2024" in shown
        for hidden in (director.name, planner.name, "Una riserva", "Chi Firma", "presa visione con riserva"):
            assert hidden not in shown
    assert Client().get(f"{BOARD}{sheet.pk}/scheda.pdf").status_code == 200
    assert Client().get(f"{BOARD}{sheet.pk}/firmato.pdf").status_code == 403
    assert Client().get(f"{BOARD}stato.csv").status_code == 302


def test_who_may_do_what(planner: User, sign_in: SignIn) -> None:
    page = f"{BOARD}{issued(planner).pk}/"
    said = {"outcome": "seen", "reservation": ""}
    for role, place, reads in (
        (Role.DIRECTOR, OTHER, False), (Role.OIV, "nazionale", True), (Role.AUDITOR, "nazionale", True),
        (Role.PLANNER, "nazionale", True), (Role.ATTESTER, "nazionale", False), (Role.DATA_OWNER, SITE, False),
    ):  # fmt: skip
        client = sign_in(role, place)
        assert (client.get(f"{page}firmato.pdf").status_code == 200) is reads, role
        assert ("da vedere" in client.get(page).content.decode()) is reads, role
        assert "Registra la presa visione" not in client.get(page).content.decode()
        assert client.post(f"{page}presa-visione/", said).status_code == 403, role
    assert sign_in(Role.DIRECTOR, SITE).post(f"{page}presa-visione/", said).status_code == 302
    assert sign_in(Role.DIRECTOR, "lombardia").post(f"{page}presa-visione/", said).status_code in {403, 409}


def test_a_successor_is_served_again_and_silence_is_late(planner: User, person: People, sign_in: SignIn) -> None:
    late = issued(planner, answer_in=-1)
    first = person(Role.DIRECTOR, SITE, since=localdate() - timedelta(days=900))
    board = sign_in(Role.OIV)
    assert "non ancora presa visione" in board.get(f"{BOARD}?stato=unanswered").content.decode()
    acknowledge(first, late.pk, "")
    assert code_of(lambda: acknowledge(first, late.pk, "")) == "CY105"
    assert "Nessuna scheda corrisponde" in board.get(f"{BOARD}?stato=unanswered").content.decode()
    Grant.objects.filter(user=first).update(revoked_at=timezone.now())
    successor = sign_in(Role.DIRECTOR, SITE)
    page = f"{BOARD}{late.pk}/"
    assert page in successor.get("/").content.decode()
    assert code_of(lambda: acknowledge(first, late.pk, "")) == "CY107"
    assert successor.post(f"{page}presa-visione/", {"outcome": "seen", "reservation": ""}).status_code == 302
    assert Acknowledgement.objects.filter(sheet=late).count() == 2


def test_only_the_sheet_that_an_amendment_changed_is_issued_again(
    planner: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = issued(planner), issued(planner, OTHER)
    amended(monkeypatch)
    later = replace(ACT, number="90/2024", holds_from=JULY)
    assert code_of(lambda: issued(planner, OTHER, later)) == "CY103"
    again = issued(planner, SITE, later)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.is_current, first.replaced_by, other.is_current) == (False, again, True)
    assert code_of(lambda: issued(planner, SITE, ACT)) == "CY106"
    director = sign_in(Role.DIRECTOR, SITE)
    refused = director.post(f"{BOARD}{first.pk}/presa-visione/", {"outcome": "seen", "reservation": ""})
    assert refused.status_code == 409
    assert f"{BOARD}{again.pk}/" in refused.content.decode()
    assert not Acknowledgement.objects.exists()
    assert "Che cosa cambia" in director.get(f"{BOARD}{again.pk}/").content.decode()


def test_killed_between_the_store_and_the_table_the_same_act_goes_on(
    planner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "_hand_out", die)
        with pytest.raises(KeyboardInterrupt):
            issued(planner)
    assert not Issue.objects.exists()
    issued(planner)
    assert (Issue.objects.count(), AssignedSheet.objects.count()) == (1, 1)
    assert len(list((settings.CONFIGURATION.store / "assignments").iterdir())) == 1


def test_of_two_who_issue_at_once_the_second_is_told(planner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    real, is_first = keep_assignment, iter((True,))

    def meanwhile(*given: object) -> object:
        if next(is_first, False):
            issued(planner, SITE, replace(ACT, number="29/2024"))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(issuing, "keep_assignment", meanwhile)
    assert code_of(lambda: issued(planner)) == "CY103"
    assert [one.number for one in Issue.objects.all()] == ["29/2024"]
    assert AssignedSheet.objects.count() == 1


def test_every_step_is_in_the_register_and_what_cannot_be_is_refused(planner: User, person: People) -> None:
    sheet = issued(planner)
    acknowledge(person(Role.DIRECTOR, SITE), sheet.pk, "Una riserva")
    rows = Entry.objects.filter(verb__startswith="assignment.").order_by("number")
    assert [(row.verb, row.structure, row.reason) for row in rows] == [
        ("assignment.issued", SITE, ""),
        ("assignment.reserved", SITE, "Una riserva"),
    ]
    assert check_chain().is_whole
    assert code_of(lambda: wanted(Issuing(ACT, MARCH, ("nessuna",)))) == "RP008"
    assert code_of(lambda: wanted(Issuing(replace(ACT, holds_from=date(2031, 1, 1)), MARCH, (SITE,)))) == "CY100"


def test_the_board_as_a_file_runs_nothing_in_a_spreadsheet(planner: User, person: People, sign_in: SignIn) -> None:
    sheet = issued(planner)
    acknowledge(person(Role.DIRECTOR, SITE), sheet.pk, "=1+1")
    text = sign_in(Role.AUDITOR).get(f"{BOARD}stato.csv").content.decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row[1] == SITE
    assert row[-1] == "'=1+1"


def test_a_form_without_its_text_or_with_a_file_that_is_none_is_sent_back(sign_in: SignIn, planner: User) -> None:
    sheet = issued(planner)
    director = sign_in(Role.DIRECTOR, SITE)
    for said in ({"outcome": "reserved", "reservation": " "}, {"outcome": "seen", "reservation": "ma"}, {}):
        assert director.post(f"{BOARD}{sheet.pk}/presa-visione/", said).status_code == 422
    form = {
        "which": f"structure:{OTHER}", "number": "1", "day": "28/02/2024", "issuer": "DG", "holds_from": "01/03/2024",
        "answer_by": "01/03/2024", "signed_by": "Chi", "file": SimpleUploadedFile("atto.pdf", b"testo"),
    }  # fmt: skip
    assert sign_in(Role.PLANNER).post(f"{BOARD}emetti/", form).status_code == 422
    assert not Job.objects.filter(kind="assignments").exists()


def test_a_sheet_that_was_touched_is_not_given_out(planner: User, runs: list[RunRecord]) -> None:
    sheet = issued(planner)
    path = settings.CONFIGURATION.store / "assignments" / sheet.issue.assignment / "sheets" / f"{SITE}.pdf"
    path.write_bytes(b"%PDF-")
    assert Client().get(f"{BOARD}{sheet.pk}/scheda.pdf").status_code >= 400
    assert runs


def test_an_adopted_amendment_gives_again_the_one_sheet_that_it_changed(
    planner: User, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: shutil.rmtree(settings.CONFIGURATION.adopted, ignore_errors=True))
    office, evaluator = sign_in(Role.PLANNER), sign_in(Role.OIV)
    first = issue(planner, Issuing(ACT, localdate(), (SITE, OTHER)), silent)
    opened = {"base": "inps-2024", "pack": "inps-2024-bis", "label": "Variazione 2024", "year": "2024"}
    office.post("/piano/bozze/nuova/", opened)
    draft = Draft.objects.get()
    edits = {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35", "luogo": "p. 7"}
    office.post(f"/piano/bozze/{draft.pk}/schede/{SITE}/", edits)
    gate = {"number": "90/2024", "day": localdate().isoformat(), "issuer": "Consiglio", "note": ""}
    office.post(f"/piano/bozze/{draft.pk}/proposta/", gate)
    evaluator.post(f"/piano/bozze/{draft.pk}/parere/", gate | {"opinion": "favourable"})
    adopted = office.post(f"/piano/bozze/{draft.pk}/adozione/", gate | {"effective_on": JULY.isoformat()})
    assert adopted.status_code == 302
    note_adoptions()
    assert plan_on(JULY).id == "inps-2024-bis"
    again = replace(ACT, number="91/2024", holds_from=JULY)
    assert set(wanted(Issuing(again, localdate(), (SITE, OTHER)))) == {SITE}
    sheet = issue(planner, Issuing(again, localdate(), (SITE, OTHER)), silent).sheets.get()
    page = Client().get(f"{BOARD}{sheet.pk}/").content.decode()
    assert "25%" in page[page.index("Che cosa cambia") :]
    assert f"{BOARD}{sheet.pk}/" in Client().get(f"{BOARD}{first.sheets.get(structure=SITE).pk}/").content.decode()
    assert plan_on(date(2024, 6, 30)).id == "inps-2024"
    assert plan_on(JULY).id == sheet.issue.plan == "inps-2024-bis"
