"""Planners edit a draft: nothing is lost when two save the same sheet, and every edit can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client

from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.plans.drafts import nodes_of, working
from piramide.web.plans.models import Draft

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
MILANO = "schede/dcm_milano/"


@pytest.fixture
def planner(sign_in: SignIn) -> Client:
    return sign_in(Role.PLANNER)


@pytest.fixture
def draft(planner: Client) -> Draft:
    form = {"base": "inps-2024", "pack": "inps-2025", "label": "Obiettivi 2025", "year": "2025"}
    answer = planner.post("/piano/bozze/nuova/", form)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/piano/bozze/{draft.pk}/"
    return draft


def address(draft: Draft, page: str = "") -> str:
    return f"/piano/bozze/{draft.pk}/{page}"


def weight(draft: Draft, node: str, structure: str = "dcm_milano") -> Fraction:
    draft.refresh_from_db()
    return nodes_of(working(draft), structure)[node].weight


def test_it_opens_over_a_version_and_says_so_in_the_register(draft: Draft) -> None:
    assert (draft.base, draft.stage, draft.revision) == ("inps-2024", "draft", 0)
    assert Entry.objects.get(verb="plan.draft_opened").subject == "inps-2025"


@pytest.mark.parametrize("name", ["inps-2024", "INPS-2025", "inps 2025", "../inps"])
def test_it_refuses_a_name_that_is_taken_or_is_no_name(planner: Client, name: str) -> None:
    form = {"base": "inps-2024", "pack": name, "label": "Obiettivi 2025", "year": "2025"}
    assert planner.post("/piano/bozze/nuova/", form).status_code == 422
    assert not Draft.objects.exists()


def test_it_saves_what_changed_and_shows_it_as_an_annex(draft: Draft, planner: Client) -> None:
    form = {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35", "luogo": "p. 7",
            "obiettivo.indice_deflusso": "1,02", "peso.valore_istituzionale": "40", "motivo": "Più peso"}  # fmt: skip
    answer = planner.post(address(draft, MILANO), form)

    assert answer.status_code == 302
    page = planner.get(address(draft)).content.decode()
    assert "3 modifiche" in page
    assert "30%" in page
    assert "25%" in page
    assert "1,020" in page
    assert "Obiettivi 2025, p. 7" in page
    assert "Più peso" in page
    assert weight(draft, "valore_economico") == Fraction(1, 4)


def test_it_records_each_edit_with_what_stood_before(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25", "motivo": "Prova"})

    entry = Entry.objects.get(verb="plan.edited")
    assert (entry.before, entry.after) == ({"weight": "0.3"}, {"weight": "0.25"})
    assert (entry.structure, entry.reason) == ("dcm_milano", "Prova")
    assert check_chain().is_whole


def test_it_shows_a_number_that_cannot_be_read_beside_its_field_and_keeps_the_rest(
    draft: Draft, planner: Client
) -> None:
    answer = planner.post(
        address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "tanto", "peso.valore_organizzativo": "35"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="tanto"' in page
    assert 'value="35"' in page
    assert "«tanto» non è un numero" in page
    assert not Entry.objects.filter(verb="plan.edited").exists()


def test_it_checks_while_typing_without_saving(draft: Draft, planner: Client) -> None:
    form = {
        "revisione": "0",
        "peso.valore_economico": "20",
        "peso.indice_deflusso": "-5",
        "obiettivo.indagine_reputazionale": "0",
    }
    page = planner.post(address(draft, f"{MILANO}prova/"), form).content.decode()

    assert 'id="somma-cima" class="plan-sum plan-sum-wrong" hx-swap-oob="true"' in page
    assert "somma 90%" in page
    assert "1 gruppo non somma al 100%" in page
    assert "3 modifiche da salvare" in page
    assert "2 rilievi nelle righe" in page
    assert "«Indagine reputazionale» di «DCM Milano» ha obiettivo 0" in page
    assert page.count('plan-message" hx-swap-oob="true"></span>') > 10
    assert 'id="rilievo-indice_deflusso" class="plan-message" hx-swap-oob="true"></span>' not in page
    assert 'id="rilievo-indagine_reputazionale" class="plan-message" hx-swap-oob="true"></span>' not in page
    assert weight(draft, "valore_economico") == Fraction(3, 10)


def test_it_gives_equal_parts_of_the_rest_to_weights_left_blank(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.indicatore_produttivita": "40"})

    assert weight(draft, "indicatore_produttivita") == Fraction(2, 5)
    assert weight(draft, "indice_deflusso") == Fraction(3, 20)


def test_it_assigns_and_takes_away_indicators(draft: Draft, planner: Client) -> None:
    group = "compliance_norme_rispetto_principi_trasparenza_legalita"
    planner.post(address(draft, MILANO), {
        "revisione": "0", "togli": "indice_audit", "nuovo.indicatore": "razionalizzazione_logistica",
        "nuovo.gruppo": group, "nuovo.obiettivo": "100",
    })  # fmt: skip

    draft.refresh_from_db()
    nodes = nodes_of(working(draft), "dcm_milano")
    assert "indice_audit" not in nodes
    assert nodes["razionalizzazione_logistica"].target == 100
    assert nodes["razionalizzazione_logistica"].weight == Fraction(1, 2)
    page = planner.get(address(draft)).content.decode()
    assert "Indicatori assegnati" in page


def test_it_saves_the_same_on_every_structure_of_the_kind(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "obiettivo.indice_deflusso": "1,05", "estendi": "tipo"})

    draft.refresh_from_db()
    pack = working(draft)
    targets = {
        name: nodes_of(pack, name)["indice_deflusso"].target for name in ("dcm_milano", "dcm_roma", "dcm_napoli")
    }
    assert set(targets.values()) == {Fraction(105, 100)}


def test_it_shows_both_texts_when_two_save_the_same_sheet(draft: Draft, planner: Client, sign_in: SignIn) -> None:
    other = sign_in(Role.PLANNER)
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25", "motivo": "Anna"})

    mine = {"revisione": "0", "peso.valore_economico": "20", "peso.valore_organizzativo": "40", "motivo": "Bruno"}
    answer = other.post(address(draft, MILANO), mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="peso.valore_economico" value="20"' in page
    assert 'name="peso.valore_economico" value="25"' in page
    assert 'name="peso.valore_organizzativo" value="40"' in page
    assert "Persona 0" in page
    assert weight(draft, "valore_economico") == Fraction(1, 4)
    chosen = {"revisione": "1", "peso.valore_economico": "20", "peso.valore_organizzativo": "40"}
    assert other.post(address(draft, MILANO), chosen).status_code == 302
    assert weight(draft, "valore_economico") == Fraction(1, 5)
    assert weight(draft, "valore_organizzativo") == Fraction(2, 5)


def test_it_does_not_take_for_an_edit_what_another_has_changed_since(
    draft: Draft, planner: Client, sign_in: SignIn
) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25"})
    answer = sign_in(Role.PLANNER).post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "30"})

    assert answer.status_code == 302
    assert weight(draft, "valore_economico") == Fraction(1, 4)


def test_it_lets_two_save_different_sheets(draft: Draft, planner: Client, sign_in: SignIn) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25"})
    answer = sign_in(Role.PLANNER).post(
        address(draft, "schede/dcm_roma/"), {"revisione": "0", "obiettivo.indice_deflusso": "1,03"}
    )

    assert answer.status_code == 302
    assert draft.edits.count() == 2


def test_it_saves_once_the_form_that_is_sent_twice(draft: Draft, planner: Client) -> None:
    form = {"revisione": "0", "peso.valore_economico": "25", "nuovo.indicatore": "razionalizzazione_logistica",
            "nuovo.gruppo": "valore_economico", "nuovo.obiettivo": "100"}  # fmt: skip
    assert planner.post(address(draft, MILANO), form).status_code == 302
    assert planner.post(address(draft, MILANO), form).status_code == 302

    draft.refresh_from_db()
    assert (draft.revision, draft.edits.count()) == (1, 2)


def test_it_takes_back_one_edit_or_a_whole_save(draft: Draft, planner: Client) -> None:
    planner.post(
        address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25", "peso.valore_organizzativo": "35"}
    )
    first = draft.edits.get(node="valore_economico")
    assert planner.post(address(draft, "annulla/"), {"modifica": str(first.pk)}).status_code == 302
    assert weight(draft, "valore_economico") == Fraction(3, 10)
    assert weight(draft, "valore_organizzativo") == Fraction(35, 100)

    planner.post(address(draft, "annulla/"), {"salvataggio": "1"})
    planner.post(address(draft, "annulla/"), {"salvataggio": "1"})

    assert weight(draft, "valore_organizzativo") == Fraction(3, 10)
    undone = Entry.objects.filter(verb="plan.undone")
    assert undone.count() == 2
    assert (undone[0].before, undone[0].after) == ({"weight": "0.25"}, {"weight": "0.3"})
    assert "annullata da" in planner.get(address(draft)).content.decode()


@pytest.mark.parametrize("form", [
    {"modifica": "abc", "salvataggio": ""}, {"modifica": "9" * 5000}, {"salvataggio": "²"}, {},
])  # fmt: skip
def test_it_finds_nothing_to_take_back_where_no_edit_is_named(
    draft: Draft, planner: Client, form: dict[str, str]
) -> None:
    assert planner.post(address(draft, "annulla/"), form).status_code == 404


def test_a_page_that_names_no_revision_has_seen_none(draft: Draft, planner: Client) -> None:
    form = {"revisione": "9" * 5000, "peso.valore_economico": "25", "peso.valore_organizzativo": "35"}
    assert planner.post(address(draft, MILANO), form).status_code == 302
    assert planner.post(address(draft, MILANO), form | {"peso.valore_economico": "26"}).status_code == 409


def test_it_takes_back_an_indicator_with_what_rests_on_it(draft: Draft, planner: Client) -> None:
    planner.post(address(draft, MILANO), {
        "revisione": "0", "nuovo.indicatore": "razionalizzazione_logistica", "nuovo.gruppo": "valore_economico",
    })  # fmt: skip
    planner.post(address(draft, MILANO), {"revisione": "1", "obiettivo.razionalizzazione_logistica": "90"})

    planner.post(address(draft, "annulla/"), {"salvataggio": "1"})

    assert draft.edits.filter(undone_in=None).count() == 0
    assert "razionalizzazione_logistica" not in nodes_of(working(Draft.objects.get()), "dcm_milano")


def test_it_simulates_on_the_latest_values(draft: Draft, planner: Client, runs: list[object]) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "obiettivo.indice_deflusso": "1,20", "estendi": "tipo"})
    page = planner.get(address(draft, "simulazione/")).content.decode()
    picture = planner.get(address(draft, "simulazione.svg"))

    assert "4° trimestre 2024" in page
    assert "scendono" in page
    assert "DCM Milano" in page
    assert "Indice di Deflusso (obiettivo) −" in page
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"DCM" in picture.content


def test_it_simulates_for_a_director_the_own_structures_on_published_values(
    draft: Draft, planner: Client, sign_in: SignIn, runs: list[object]
) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "obiettivo.indice_deflusso": "1,20", "estendi": "tipo"})
    page = sign_in(Role.DIRECTOR, "dcm_milano").get(address(draft, "simulazione/")).content.decode()

    assert "3° trimestre 2024" in page
    assert "DCM Milano" in page
    assert "DCM Roma" not in page


def test_it_says_what_the_simulation_lacks(draft: Draft, planner: Client) -> None:
    assert "Non c'è ancora nessuna esecuzione" in planner.get(address(draft, "simulazione/")).content.decode().replace(
        "&#x27;", "'"
    )


def test_it_tells_the_findings_of_the_draft_from_those_of_its_base(draft: Draft, planner: Client) -> None:
    assert "La bozza non ha errori" in planner.get(address(draft, "controlli/")).content.decode()
    planner.post(address(draft, MILANO), {"revisione": "0", "peso.valore_economico": "25"})

    page = planner.get(address(draft, "controlli/")).content.decode()

    assert "La bozza ha 1 errore" in page
    assert "PK002" in page


@pytest.mark.parametrize(("role", "structure", "reads", "edits"), [
    (Role.PLANNER, "nazionale", 200, 302),
    (Role.PLANNER, "dcm_roma", 403, 403),
    (Role.DIRECTOR, "dcm_milano", 200, 403),
    (Role.DIRECTOR, "dcm_roma", 403, 403),
    (Role.OIV, "nazionale", 200, 403),
    (Role.AUDITOR, "nazionale", 200, 403),
    (Role.DATA_OWNER, "nazionale", 403, 403),
    (Role.ADMINISTRATOR, "nazionale", 403, 403),
])  # fmt: skip
def test_it_opens_a_sheet_to_who_may_read_it_and_saves_for_who_may_edit_it(
    draft: Draft, sign_in: SignIn, role: Role, structure: str, reads: int, edits: int
) -> None:
    client = sign_in(role, structure)

    assert client.get(address(draft, MILANO)).status_code == reads
    form = {"revisione": "0", "peso.valore_economico": "25"}
    assert client.post(address(draft, MILANO), form).status_code == edits
    assert client.post(address(draft, f"{MILANO}prova/"), form).status_code == (200 if edits == 302 else 403)


def test_it_shows_a_director_only_the_own_changes(draft: Draft, planner: Client, sign_in: SignIn) -> None:
    planner.post(address(draft, MILANO), {"revisione": "0", "obiettivo.indice_deflusso": "1,20", "estendi": "tipo"})
    page = sign_in(Role.DIRECTOR, "dcm_milano").get(address(draft)).content.decode()

    assert "DCM Milano" in page
    assert "DCM Roma" not in page
    assert "dcm_roma" not in page


def test_it_keeps_drafts_from_who_has_not_signed_in(draft: Draft) -> None:
    answer = Client().get(address(draft))
    assert answer.status_code == 302
    assert "accesso" in answer.headers["Location"]
