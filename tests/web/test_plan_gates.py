"""A draft becomes a plan by three gates, each by who may; what is adopted is a plan, and stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from piramide.cycle.plans.checked import check_report
from piramide.cycle.plans.packs import open_pack
from piramide.kernel.findings import Severity
from piramide.web.accounts.models import Grant
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.plans import draft_gates
from piramide.web.plans.models import Draft, Passage

SignIn = Callable[..., Client]
TODAY = timezone.localdate()
ACT = {"number": "12/2026", "day": TODAY.isoformat(), "issuer": "Consiglio di Amministrazione", "note": ""}
OPINION = {"number": "OIV 3", "day": TODAY.isoformat(), "note": "", "opinion": "favourable"}


@pytest.fixture
def planner(sign_in: SignIn) -> Client:
    return sign_in(Role.PLANNER)


@pytest.fixture
def evaluator(sign_in: SignIn) -> Client:
    return sign_in(Role.OIV)


@pytest.fixture
def draft(planner: Client) -> Iterator[Draft]:
    """A draft with one change that holds together."""
    form = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    planner.post("/piano/bozze/nuova/", form)
    draft = Draft.objects.get()
    edits = {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35", "luogo": "p. 7"}
    planner.post(address(draft, "schede/dcm_milano/"), edits)
    yield draft
    shutil.rmtree(settings.CONFIGURATION.adopted, ignore_errors=True)


def address(draft: Draft, page: str = "") -> str:
    return f"/piano/bozze/{draft.pk}/{page}"


def stage(draft: Draft) -> str:
    draft.refresh_from_db()
    return draft.stage


def pass_on(draft: Draft, planner: Client, evaluator: Client) -> None:
    """From draft to adopted."""
    assert planner.post(address(draft, "proposta/"), ACT).status_code == 302
    assert evaluator.post(address(draft, "parere/"), OPINION).status_code == 302
    assert planner.post(address(draft, "adozione/"), ACT).status_code == 302


def test_it_becomes_a_plan_that_the_commands_open(draft: Draft, planner: Client, evaluator: Client) -> None:
    pass_on(draft, planner, evaluator)

    folders = [settings.CONFIGURATION.adopted]
    plan = open_pack("inps-2025", folders)
    report = check_report("inps-2025", folders)
    assert (stage(draft), draft.adopted_hash) == ("adopted", plan.hash)
    assert [finding for finding in report.findings if finding.level is Severity.ERROR] == []
    assert (plan.year, plan.acts["atto_inps_2025"].number, plan.acts["atto_inps_2025"].day) == (2025, "12/2026", TODAY)
    page = Client().get("/piano/").content.decode()
    assert "Obiettivi 2025" in page
    assert "adottata qui" in page
    assert "Consiglio di Amministrazione" in Client().get("/piano/versioni/inps-2025/").content.decode()
    assert "25%" in Client().get("/piano/versioni/inps-2025/dcm_milano/").content.decode()


@pytest.mark.databases
def test_it_writes_every_gate_in_the_register_with_its_act(draft: Draft, planner: Client, evaluator: Client) -> None:
    pass_on(draft, planner, evaluator)

    entries = Entry.objects.filter(verb__in=["plan.proposal", "plan.opinion", "plan.adoption"]).order_by("number")
    after = [entry.after or {} for entry in entries]
    assert [told["stage"] for told in after] == ["proposed", "cleared", "adopted"]
    assert entries[2].act == f"12/2026 · {TODAY:%Y-%m-%d}"
    assert after[2]["content"] == Draft.objects.get().adopted_hash
    assert check_chain().is_whole


def test_it_asks_before_it_adopts(draft: Draft, planner: Client, evaluator: Client) -> None:
    planner.post(address(draft, "proposta/"), ACT)
    evaluator.post(address(draft, "parere/"), OPINION | {"opinion": "with_remarks", "note": "Chiarire la pagina 7"})

    page = planner.get(address(draft, "adozione/")).content.decode()

    assert "non si può più modificare" in page
    assert "Registra l&#x27;adozione del piano" in page
    assert "Chiarire la pagina 7" in page
    assert stage(draft) == "cleared"


@pytest.mark.databases
def test_it_adopts_once_on_a_double_click(draft: Draft, planner: Client, evaluator: Client) -> None:
    pass_on(draft, planner, evaluator)
    before = draft.passages.count(), Entry.objects.count()

    again = planner.post(address(draft, "adozione/"), ACT)

    assert (again.status_code, again.headers["Location"]) == (302, "/piano/versioni/inps-2025/")
    assert (draft.passages.count(), Entry.objects.count()) == before


@pytest.mark.databases
def test_an_adoption_that_was_stopped_before_it_was_kept_goes_on_with_another_act(
    draft: Draft, planner: Client, evaluator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner.post(address(draft, "proposta/"), ACT)
    evaluator.post(address(draft, "parere/"), OPINION)
    with monkeypatch.context() as broken, transaction.atomic():
        broken.setattr(draft_gates, "_pass", _stopped)
        with pytest.raises(KeyboardInterrupt):
            planner.post(address(draft, "adozione/"), ACT)
        transaction.set_rollback(False)
    assert (settings.CONFIGURATION.adopted / "inps-2025").is_dir()
    assert stage(draft) == "cleared"

    again = planner.post(address(draft, "adozione/"), ACT | {"number": "13/2026"})

    assert again.status_code == 302
    assert stage(draft) == "adopted"
    assert open_pack("inps-2025", [settings.CONFIGURATION.adopted]).acts["atto_inps_2025"].number == "13/2026"


def _stopped(*_told: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.databases
def test_it_takes_the_same_proposal_and_opinion_once(draft: Draft, planner: Client, evaluator: Client) -> None:
    for _click in range(2):
        assert planner.post(address(draft, "proposta/"), ACT).status_code == 302
    for _click in range(2):
        sent = OPINION | {"opinion": "unfavourable", "note": "No"}
        assert evaluator.post(address(draft, "parere/"), sent).status_code == 302

    assert draft.passages.count() == 2


@pytest.mark.parametrize("page", ["schede/dcm_milano/", "annulla/", "proposta/", "parere/", "ritorno/"])
def test_it_never_edits_what_is_adopted(
    draft: Draft, planner: Client, evaluator: Client, sign_in: SignIn, page: str
) -> None:
    pass_on(draft, planner, evaluator)
    draft.refresh_from_db()
    before = draft.adopted_hash, draft.revision, draft.edits.filter(undone_in=None).count(), Passage.objects.count()
    client = sign_in(Role.OIV) if page == "parere/" else planner
    form = OPINION | {"revisione": "1", "peso.valore_economico": "20", "salvataggio": "1", "note": "prova"}

    answer = client.post(address(draft, page), form | {"number": "99", "issuer": ""})

    draft.refresh_from_db()
    assert answer.status_code == 409
    after = draft.adopted_hash, draft.revision, draft.edits.filter(undone_in=None).count(), Passage.objects.count()
    assert after == before
    assert open_pack("inps-2025", [settings.CONFIGURATION.adopted]).hash == draft.adopted_hash


def test_it_closes_the_form_of_an_adopted_draft(draft: Draft, planner: Client, evaluator: Client) -> None:
    pass_on(draft, planner, evaluator)

    page = planner.get(address(draft, "schede/dcm_milano/")).content.decode()

    assert '<input type="text"' not in page
    assert "Solo lettura" in page


def test_it_shows_when_somebody_touched_the_files_of_an_adopted_plan(
    draft: Draft, planner: Client, evaluator: Client
) -> None:
    pass_on(draft, planner, evaluator)
    file = settings.CONFIGURATION.adopted / "inps-2025" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# toccato\n", encoding="utf-8")

    assert "non sono più quelli adottati" in Client().get("/piano/versioni/inps-2025/").content.decode()


def test_it_does_not_propose_a_draft_with_errors(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, "schede/dcm_milano/"), {"revisione": "1", "peso.valore_economico": "30"})

    page = planner.get(address(draft, "proposta/")).content.decode()
    answer = planner.post(address(draft, "proposta/"), ACT)

    assert "1 errore e non si può proporre" in page
    assert answer.status_code == 409
    assert stage(draft) == "draft"


def test_it_does_not_propose_a_draft_that_changes_nothing(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, "annulla/"), {"salvataggio": "1"})

    answer = planner.post(address(draft, "proposta/"), ACT)

    assert answer.status_code == 409
    assert "non cambia nulla" in answer.content.decode()


def test_it_returns_a_draft_whose_opinion_is_unfavourable(draft: Draft, planner: Client, evaluator: Client) -> None:
    planner.post(address(draft, "proposta/"), ACT)
    assert evaluator.post(address(draft, "parere/"), OPINION | {"opinion": "unfavourable"}).status_code == 422

    evaluator.post(address(draft, "parere/"), OPINION | {"opinion": "unfavourable", "note": "Pesi non motivati"})

    assert (stage(draft), draft.circuit) == ("draft", 2)
    assert planner.post(address(draft, "adozione/"), ACT).status_code == 409
    assert "Pesi non motivati" in planner.get(address(draft)).content.decode()
    pass_on(draft, planner, evaluator)


def test_it_keeps_who_proposed_from_judging(draft: Draft, sign_in: SignIn) -> None:
    both = sign_in(Role.PLANNER)
    user = both.session["_auth_user_id"]
    Grant.objects.create(user_id=user, role=Role.OIV, structure="nazionale", since=TODAY - timedelta(days=1))
    both.post(address(draft, "proposta/"), ACT)

    answer = both.post(address(draft, "parere/"), OPINION)

    assert answer.status_code == 409
    assert "Chi ha proposto la bozza non può darne il parere" in answer.content.decode()
    assert stage(draft) == "proposed"


def test_it_returns_to_the_planners_on_their_demand_and_then_needs_a_new_opinion(
    draft: Draft, planner: Client, evaluator: Client
) -> None:
    planner.post(address(draft, "proposta/"), ACT)
    evaluator.post(address(draft, "parere/"), OPINION)

    planner.post(address(draft, "ritorno/"), {"note": "Recepire le osservazioni"})

    assert stage(draft) == "draft"
    assert planner.post(address(draft, "adozione/"), ACT).status_code == 409
    assert Entry.objects.get(verb="plan.return").reason == "Recepire le osservazioni"


@pytest.mark.parametrize(("day", "says"), [
    (TODAY + timedelta(days=1), "deve ancora venire"),
    (TODAY - timedelta(days=30), "prima del"),
])  # fmt: skip
def test_it_refuses_an_act_out_of_time(
    draft: Draft, planner: Client, evaluator: Client, day: object, says: str
) -> None:
    planner.post(address(draft, "proposta/"), ACT)

    answer = evaluator.post(address(draft, "parere/"), OPINION | {"day": str(day)})

    assert answer.status_code == 409
    assert says in answer.content.decode()


@pytest.mark.parametrize(("role", "structure", "allowed"), [
    (Role.PLANNER, "nazionale", {"proposta/", "adozione/"}),
    (Role.PLANNER, "lombardia", set()),
    (Role.OIV, "nazionale", {"parere/"}),
    (Role.OIV, "lombardia", set()),
    (Role.DIRECTOR, "nazionale", set()),
    (Role.AUDITOR, "nazionale", set()),
    (Role.PUBLISHER, "nazionale", set()),
    (Role.DATA_OWNER, "nazionale", set()),
    (Role.ATTESTER, "nazionale", set()),
    (Role.ADMINISTRATOR, "nazionale", set()),
])  # fmt: skip
def test_it_opens_each_gate_to_who_may_on_everything(
    draft: Draft, sign_in: SignIn, role: Role, structure: str, allowed: set[str]
) -> None:
    client = sign_in(role, structure)

    opened = {
        page for page in ("proposta/", "parere/", "adozione/") if client.get(address(draft, page)).status_code == 200
    }
    posted = {
        page for page in ("proposta/", "parere/", "adozione/") if client.post(address(draft, page)).status_code != 403
    }

    assert (opened, posted) == (allowed, allowed)
    assert stage(draft) == "draft"


def test_it_tells_each_what_waits_for_them(
    draft: Draft, planner: Client, evaluator: Client, runs: list[object]
) -> None:
    assert "completala e proponila" in planner.get("/").content.decode()
    assert "Obiettivi 2025" not in evaluator.get("/").content.decode()

    planner.post(address(draft, "proposta/"), ACT)

    assert "dai il parere" in evaluator.get("/").content.decode()
    assert "completala" not in planner.get("/").content.decode()


def test_it_speaks_english(draft: Draft, planner: Client) -> None:
    page = planner.get(f"/en{address(draft)}").content.decode()

    assert "Propose the draft to the OIV" in page
    assert "What changes" in page
    assert "The checks find no errors" in planner.get(f"/en{address(draft, 'proposta/')}").content.decode()
    sheet = {"revisione": "1", "peso.valore_economico": "27.5", "peso.valore_organizzativo": "32.5"}
    assert planner.post(f"/en{address(draft, 'schede/dcm_milano/')}", sheet).status_code == 302
