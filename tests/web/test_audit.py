"""The register of changes only grows, a touched row is found, and who may read it sees what they may."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
import typer
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from piramide import web
from piramide.cli import site
from piramide.cycle.plans.drafting.gates import Step
from piramide.kernel.findings import Refusal
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import PROGRAM, Change, Head, check_chain, head, record
from piramide.web.audit.models import Entry
from piramide.web.audit.triggers import unseal
from piramide.web.oversight.decisions import Document, publish_results, validate_results
from piramide.web.oversight.models import ResultsValidation
from piramide.web.oversight.register.verbs import VERBS, in_words
from piramide.web.projects.models import ProjectStep
from piramide.web.results.models import RunRecord
from tests.web.answering import answers

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
SignIn = Callable[..., Client]


def _three_rows() -> None:
    for number in range(3):
        record(
            PROGRAM, Change("test.changed", f"cosa {number}", before={"peso": "0.4"}, after={"peso": "0.5"}, act="A/1")
        )


@pytest.fixture
def unsealed(db: None) -> None:
    """Who owns the database can put the triggers away; the transaction of the test brings them back."""
    unseal(connection)


def _tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_it_is_whole_while_nobody_touches_it() -> None:
    _three_rows()
    report = check_chain()
    assert (report.is_whole, report.rows) == (True, 3)


@pytest.mark.parametrize("sql", [
    "UPDATE audit_entry SET reason = 'altro' WHERE number = 2",
    "DELETE FROM audit_entry WHERE number = 2",
])  # fmt: skip
def test_it_is_refused_by_the_database_itself_to_change_or_remove_a_row(sql: str) -> None:
    _three_rows()
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        _tamper(sql)
    assert check_chain().rows == 3


def test_it_cannot_be_replaced_row_by_row_either() -> None:
    _three_rows()
    verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    columns = "number, at, who, verb, subject, structure, reason, act, previous, hash"
    with pytest.raises(DatabaseError, match=r"UNIQUE|duplicate"), transaction.atomic():
        _tamper(f"{verb} audit_entry ({columns}) SELECT {columns} FROM audit_entry WHERE number = 2")  # noqa: S608


def test_it_goes_on_growing_behind_the_triggers() -> None:
    _three_rows()
    record(PROGRAM, Change("test.changed", "altro"))
    assert check_chain().rows == 4


@pytest.mark.parametrize(("sql", "row", "fault"), [
    ("UPDATE audit_entry SET reason = 'altro' WHERE number = 2", 2, "altered"),
    ("DELETE FROM audit_entry WHERE number = 2", 2, "removed"),
    ("UPDATE audit_entry SET previous = hash WHERE number = 3", 3, "unchained"),
])  # fmt: skip
def test_it_finds_the_row_that_was_touched(unsealed: None, sql: str, row: int, fault: str) -> None:
    _three_rows()
    _tamper(sql)
    report = check_chain()
    assert (report.broken_at, report.fault) == (row, fault)


def test_it_finds_what_was_cut_off_at_the_end(unsealed: None) -> None:
    _three_rows()
    before = check_chain()
    _tamper("DELETE FROM audit_entry WHERE number = 3")
    assert check_chain().is_whole
    assert check_chain(Head(before.rows, before.head)).fault == "removed"


def test_it_finds_a_register_that_was_rewritten_as_a_whole(unsealed: None, capsys: pytest.CaptureFixture[str]) -> None:
    _three_rows()
    kept = str(head())
    _tamper("DELETE FROM audit_entry")
    for number in range(1, 5):
        record(PROGRAM, Change("grant.given", f"grant:{number}", after={"other": "story"}))
    assert check_chain().is_whole

    with pytest.raises(typer.Exit) as leaving:
        site.verify_audit(kept, as_json=False)

    assert leaving.value.exit_code == 1
    assert "riscritto fino alla riga 3" in capsys.readouterr().out


def test_a_head_of_today_still_holds_when_rows_are_added(capsys: pytest.CaptureFixture[str]) -> None:
    _three_rows()
    kept = str(head())
    _three_rows()
    site.verify_audit(kept, as_json=True)
    assert json.loads(capsys.readouterr().out)["rows"] == 6


@pytest.mark.parametrize("given", ["3", "abc", "3:zz", ":" + "a" * 64, "3:" + "a" * 63, "-1:" + "a" * 64])
def test_a_head_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(Refusal, match="SI016"):
        site.verify_audit(given, as_json=True)


def test_the_head_goes_out_with_a_publication(verified: list[RunRecord], person: Callable[..., User]) -> None:
    run = verified[-1]
    RunRecord.objects.filter(pk=run.pk).update(published_at=None)
    document = Document(uuid4(), ResultsValidation.Outcome.VALIDATED, "Parere 1", date(2025, 1, 10), "")
    validate_results(person(Role.OIV), run, document, answers(run))

    publish_results(person(Role.PUBLISHER), run, "Determinazione 5", answers(run))

    published = RunRecord.objects.get(pk=run.pk)
    assert published.register_head == str(head())
    assert published.register_head in Client().get(f"/dati-aperti/esecuzioni/{run.pk}/").content.decode()
    rows = csv.DictReader(Client().get("/dati-aperti/esecuzioni.csv").getvalue().decode("utf-8-sig").splitlines())
    assert published.register_head in {row["register_head"] for row in rows}
    assert published.register_head in Client().get("/dati-aperti/catalogo.jsonld").content.decode()


def test_it_refuses_to_delete_or_rewrite() -> None:
    _three_rows()
    entry = Entry.objects.get(number=1)
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(Exception, match=r"UNIQUE|duplicate"), transaction.atomic():
        entry.save()


def test_it_is_proved_whole_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    _three_rows()
    site.verify_audit("", as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["audit"], answer["rows"], answer["head"]) == (True, 3, Entry.objects.get(number=3).hash)


@pytest.mark.parametrize(("sql", "row", "fault"), [
    ("UPDATE audit_entry SET who = 'nessuno' WHERE number = 1", 1, "altered"),
    ("DELETE FROM audit_entry WHERE number = 2", 2, "removed"),
])  # fmt: skip
def test_it_makes_the_command_fail_when_a_row_was_touched(
    unsealed: None, capsys: pytest.CaptureFixture[str], sql: str, row: int, fault: str
) -> None:
    _three_rows()
    _tamper(sql)
    with pytest.raises(typer.Exit) as leaving:
        site.verify_audit("", as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert leaving.value.exit_code == 1
    assert (answer["audit"], answer["broken_at"], answer["fault"]) == (False, row, fault)


def _register_of_two_directions() -> None:
    record(PROGRAM, Change("value.confirmed", "valore 1", "dcm_milano", reason="trimestre"))
    record(PROGRAM, Change("value.confirmed", "valore 2", "trentino_alto_adige"))
    record(PROGRAM, Change("pack.adopted", "piano", act="Delibera 4/2024"))


def test_it_is_read_with_its_filters(sign_in: SignIn) -> None:
    _register_of_two_directions()
    auditor = sign_in(Role.AUDITOR)
    whole = auditor.get("/registro/").content.decode()
    assert "valore 1" in whole
    assert "valore 2" in whole
    assert "Delibera 4/2024" in whole
    one = auditor.get("/registro/", {"struttura": "dcm_milano"}).content.decode()
    assert "valore 1" in one
    assert "valore 2" not in one
    assert "piano" not in auditor.get("/registro/", {"verbo": "value.confirmed"}).content.decode().split("<tbody>")[1]
    assert "Nessuna riga" in auditor.get("/registro/", {"al": "2020-01-01"}).content.decode()
    assert "Register of changes" in auditor.get("/en/registro/").content.decode()


@pytest.mark.parametrize("query", [
    {"al": "9999-12-31"}, {"dal": "0001-01-01"}, {"prima": "9" * 30}, {"prima": "9" * 5000}, {"prima": "²"},
])  # fmt: skip
def test_a_choice_that_makes_no_sense_chooses_nothing(sign_in: SignIn, query: dict[str, str]) -> None:
    _register_of_two_directions()
    auditor = sign_in(Role.AUDITOR)
    assert "valore 1" in auditor.get("/registro/", query).content.decode()
    assert auditor.get("/registro/registro.csv", query).status_code == 200


def test_it_shows_to_an_auditor_of_a_direction_only_its_rows(sign_in: SignIn) -> None:
    _register_of_two_directions()
    auditor = sign_in(Role.AUDITOR, "dcm_milano")
    for page in (auditor.get("/registro/").content.decode(), _downloaded(auditor)):
        assert "valore 1" in page
        assert "valore 2" not in page
        assert "Delibera 4/2024" not in page


def test_it_is_closed_to_who_may_not_read_it(sign_in: SignIn) -> None:
    assert Client().get("/registro/").status_code == 302
    for address in ("/registro/", "/registro/registro.csv"):
        assert sign_in(Role.DIRECTOR, "dcm_milano").get(address).status_code == 403
    assert sign_in(Role.PLANNER).post("/registro/verifica/").status_code == 403


def test_it_wears_the_seal_only_after_a_verification_that_ran_now(sign_in: SignIn) -> None:
    _three_rows()
    auditor = sign_in(Role.AUDITOR)
    assert "Il registro è intero" not in auditor.get("/registro/").content.decode()
    page = auditor.post("/registro/verifica/").content.decode()
    assert "Il registro è intero: 3 righe ricalcolate" in page
    assert Entry.objects.get(number=3).hash in page
    assert "Il registro è intero" not in auditor.get("/registro/").content.decode()


def test_it_shows_no_seal_on_a_broken_register(sign_in: SignIn, unsealed: None) -> None:
    _three_rows()
    _tamper("DELETE FROM audit_entry WHERE number = 2")
    page = sign_in(Role.OIV).post("/registro/verifica/").content.decode()
    assert "non torna dalla riga 2" in page
    assert "Il registro è intero" not in page


def _downloaded(client: Client) -> str:
    answer = client.get("/registro/registro.csv")
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_it_is_exported_without_formulas_and_says_that_data_is_invented(sign_in: SignIn) -> None:
    record(PROGRAM, Change("test.changed", "=1+1", reason="@comando"))
    rows = list(csv.DictReader(io.StringIO(_downloaded(sign_in(Role.AUDITOR)))))
    assert [(row["subject"], row["reason"], row["note"]) for row in rows] == [
        ("'=1+1", "'@comando", "dati dimostrativi")
    ]
    assert date.fromisoformat(rows[0]["at"][:10]).year >= 2024


def test_every_verb_has_a_word_in_every_language() -> None:
    kinds = "|".join(sorted({verb.partition(".")[0] for verb in VERBS}))
    written = re.compile(rf"""["']((?:{kinds})\.[a-z_]+)["']""")
    sources = [path.read_text(encoding="utf-8") for path in Path(web.__file__).parent.rglob("*.py")]
    told = {verb for source in sources if "Change(" in source for verb in written.findall(source)}
    told |= {f"plan.{step}" for step in Step} | {f"deliverable.{kind}" for kind in ProjectStep.Kind.values}
    named = {verb for source in sources for verb in re.findall(r"""\bChange\(\s*["']([a-z_.]+)["']""", source)}

    assert sorted((told | named) - set(VERBS)) == []
    for language in ("it", "en"):
        with translation.override(language):
            assert [verb for verb in VERBS if in_words(verb) == verb] == []
