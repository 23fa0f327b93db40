"""Adoption has effect: from its day the adopted version is the plan in force; what was made before stays as it was."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from piramide.cycle.plans.adoptions import Adoption
from piramide.cycle.runs.store import Store
from piramide.cycle.verification.verify import verify
from piramide.methodology.loading import load_pack
from piramide.web import plans_in_force
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.collection.asked import asked_at
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.computing import compute
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.plans.models import Draft
from piramide.web.plans_in_force import adopted_now, plan, plan_of, plan_on
from piramide.web.results.models import RunRecord

SignIn = Callable[..., Client]
People = Callable[..., User]
TODAY = timezone.localdate()
ACT = {"number": "12/2026", "day": TODAY.isoformat(), "issuer": "Consiglio di Amministrazione", "note": ""}
OPINION = {"number": "OIV 3", "day": TODAY.isoformat(), "note": "", "opinion": "favourable"}
BASE, AMENDED = "inps-2024", "inps-2024-modificato"
Adopt = Callable[..., Client]
Committed = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def adopt(sign_in: SignIn, django_capture_on_commit_callbacks: Committed) -> Iterator[Adopt]:
    """Take a draft with one change through its gates; the planner's browser."""
    planner, evaluator = sign_in(Role.PLANNER), sign_in(Role.OIV)

    def take(effective_on: str, name: str = AMENDED, year: int = 2024, status: int = 302) -> Client:
        form = {"base": BASE, "pack": name, "label": f"Obiettivi {name}", "year": str(year)}
        planner.post("/piano/bozze/nuova/", form)
        draft = Draft.objects.get(pack=name)
        at = f"/piano/bozze/{draft.pk}/"
        edits = {"revisione": "0", "obiettivo.indice_deflusso": "1,02", "luogo": "p. 7"}
        assert planner.post(f"{at}schede/dcm_milano/", edits).status_code == 302
        assert planner.post(f"{at}proposta/", ACT).status_code == 302
        assert evaluator.post(f"{at}parere/", OPINION).status_code == 302
        with django_capture_on_commit_callbacks(execute=True):
            assert planner.post(f"{at}adozione/", ACT | {"effective_on": effective_on}).status_code == status
        return planner

    yield take
    shutil.rmtree(settings.CONFIGURATION.adopted, ignore_errors=True)


def planner_sees(planner: Client, address: str) -> str:
    answer = planner.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_takes_the_place_of_the_plan_in_force_from_its_day(runs: list[RunRecord], adopt: Adopt) -> None:
    assert runs
    assert plan().id == BASE
    adopt("2024-10-01")

    page = Client().get("/piano/").content.decode()
    assert (plan().id, plan_on(date(2024, 9, 30)).id, plan_on(date(2024, 10, 1)).id) == (AMENDED, BASE, AMENDED)
    assert (plan_of("2024-Q3").id, plan_of("2024-09").id, plan_of("2024-Q4").id) == (BASE, BASE, AMENDED)
    assert f"Il piano in vigore è <strong>Obiettivi {AMENDED}</strong>, dal 01/10/2024" in page
    assert page.index("il piano in vigore") < page.index(f"/piano/versioni/{BASE}/")
    assert Client().get("/api/v1/plan").json()["pack"] == AMENDED
    assert "1,02" in Client().get(f"/piano/versioni/{AMENDED}/dcm_milano/").content.decode()


def test_it_waits_for_its_day(runs: list[RunRecord], adopt: Adopt) -> None:
    assert runs
    adopt("", "inps-futuro", TODAY.year + 1)

    page = Client().get("/piano/").content.decode()
    assert plan().id == BASE
    assert plan_on(date(TODAY.year + 1, 1, 1)).id == "inps-futuro"
    assert "Il piano in vigore è <strong>Obiettivi di performance organizzativa 2024</strong>" in page
    assert f"in vigore dal 01/01/{TODAY.year + 1}" in page


def test_it_scores_new_runs_with_it_and_leaves_old_ones_alone(
    runs: list[RunRecord], adopt: Adopt, person: People
) -> None:
    before = runs[-1]
    adopted = adopt("2024-10-01")
    planner = person(Role.PLANNER)
    node = "indagine_reputazionale"
    opening = Opening("Quarto trimestre", "2024-Q4", TODAY, "", frozenset({"dcm_milano"}), frozenset({node}))
    campaign = open_campaign(planner, opening)
    run = compute(planner, campaign)

    record = RunRecord.objects.get(run=run)
    assert (campaign.pack, record.pack, record.period) == (AMENDED, AMENDED, "2024-Q4")
    history = planner_sees(adopted, f"/strutture/dcm_milano/storia/?run={run}")
    assert history.count("?periodo=2024-") >= 3
    assert f"da qui con «Obiettivi {AMENDED}»" in history
    before.refresh_from_db()
    assert (before.pack, before.run) == (BASE, runs[-1].run)
    assert run != before.run
    for one, pack in ((before.run, BASE), (run, AMENDED)):
        assert verify(Store(settings.CONFIGURATION.store), one).difference is None, pack


def test_it_keeps_collecting_for_the_plan_that_a_campaign_was_opened_under(
    runs: list[RunRecord], adopt: Adopt, person: People
) -> None:
    assert runs
    cells = asked_at("2024-Q4")
    key = next(iter(cells))
    opening = Opening("Prima", "2024-Q4", TODAY, "", frozenset({key[0]}), frozenset({key[1]}))
    campaign = open_campaign(person(Role.PLANNER), opening)
    adopt("2024-10-01")

    campaign.refresh_from_db()
    assert campaign.pack == BASE
    assert asked_at(campaign.period, campaign.pack) == cells
    assert asked_at(campaign.period) != {}


def test_it_changes_the_pages_of_the_plan_and_not_those_of_runs(runs: list[RunRecord], adopt: Adopt) -> None:
    addresses = ("/piano/", f"/strutture/dcm_milano/?run={runs[0].run[:12]}", "/")
    before = {address: Client().get(address).headers["ETag"] for address in addresses}
    adopt("2024-10-01")

    answers = {a: Client().get(a, headers={"If-None-Match": before[a]}).status_code for a in addresses}
    assert answers == {addresses[0]: 200, addresses[1]: 304, addresses[2]: 304}


def test_it_finds_what_the_new_plan_says_in_the_search(runs: list[RunRecord], adopt: Adopt) -> None:
    assert runs
    assert "12/2026" not in Client().get("/cerca/", {"q": "12/2026"}).content.decode().partition("<main")[2].replace(
        'value="12/2026"', ""
    ).replace("«12/2026»", "")
    adopt("2024-10-01")

    assert f"/piano/versioni/{AMENDED}/" in Client().get("/cerca/", {"q": "Obiettivi modificato"}).content.decode()


def test_it_is_not_in_force_when_its_files_are_no_more_what_was_adopted(
    runs: list[RunRecord], adopt: Adopt, caplog: pytest.LogCaptureFixture
) -> None:
    assert runs
    adopt("2024-10-01")
    assert plan().id == AMENDED
    file = settings.CONFIGURATION.adopted / AMENDED / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Obiettivi inps", "Altri inps"), encoding="utf-8")
    (settings.CONFIGURATION.adopted / "altro").mkdir()

    assert plan().id == BASE
    assert f"il piano {AMENDED} non è più quello adottato" in caplog.text


def test_what_was_adopted_before_there_were_notes_is_in_force_once_it_is_upgraded(
    runs: list[RunRecord], adopt: Adopt
) -> None:
    assert runs
    adopt("2024-10-01")
    adopt("2024-10-01", "inps-2024-secondo")
    Draft.objects.filter(pack=AMENDED).update(effective_on=None)  # as the first version that adopted left it
    notes = sorted(settings.CONFIGURATION.adopted.glob("*.json"))
    before = [json.loads(note.read_bytes()) for note in notes]
    for note in notes:
        note.unlink()
    assert plan().id == BASE

    assert note_adoptions() == 2
    assert plan_on(date(2024, 9, 30)).id == AMENDED  # without a day of effect, from the first day it holds for
    assert plan().id == "inps-2024-secondo"
    assert [json.loads(note.read_bytes()) for note in notes] == [
        before[0] | {"in_force_since": "2024-01-01"},
        before[1],
    ]
    assert note_adoptions() == 0


def test_a_plan_that_somebody_lays_into_the_folder_with_a_note_is_not_in_force(
    runs: list[RunRecord], adopt: Adopt, caplog: pytest.LogCaptureFixture
) -> None:
    assert runs
    adopt("2024-10-01")
    folder = settings.CONFIGURATION.adopted / "inps-2024-a-mano"
    shutil.copytree(folder.parent / AMENDED, folder)
    head = folder / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace(AMENDED, folder.name), encoding="utf-8")
    adopted_now(Adoption(folder.name, load_pack(folder).hash, date(2024, 11, 1), timezone.now()))

    assert plan().id == AMENDED
    assert "inps-2024-a-mano is noted as adopted" in caplog.text


def test_one_whose_note_could_not_be_written_is_in_force_when_the_gate_is_passed_again(
    runs: list[RunRecord],
    adopt: Adopt,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Committed,
) -> None:
    assert runs
    with monkeypatch.context() as full:
        full.setattr(plans_in_force, "note_adoption", _no_room)
        planner = adopt("2024-10-01")
    assert (Draft.objects.get().stage, plan().id) == ("adopted", BASE)

    with django_capture_on_commit_callbacks(execute=True):
        planner.post(f"/piano/bozze/{Draft.objects.get().pk}/adozione/", ACT | {"effective_on": "2024-10-01"})
    assert plan().id == AMENDED


def _no_room(*_: object) -> bool:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_it_refuses_a_day_outside_the_days_of_the_plan(runs: list[RunRecord], adopt: Adopt) -> None:
    assert runs
    adopt("2023-12-31", status=409)

    assert Draft.objects.get().stage == "cleared"
    assert not (settings.CONFIGURATION.adopted / AMENDED).exists()
    assert plan().id == BASE


def test_it_writes_the_day_of_effect_into_the_register(runs: list[RunRecord], adopt: Adopt) -> None:
    assert runs
    adopt("2024-10-01")

    after = Entry.objects.get(verb="plan.adoption").after
    assert after is not None
    assert after["effective_on"] == "2024-10-01"


def test_it_offers_today_for_a_plan_of_now_and_the_first_day_for_any_other(adopt: Adopt) -> None:
    planner = adopt("2023-12-31", status=409)
    draft = Draft.objects.get()
    page = planner.get(f"/piano/bozze/{draft.pk}/adozione/").content.decode()
    assert 'name="effective_on" value="2024-01-01"' in page
    draft.year = TODAY.year
    draft.save()
    page = planner.get(f"/piano/bozze/{draft.pk}/adozione/").content.decode()
    assert f'name="effective_on" value="{TODAY:%Y-%m-%d}"' in page
    assert TODAY - timedelta(days=366) < TODAY
