"""Adjustments: proposed with their effect, confirmed into a new run, withdrawn, never lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from piramide.cycle.adjust import adjustable
from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.verification.verify import verify
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.oversight.forms import written_number
from piramide.web.oversight.models import Adjustment
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

SignIn = Callable[..., Client]
People = Callable[..., User]
NODE = "indice_deflusso"


def _form(**changes: str) -> dict[str, str]:
    content = {"indicator": NODE, "value": "1,25", "reason": "Conteggio doppio accertato.", "act": "Nota 7/2025"}
    return {"token": str(uuid4()), **content, **changes}


def _propose(client: Client, run: RunRecord, **changes: str) -> Adjustment:
    answer = client.post(f"/vigilanza/esecuzioni/{run.run}/rettifica/?struttura=dcm_milano", _form(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return Adjustment.objects.latest("pk")


@pytest.mark.databases
def test_it_shows_what_a_proposal_would_move_and_changes_nothing(runs: list[RunRecord], sign_in: SignIn) -> None:
    client, count = sign_in(Role.PLANNER), RunRecord.objects.count()
    made = _propose(client, runs[-1])
    page = client.get(f"/vigilanza/rettifiche/{made.pk}/").content.decode()
    assert "Che cosa cambierebbe" in page
    assert "Indice di DCM Milano" in page
    assert made.value_after == "1.25"
    moved = {row["structure"]: row["change"] for row in made.effect["moved"]}
    assert moved["dcm_milano"] > 0
    assert RunRecord.objects.count() == count


def test_it_keeps_a_new_run_when_confirmed_and_leaves_the_old_one(runs: list[RunRecord], sign_in: SignIn) -> None:
    client, old = sign_in(Role.PLANNER), runs[-1]
    before = opened_runs().figures(old.run).standing("dcm_milano")
    made = _propose(client, old)
    client.post(f"/vigilanza/rettifiche/{made.pk}/conferma/")
    made.refresh_from_db()
    new = made.new_run
    assert new is not None
    assert (made.state, new.period, new.reason) == ("confirmed", old.period, "Conteggio doppio accertato.")
    own = next(row for row in made.effect["moved"] if row["structure"] == "dcm_milano")
    assert opened_runs().figures(new.run).standing("dcm_milano").shown == own["after"]
    assert opened_runs().figures(old.run).standing("dcm_milano") == before
    assert before.shown == pytest.approx(own["before"])
    shown = opened_runs().figures(new.run).standing("dcm_milano").shown
    assert shown is not None
    assert before.shown is not None
    assert (Fraction(own["after_exact"]), Fraction(own["before_exact"])) == (shown.exact, before.shown.exact)
    assert verify(opened_runs().store, new.run).verified
    assert verify(opened_runs().store, old.run).verified
    assert kept_with(opened_runs().run(new.run).folder) == kept_with(opened_runs().run(old.run).folder)
    row = next(r for r in adjustable(opened_runs(), new.run, "dcm_milano") if r.indicator == NODE)
    assert (row.value, row.status) == ("1.25", "adjusted")
    sheet = client.get(f"/strutture/dcm_milano/?run={new.run[:12]}").content.decode()
    assert "mark-adjusted" in sheet
    page = client.get(f"/vigilanza/confronto/{old.run[:16]}/{new.run[:16]}/").content.decode()
    assert "DCM Milano" in page
    assert "1,25" in page


def test_the_page_prints_the_exact_effect_and_of_an_older_one_the_shortest_decimals(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    """103.45 and 99.96: doubles below the tie, and not on target; a move of a thousandth is none of nothing."""
    client = sign_in(Role.PLANNER)
    made = _propose(client, runs[-1])
    old, new, change = Fraction("99.96"), Fraction("103.45"), Fraction("0.001")
    row = {"structure": "dcm_milano", "label": "DCM Milano", "is_partial": False}
    exact = {"before": old, "after": new, "change": change}
    doubles = {"before": float(old), "after": 103.44999999999999, "change": float(change)}
    made.effect = {"index_before": None, "index_after": None, "moved": [row | doubles]}
    made.save()
    older = client.get(f"/vigilanza/rettifiche/{made.pk}/").content.decode()
    made.effect["moved"][0] |= {f"{name}_exact": str(figure) for name, figure in exact.items()}
    made.save()
    page = client.get(f"/vigilanza/rettifiche/{made.pk}/").content.decode()
    listed = client.get("/vigilanza/rettifiche/").content.decode()

    assert ">103,4<" in older
    assert ">103,5<" in page
    assert "103,5" in listed
    assert ">99,96<" in page
    assert ">+0,001<" in page


@pytest.mark.databases
def test_it_is_confirmed_once_however_often_the_button_is_pressed(runs: list[RunRecord], sign_in: SignIn) -> None:
    client, count = sign_in(Role.PLANNER), RunRecord.objects.count()
    token = str(uuid4())
    made = _propose(client, runs[-1], token=token, value="1,3")
    assert _propose(client, runs[-1], token=token, value="1,3").pk == made.pk
    for _time in range(2):
        assert client.post(f"/vigilanza/rettifiche/{made.pk}/conferma/").status_code == 302
    assert RunRecord.objects.count() == count + 1
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["adjustment.proposed", "adjustment.confirmed"]
    entry = Entry.objects.latest("number")
    assert (entry.structure, entry.act) == ("dcm_milano", "Nota 7/2025")
    assert made.new_run_id is None
    made.refresh_from_db()
    assert entry.after == {"value": "1.3", "run": made.new_run_id}
    assert check_chain().is_whole


@pytest.mark.databases
def test_it_stays_in_the_list_when_withdrawn(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    made = _propose(client, runs[-1])
    assert "Scrivi" not in client.post(f"/vigilanza/rettifiche/{made.pk}/ritira/", {"reason": ""}).headers
    client.post(f"/vigilanza/rettifiche/{made.pk}/ritira/", {"reason": "La prova non regge."})
    page = client.get("/vigilanza/rettifiche/").content.decode()
    assert "ritirata" in page
    assert "La prova non regge." in client.get(f"/vigilanza/rettifiche/{made.pk}/").content.decode()
    answer = client.post(f"/vigilanza/rettifiche/{made.pk}/conferma/")
    assert answer.status_code == 409
    assert "OV005" in answer.content.decode()


@pytest.mark.databases
def test_it_asks_to_try_again_when_another_run_holds(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    first, second = (
        _propose(client, runs[-1]),
        _propose(client, runs[-1], indicator="indicatore_produttivita", value="130"),
    )
    client.post(f"/vigilanza/rettifiche/{first.pk}/conferma/")
    answer = client.post(f"/vigilanza/rettifiche/{second.pk}/conferma/")
    assert (answer.status_code, "OV007" in answer.content.decode()) == (409, True)
    assert "Ricalcola" in client.get(f"/vigilanza/rettifiche/{second.pk}/").content.decode()
    client.post(f"/vigilanza/rettifiche/{second.pk}/ricalcola/")
    client.post(f"/vigilanza/rettifiche/{second.pk}/conferma/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.state == "confirmed"
    assert second.run_id == first.new_run_id
    page = client.get(f"/vigilanza/esecuzioni/{second.new_run_id}/").content.decode()
    assert len(re.findall(r'class="mark mark-adjusted"', page)) == 2


@pytest.mark.parametrize(("changes", "said"), [
    ({"value": "molto"}, "Scrivi un numero"),
    ({"value": "nan"}, "Scrivi un numero"),
    ({"value": "1.234"}, "Si legge in due modi"),
    ({"indicator": "inventato"}, "Scegli"),
    ({"reason": ""}, "obbligatorio"),
    ({"act": ""}, "obbligatorio"),
])  # fmt: skip
def test_it_says_beside_the_field_what_is_wrong(
    runs: list[RunRecord], sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    address = f"/vigilanza/esecuzioni/{runs[-1].run}/rettifica/?struttura=dcm_milano"
    answer = sign_in(Role.PLANNER).post(address, _form(**changes))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Adjustment.objects.count() == 0


@pytest.mark.parametrize("role", [Role.OIV, Role.AUDITOR, Role.PUBLISHER, Role.DIRECTOR, None])
def test_it_is_only_for_who_may_adjust(runs: list[RunRecord], sign_in: SignIn, role: Role | None) -> None:
    made = _propose(sign_in(Role.PLANNER), runs[-1])
    client = sign_in(role)
    assert client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/rettifica/").status_code == 403
    assert client.post(f"/vigilanza/esecuzioni/{runs[-1].run}/rettifica/", _form()).status_code == 403
    for act in ("conferma", "ricalcola", "ritira"):
        assert client.post(f"/vigilanza/rettifiche/{made.pk}/{act}/", {"reason": "x"}).status_code == 403


def test_it_is_a_duty_of_who_may_decide(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    made = _propose(client, runs[-1])
    assert f"/vigilanza/rettifiche/{made.pk}/" in client.get("/").content.decode()
    assert f"/vigilanza/rettifiche/{made.pk}/" not in sign_in(Role.AUDITOR).get("/").content.decode()


@pytest.mark.parametrize(("text", "number"), [
    ("1,02", "1.02"), ("1.02", "1.02"), ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234.567", "1234567"),
    ("0.975", "0.975"), ("-3", "-3"), ("1 234", "1234"), ("12,50", "12.5"), ("1200", "1200"),
])  # fmt: skip
def test_it_reads_numbers_as_people_write_them(text: str, number: str) -> None:
    assert written_number(text) == number


def test_it_keeps_every_digit_that_was_written() -> None:
    assert written_number("0,1234567890123456789012345678901234567") == "0.1234567890123456789012345678901234567"


@pytest.mark.parametrize("text", ["1e999999999", "1e5", "1_000", "١٢", "NaN", "Infinity", "0x10", "", "-", ",", "."])
def test_it_takes_for_a_number_only_what_is_written_as_one(text: str) -> None:
    with pytest.raises(ValidationError):
        written_number(text)
