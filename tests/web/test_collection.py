"""Campaigns: what no data give is asked, typed, signed, contested and scored, by who may and by nobody else."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from piramide.cycle.runs import results
from piramide.kernel.findings import Refusal
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.collection.campaigns import Opening, campaign_progress, digest, open_campaign, sign
from piramide.web.collection.cells import Typed, write_cell
from piramide.web.collection.computing import collected_values, compute
from piramide.web.collection.models import Ask, Campaign, Contest, Evidence, Signature, Value
from piramide.web.jobs.models import Job
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
People = Callable[..., User]

MILAN, TRENTO = "dcm_milano", "trentino_alto_adige"
AUDIT, FLOW = "indice_audit", "indice_deflusso"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def campaign(runs: list[RunRecord], person: People) -> Campaign:
    """Two indicators of two structures, due in ten days."""
    due = timezone.localdate() + timedelta(days=10)
    chosen = Opening("Raccolta di prova", "2024-Q4", due, "", frozenset({MILAN, TRENTO}), frozenset({AUDIT, FLOW}))
    return open_campaign(person(Role.PLANNER), chosen)


@pytest.fixture
def forgetting(site_store: Path) -> Iterator[None]:
    """A store that keeps no run of this test: the next one finds it as it was."""
    before = set((site_store / "runs").iterdir())
    yield
    for run in set((site_store / "runs").iterdir()) - before:
        shutil.rmtree(run)


def _ask(structure: str, indicator: str) -> Ask:
    return Ask.objects.get(structure=structure, indicator=indicator)


def _cell(ask: Ask, value: str, status: str = "measured", note: str = "", seen: int | None = None) -> dict[str, str]:
    shown = (ask.current_id or 0) if seen is None else seen
    return {f"value-{ask.pk}": value, f"status-{ask.pk}": status, f"note-{ask.pk}": note, f"seen-{ask.pk}": str(shown)}


def _fill(user: User) -> None:
    for ask in Ask.objects.select_related("current"):
        write_cell(
            user, ask.pk, Typed("98,5" if ask.indicator == AUDIT else "1,02", "measured", "", ask.current_id or 0)
        )


def test_it_asks_what_no_data_give_of_the_structures_chosen(campaign: Campaign) -> None:
    assert set(campaign.asks.values_list("structure", "indicator")) == {
        (structure, indicator) for structure in (MILAN, TRENTO) for indicator in (AUDIT, FLOW)
    }
    assert Entry.objects.filter(verb="campaign.opened", after__figures=4).exists()


def test_it_refuses_to_open_a_campaign_that_asks_nothing(runs: list[RunRecord], person: People) -> None:
    nothing = Opening("Vuota", "2024-Q4", date(2027, 1, 1), "", frozenset({MILAN}), frozenset())
    with pytest.raises(Refusal, match="CO019"):
        open_campaign(person(Role.PLANNER), nothing)


def test_a_planner_opens_a_campaign_from_the_page(runs: list[RunRecord], sign_in: SignIn) -> None:
    planner = sign_in(Role.PLANNER)
    page = planner.get("/raccolta/apri/", {"periodo": "2024-Q4"}).content.decode()
    assert "Indice di Audit" in page
    answer = planner.post(
        "/raccolta/apri/?periodo=2024-Q4",
        {"title": "Audit", "due_on": "2027-01-20", "indicator": [AUDIT], "below": MILAN},
    )
    made = Campaign.objects.get()
    assert answer["Location"] == f"/raccolta/{made.pk}/"
    assert MILAN in set(made.asks.values_list("structure", flat=True))
    assert set(made.asks.values_list("indicator", flat=True)) == {AUDIT}


def test_a_note_holds_no_character_that_nobody_can_see(campaign: Campaign, sign_in: SignIn) -> None:
    ask = _ask(MILAN, AUDIT)
    sign_in(Role.DIRECTOR, MILAN).post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "98", note="stima\0\x1b provvisoria"))
    assert Value.objects.get().note == "stima   provvisoria"


@pytest.mark.parametrize("seen", ["²", "9" * 5000, "-1", "abc"])
def test_a_page_that_names_no_version_has_seen_none(campaign: Campaign, sign_in: SignIn, seen: str) -> None:
    ask = _ask(MILAN, AUDIT)
    director = sign_in(Role.DIRECTOR, MILAN)
    form = _cell(ask, "98") | {f"seen-{ask.pk}": seen}
    assert director.post(f"/raccolta/celle/{ask.pk}/", form).status_code == 200
    assert director.post(f"/raccolta/celle/{ask.pk}/", form | {f"value-{ask.pk}": "99"}).status_code == 409


@pytest.mark.parametrize(("typed", "kept"), [
    ("98,5", "98.5"), ("1.234,50", "1234.5"), ("0.95", "0.95"), ("100", "100"), (" −3 ", "-3"),
])  # fmt: skip
def test_it_keeps_the_exact_decimal_of_what_was_typed(
    campaign: Campaign, sign_in: SignIn, typed: str, kept: str
) -> None:
    ask = _ask(MILAN, AUDIT)
    answer = sign_in(Role.DIRECTOR, MILAN).post(f"/raccolta/celle/{ask.pk}/", _cell(ask, typed))
    assert answer.status_code == 200
    assert Value.objects.get().value == kept


@pytest.mark.parametrize(("typed", "said"), [
    ("abc", "non è un numero"), ("1.234", "più di una lettura"), ("1,2,3", "più di una lettura"),
    ("12%", "percentuale"), ("nan", "non è un numero"),
])  # fmt: skip
def test_a_cell_that_fails_says_why_and_is_not_kept(campaign: Campaign, sign_in: SignIn, typed: str, said: str) -> None:
    ask = _ask(MILAN, AUDIT)
    answer = sign_in(Role.DIRECTOR, MILAN).post(f"/raccolta/celle/{ask.pk}/", _cell(ask, typed))
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert not Value.objects.exists()


def test_a_status_without_value_needs_its_reason(campaign: Campaign, sign_in: SignIn) -> None:
    ask = _ask(MILAN, AUDIT)
    director = sign_in(Role.DIRECTOR, MILAN)
    assert director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "", "not_applicable")).status_code == 422
    answer = director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "", "not_applicable", "nessuna azione dovuta"))
    assert answer.status_code == 200
    assert Value.objects.get().status == "not_applicable"
    assert director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "5", "not_applicable", "x", 0)).status_code == 422


def test_a_correction_is_a_new_version_and_both_stay(campaign: Campaign, sign_in: SignIn) -> None:
    director, ask = sign_in(Role.DIRECTOR, MILAN), _ask(MILAN, AUDIT)
    seen = director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "98")).json()["seen"]
    director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "99", seen=seen))
    assert list(ask.versions.values_list("number", "value")) == [(2, "99"), (1, "98")]
    assert Entry.objects.filter(verb="value.written", before__value="98", after__value="99").count() == 1
    page = director.get(f"/raccolta/celle/{ask.pk}/versioni/").content.decode()
    assert "98" in page
    assert "99" in page
    assert check_chain().is_whole


def test_two_people_in_one_cell_see_both_values_and_choose(campaign: Campaign, sign_in: SignIn) -> None:
    director, owner, ask = sign_in(Role.DIRECTOR, MILAN), sign_in(Role.DATA_OWNER), _ask(MILAN, AUDIT)
    owner.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "97"))
    answer = director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "99", seen=0))
    assert answer.status_code == 409
    said = answer.json()
    assert said["theirs"] == "97"
    assert "97" in said["message"]
    assert "99" in said["message"]
    assert director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "99", seen=said["seen"])).status_code == 200


def test_a_form_without_javascript_keeps_the_good_cells_and_the_text_of_the_others(
    campaign: Campaign, sign_in: SignIn
) -> None:
    good, bad = _ask(MILAN, AUDIT), _ask(MILAN, FLOW)
    page = sign_in(Role.DIRECTOR, MILAN).post(
        f"/raccolta/{campaign.pk}/valori/{MILAN}/", _cell(good, "98") | _cell(bad, "uno virgola due")
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert 'value="uno virgola due"' in text
    assert "non è un numero" in text
    assert list(Value.objects.values_list("ask", "value")) == [(good.pk, "98")]


def test_a_session_that_ended_gets_401_and_never_a_page(campaign: Campaign) -> None:
    ask = _ask(MILAN, AUDIT)
    answer = Client().post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "98"))
    assert answer.status_code == 401
    assert answer.json()["login"].startswith("/accesso/")
    assert not Value.objects.exists()


def test_who_may_not_enter_values_of_a_structure_is_refused(campaign: Campaign, sign_in: SignIn) -> None:
    ask = _ask(MILAN, AUDIT)
    for role, where in ((Role.DIRECTOR, TRENTO), (Role.OIV, "nazionale"), (Role.ATTESTER, "nazionale")):
        answer = sign_in(role, where).post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "98"))
        assert answer.status_code == 403, role
    elsewhere = sign_in(Role.DIRECTOR, "lombardia")
    assert elsewhere.get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").status_code == 403
    assert elsewhere.get(f"/raccolta/{campaign.pk}/").status_code == 404
    assert Client().get(f"/raccolta/{campaign.pk}/").status_code == 302


@pytest.mark.parametrize(("role", "where", "sees"), [
    (Role.PLANNER, "nazionale", 200), (Role.DIRECTOR, MILAN, 200), (Role.DATA_OWNER, "nazionale", 200),
    (Role.OIV, "nazionale", 200), (Role.AUDITOR, "nazionale", 200), (Role.ADMINISTRATOR, "nazionale", 403),
])  # fmt: skip
def test_who_may_read_the_results_of_a_structure_reads_its_grid(
    campaign: Campaign, sign_in: SignIn, role: Role, where: str, sees: int
) -> None:
    client = sign_in(role, where)
    assert client.get("/raccolta/").status_code == sees
    assert client.get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").status_code == sees
    assert client.get(f"/en/raccolta/{campaign.pk}/valori/{MILAN}/").status_code == sees


def test_only_who_manages_campaigns_opens_reminds_closes_and_downloads(campaign: Campaign, sign_in: SignIn) -> None:
    director = sign_in(Role.DIRECTOR, MILAN)
    assert director.get("/raccolta/apri/").status_code == 403
    for what in ("promemoria", "chiudi", "calcola"):
        assert director.post(f"/raccolta/{campaign.pk}/{what}/").status_code == 403
        assert sign_in(Role.PLANNER).get(f"/raccolta/{campaign.pk}/{what}/").status_code == 405
    assert director.get(f"/raccolta/{campaign.pk}/valori.csv").status_code == 403


def test_a_signature_bears_name_and_time_and_falls_when_a_value_changes(
    campaign: Campaign, sign_in: SignIn, person: People
) -> None:
    director = sign_in(Role.DIRECTOR, MILAN)
    address = f"/raccolta/{campaign.pk}/conferma/{MILAN}/"
    shown = director.get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").context["digest"]
    director.post(address, {"signed": "yes", "digest": shown})
    assert not Signature.objects.exists()  # values are missing
    _fill(person(Role.PLANNER))
    director.post(address, {"signed": "yes", "digest": shown})
    assert not Signature.objects.exists()  # not what was shown
    shown = director.get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").context["digest"]
    page = director.post(address, {"signed": "yes", "digest": shown}, follow=True).content.decode()
    assert Signature.objects.get().name in page
    assert Entry.objects.filter(verb="values.confirmed", structure=MILAN).count() == 1
    ask = _ask(MILAN, AUDIT)
    director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "90"))
    (standing,) = campaign_progress(campaign, {MILAN}, timezone.localdate())
    assert standing.signature is None


def test_who_may_not_confirm_cannot_sign(campaign: Campaign, sign_in: SignIn) -> None:
    for role, where in ((Role.PLANNER, "nazionale"), (Role.DIRECTOR, TRENTO), (Role.OIV, "nazionale")):
        assert sign_in(role, where).post(f"/raccolta/{campaign.pk}/conferma/{MILAN}/").status_code == 403


def test_it_shows_who_is_late_and_reminds_who_answers_for_it(
    campaign: Campaign, sign_in: SignIn, person: People
) -> None:
    director = person(Role.DIRECTOR, MILAN)
    person(Role.DATA_OWNER)
    Campaign.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    planner = sign_in(Role.PLANNER)
    assert "in ritardo" in planner.get(f"/raccolta/{campaign.pk}/").content.decode()
    planner.post(f"/raccolta/{campaign.pk}/promemoria/", {"structure": [MILAN]})
    (letter,) = mail.outbox
    assert letter.to == [director.email]
    assert f"/raccolta/{campaign.pk}/" in letter.body
    assert campaign.reminders.get().structure == MILAN


def test_a_reminder_that_does_not_leave_is_told_and_not_noted(
    campaign: Campaign, sign_in: SignIn, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(Role.DIRECTOR, MILAN)
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)
    page = sign_in(Role.PLANNER).post(f"/raccolta/{campaign.pk}/promemoria/", {"structure": [MILAN]}, follow=True)
    assert "Il promemoria non è partito" in page.content.decode()
    assert not campaign.reminders.exists()
    assert not Entry.objects.filter(verb="campaign.reminded").exists()


def test_a_closed_campaign_changes_no_more_until_it_is_opened_again_for_a_reason(
    campaign: Campaign, sign_in: SignIn
) -> None:
    planner, director, ask = sign_in(Role.PLANNER), sign_in(Role.DIRECTOR, MILAN), _ask(MILAN, AUDIT)
    planner.post(f"/raccolta/{campaign.pk}/chiudi/")
    answer = director.post(f"/raccolta/celle/{ask.pk}/", _cell(ask, "98"))
    assert answer.status_code == 422
    assert "chiusa" in answer.json()["message"]
    assert 'name="value-' not in director.get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").content.decode()
    planner.post(f"/raccolta/{campaign.pk}/chiudi/", {"open": "yes"})
    assert not Campaign.objects.get().is_open
    planner.post(f"/raccolta/{campaign.pk}/chiudi/", {"open": "yes", "reason": "dato arrivato tardi"})
    assert Campaign.objects.get().is_open
    assert Entry.objects.get(verb="campaign.reopened").reason == "dato arrivato tardi"


def test_what_nobody_signed_is_scored_as_an_estimate(campaign: Campaign, person: People) -> None:
    director = person(Role.DIRECTOR, MILAN)
    _fill(director)
    (standing,) = campaign_progress(campaign, {MILAN}, timezone.localdate())
    asks = list(campaign.asks.filter(structure=MILAN).select_related("current"))
    assert standing.answered == 2
    sign(director, campaign, MILAN, digest(asks))
    said = {(v.structure, v.indicator): v.status for v in collected_values(campaign)}
    assert said[MILAN, AUDIT] == "measured"
    assert said[TRENTO, AUDIT] == "estimated"


def _digest(asks: list[Ask]) -> str:
    return digest(asks)


@pytest.mark.usefixtures("forgetting")
def test_it_computes_a_run_that_holds_the_collected_values(campaign: Campaign, person: People) -> None:
    planner = person(Role.PLANNER)
    _fill(planner)
    run = compute(planner, campaign)
    record = RunRecord.objects.get(run=run)
    assert record.made_by == planner
    assert opened_runs().figures(run).figure("value", MILAN, AUDIT) == 98.5
    kept = results.read(opened_runs().run(run).values_file).to_pylist()
    assert [row["value"] for row in kept if (row["structure"], row["indicator"]) == (MILAN, AUDIT)] == ["98.5"]


def test_only_a_closed_campaign_is_computed_in_the_background(campaign: Campaign, sign_in: SignIn) -> None:
    planner = sign_in(Role.PLANNER)
    planner.post(f"/raccolta/{campaign.pk}/calcola/")
    assert not Job.objects.exists()
    planner.post(f"/raccolta/{campaign.pk}/chiudi/")
    answer = planner.post(f"/raccolta/{campaign.pk}/calcola/")
    assert answer["Location"] == f"/lavori/{Job.objects.get().pk}/"


def test_the_values_file_has_the_columns_of_the_contract_and_no_formula(
    campaign: Campaign, sign_in: SignIn, person: People
) -> None:
    ask = _ask(MILAN, AUDIT)
    write_cell(person(Role.DIRECTOR, MILAN), ask.pk, Typed("98", "measured", "=HYPERLINK(1)", 0))
    text = sign_in(Role.PLANNER).get(f"/raccolta/{campaign.pk}/valori.csv").content.decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == [
        "structure", "indicator", "period", "value", "numerator", "denominator", "status", "contested", "note",
    ]  # fmt: skip
    assert row["note"].startswith("'=")


def test_it_gives_last_year_and_the_expected_range_in_the_grid(campaign: Campaign, sign_in: SignIn) -> None:
    row = sign_in(Role.DIRECTOR, MILAN).get(f"/raccolta/{campaign.pk}/valori/{MILAN}/").context["rows"][0]
    assert row.year_before == "–"  # the installation has runs of one year alone
    assert row.target


def test_a_figure_is_contested_once_and_decided_by_somebody_else(
    runs: list[RunRecord], campaign: Campaign, sign_in: SignIn, person: People
) -> None:
    director = Client()
    contesting = person(Role.DIRECTOR, MILAN)
    director.force_login(contesting)
    address = f"/raccolta/contesta/?structure={MILAN}&indicator={AUDIT}&run={runs[-1].run[:12]}"
    assert "Indice di Audit" in director.get(address).content.decode()
    assert "Ensure" not in director.post(address, {"reason": "breve"}).content.decode()
    assert not Contest.objects.exists()
    reason = "Due azioni chiuse a dicembre non risultano nell'archivio."
    file = SimpleUploadedFile("verbale.pdf", PDF)
    assert director.post(address, {"reason": reason, "file": file}).status_code == 302
    made = Contest.objects.get()
    assert (made.period, made.run) == ("2024-Q4", runs[-1].run)
    assert director.get(address)["Location"] == f"/raccolta/contestazioni/{made.pk}/"
    with pytest.raises(IntegrityError):
        Contest.objects.create(structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=contesting)


def test_a_contest_is_decided_with_a_reason_by_who_manages_campaigns(
    campaign: Campaign, sign_in: SignIn, person: People
) -> None:
    made = Contest.objects.create(
        structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=person(Role.DIRECTOR, MILAN)
    )
    address = f"/raccolta/contestazioni/{made.pk}/"
    assert (
        sign_in(Role.DIRECTOR, MILAN).post(address, {"outcome": "accepted", "decision": "va bene"}).status_code == 403
    )
    assert sign_in(Role.DIRECTOR, TRENTO).get(address).status_code == 403
    planner = sign_in(Role.PLANNER)
    planner.post(address, {"outcome": "accepted", "decision": ""})
    assert Contest.objects.get().state == "open"
    planner.post(address, {"outcome": "accepted", "decision": "Le azioni risultano chiuse."})
    assert Contest.objects.get().state == "accepted"
    assert Entry.objects.get(verb="contest.decided").reason == "Le azioni risultano chiuse."


def test_who_decides_second_is_told_that_it_was_decided(campaign: Campaign, sign_in: SignIn, person: People) -> None:
    made = Contest.objects.create(
        structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=person(Role.DIRECTOR, MILAN)
    )
    address, words = f"/raccolta/contestazioni/{made.pk}/", {"decision": "Le azioni risultano chiuse."}
    first = sign_in(Role.PLANNER).post(address, words | {"outcome": "accepted"}, follow=True)
    second = sign_in(Role.PLANNER).post(address, words | {"outcome": "rejected"}, follow=True)
    assert "Decisione registrata" in first.content.decode()
    assert "Decisione registrata" not in second.content.decode()
    assert "Era già decisa" in second.content.decode()
    assert Contest.objects.get().state == "accepted"


def test_nobody_decides_on_the_own_contest(campaign: Campaign, person: People) -> None:
    planner = person(Role.PLANNER)
    made = Contest.objects.create(structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=planner)
    client = Client()
    client.force_login(planner)
    words = {"outcome": "accepted", "decision": "mi do ragione da solo"}
    assert client.post(f"/raccolta/contestazioni/{made.pk}/", words).status_code == 403


def test_it_tells_people_what_they_owe(campaign: Campaign, sign_in: SignIn, person: People) -> None:
    director = sign_in(Role.DIRECTOR, MILAN)
    assert "Raccolta di prova: valori da inserire per 1 struttura" in director.get("/").content.decode()
    user = person(Role.DIRECTOR, MILAN)
    _fill(user)
    assert "Raccolta di prova: valori da confermare per 1 struttura" in director.get("/").content.decode()
    sign(user, campaign, MILAN, digest(campaign.asks.filter(structure=MILAN).select_related("current")))
    assert "Raccolta di prova" not in director.get("/").content.decode()
    Contest.objects.create(structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=user)
    assert "1 contestazione da decidere" in sign_in(Role.PLANNER).get("/").content.decode()


def test_only_who_may_contest_does(runs: list[RunRecord], sign_in: SignIn) -> None:
    address = f"/raccolta/contesta/?structure={MILAN}&indicator={AUDIT}"
    assert sign_in(Role.PLANNER).get(address).status_code == 403
    assert sign_in(Role.DIRECTOR, TRENTO).get(address).status_code == 403
    assert sign_in(Role.DIRECTOR, MILAN).get(f"{address}x").status_code == 404
    assert Client().get(address).status_code == 302


def test_a_contested_figure_is_marked_in_the_values(campaign: Campaign, person: People) -> None:
    director = person(Role.DIRECTOR, MILAN)
    _fill(director)
    Contest.objects.create(structure=MILAN, indicator=AUDIT, period="2024-Q4", reason="x", by=director)
    contested = {(v.structure, v.indicator) for v in collected_values(campaign) if v.is_contested}
    assert contested == {(MILAN, AUDIT)}


def test_a_document_is_given_only_to_who_may_read_the_structure_and_as_a_file(
    campaign: Campaign, sign_in: SignIn
) -> None:
    ask, director = _ask(MILAN, AUDIT), sign_in(Role.DIRECTOR, MILAN)
    file = SimpleUploadedFile('ver"bale\n.pdf', PDF)
    assert director.post(f"/raccolta/celle/{ask.pk}/versioni/", {"file": file}).status_code == 302
    kept = Evidence.objects.get()
    answer = director.get(f"/raccolta/documenti/{kept.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert sign_in(Role.DIRECTOR, TRENTO).get(f"/raccolta/documenti/{kept.pk}/").status_code == 403
    assert Client().get(f"/raccolta/documenti/{kept.pk}/").status_code == 302
    (Path(settings.MEDIA_ROOT) / kept.file).write_bytes(b"altro")
    assert director.get(f"/raccolta/documenti/{kept.pk}/").status_code == 404
