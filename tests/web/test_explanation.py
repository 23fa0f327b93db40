"""A number is a link to its explanation: a page of its own, and the same content beside the page it was opened from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from piramide.cycle.explain import explain_run
from piramide.measurement.trace import CubeCell, MeasureTrace, Trace
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

SignIn = Callable[..., Client]
ADDRESS = "/strutture/dcm_milano/spiegazione/indice_deflusso/"


@pytest.mark.parametrize("node", ["indice_deflusso", "valore_istituzionale", "dcm_milano"])
def test_it_tells_a_number_as_the_command_does(runs: list[RunRecord], node: str) -> None:
    told = explain_run(opened_runs().store, runs[1].run, "dcm_milano", node)
    page = unescape(Client().get(f"/strutture/dcm_milano/spiegazione/{node}/").content.decode())

    assert told.sentence in page
    assert told.formula in page
    assert all(note in page for note in told.notes)


def test_it_tells_rule_act_and_data_quality(runs: list[RunRecord]) -> None:
    page = unescape(Client().get(ADDRESS).content.decode())
    indicator = opened_runs().opened(runs[1].run).pack.indicators["indice_deflusso"]

    assert "Obiettivi 2024" in page
    assert indicator.definition in page
    assert indicator.quality.limits in page
    assert "il piano non lo dice" in page
    assert runs[1].short in page


def test_it_words_a_target_that_is_a_condition(runs: list[RunRecord]) -> None:
    account = "indicatore_gestione_spesa_corretta_gestione_conto_transitorio_1005"
    page = unescape(Client().get(f"/strutture/dcm_milano/spiegazione/{account}/").content.decode())

    assert "rispetto a <strong>al più " in page


def test_it_opens_beside_as_a_part_of_the_same_words(runs: list[RunRecord]) -> None:
    whole = unescape(Client().get(ADDRESS).content.decode())
    response = Client().get(ADDRESS, headers={"HX-Request": "true", "HX-Target": "beside"})
    part = unescape(response.content.decode())

    assert "<html" not in part
    assert "data-close-beside" in part
    assert "<h2" in part
    assert "HX-Target" in response["Vary"]
    assert explain_run(opened_runs().store, runs[1].run, "dcm_milano", "indice_deflusso").sentence in part
    assert "<html" in whole


def test_it_knows_only_numbers_that_exist(runs: list[RunRecord]) -> None:
    assert Client().get("/strutture/dcm_milano/spiegazione/atlantide/").status_code == 404
    assert Client().get("/strutture/atlantide/spiegazione/indice_deflusso/").status_code == 404


def test_it_refuses_an_unpublished_number_to_who_may_not_read_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    run = {"run": runs[2].run[:12]}

    assert Client().get(ADDRESS, run).status_code == 403
    assert sign_in(Role.DIRECTOR, "liguria").get(ADDRESS, run).status_code == 403
    assert sign_in(Role.DIRECTOR, "dcm_milano").get(ADDRESS, run).status_code == 200


def test_it_shows_rows_only_to_who_may_read_where_they_come_from(runs: list[RunRecord], sign_in: SignIn) -> None:
    here = f"{ADDRESS}dati/"
    national = "riduzione_giacenza_ricorsi_amministrativi_valore_assoluto_valore_nazionale"
    director = sign_in(Role.DIRECTOR, "dcm_milano")

    assert Client().get(here).status_code == 302
    assert sign_in(Role.DIRECTOR, "liguria").get(here).status_code == 403
    assert director.get(here).status_code == 200
    assert "Vedi misure e righe" in director.get(ADDRESS).content.decode()
    assert "Vedi misure e righe" not in Client().get(ADDRESS).content.decode()
    assert director.get(f"/strutture/dcm_milano/spiegazione/{national}/dati/").status_code == 403
    assert sign_in(Role.PLANNER).get(f"/strutture/dcm_milano/spiegazione/{national}/dati/").status_code == 200


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> MeasureTrace:
    """What the ledger would answer for a value: two months of one office, one row of theirs."""
    cells = (CubeCell("fm_milano", "", "2024-08", 3.0), CubeCell("fm_milano", "", "2024-09", 2.5))
    row = {"case": "=A1", "kind": "resolved", "sign": 1, "day": "2024-08-02", "product": "P1", "days_waited": 12}
    row |= {"competence": "fm_milano", "work": "fm_milano"}
    query = f"FROM read_parquet(['{opened_runs().store.root}/ledger/work/000001/entries.parquet'])"
    measure = MeasureTrace("resolved", "Definito", "pieces", 5.5, rows=(row,), count=1, query=query, totals=cells)
    answer = Trace("dcm_milano", "indice_deflusso", "2024-Q3", "resolved / nullif(received, 0)", 1.01, (measure,))
    monkeypatch.setattr("piramide.web.structures.tracing.trace_run", lambda *_: answer)
    return measure


def test_it_opens_a_value_down_to_its_rows(runs: list[RunRecord], sign_in: SignIn, traced: MeasureTrace) -> None:
    director = sign_in(Role.DIRECTOR, "dcm_milano")
    page = unescape(director.get(f"{ADDRESS}dati/").content.decode())
    part = director.get(f"{ADDRESS}dati/", headers={"HX-Request": "true", "HX-Target": "beside"}).content.decode()

    assert "Definito: 5,50 pezzi" in page
    assert "agosto 2024" in page
    assert "2024-08-02" in page
    assert "definita" in page
    assert "STORE/ledger/work/000001/entries.parquet" in page
    assert str(opened_runs().store.root) not in page
    assert "<html" not in part
    assert "data-close-beside" in part


def test_it_gives_the_rows_as_a_file_that_no_spreadsheet_runs(
    runs: list[RunRecord], sign_in: SignIn, traced: MeasureTrace
) -> None:
    address = f"{ADDRESS}dati.csv"
    response = sign_in(Role.DIRECTOR, "dcm_milano").get(address)
    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert [row["part"] for row in table] == ["sum", "sum", "row"]
    assert table[0]["amount"] == "3.0"
    assert table[2]["case"] == "'=A1"
    assert {row["demonstration"] for row in table} == {"yes"}
    assert Client().get(address).status_code == 302
    assert sign_in(Role.DIRECTOR, "liguria").get(address).status_code == 403


def test_it_offers_to_contest_a_figure_to_who_may(runs: list[RunRecord], sign_in: SignIn) -> None:
    director = sign_in(Role.DIRECTOR, "dcm_milano")

    assert "Contesta questo dato" in director.get(ADDRESS).content.decode()
    assert "Contesta questo dato" not in sign_in(Role.AUDITOR).get(ADDRESS).content.decode()
    assert "Contesta questo dato" not in Client().get(ADDRESS).content.decode()
    whole = director.get("/strutture/dcm_milano/spiegazione/dcm_milano/").content.decode()
    assert "Contesta questo dato" not in whole


def test_it_has_no_rows_of_what_is_collected_by_hand(runs: list[RunRecord], sign_in: SignIn) -> None:
    assert sign_in(Role.PLANNER).get("/strutture/dcm_milano/spiegazione/dcm_milano/dati/").status_code == 404


def test_it_speaks_english(runs: list[RunRecord]) -> None:
    page = unescape(Client().get(f"/en{ADDRESS}").content.decode())

    assert "Where it comes from" in page
    assert "Data quality" in page
