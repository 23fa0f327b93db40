"""A period scored from facts and collected values at once is the run of the file that somebody puts together."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.measure import Request as MeasureRequest
from piramide.cycle.measure import measure
from piramide.cycle.runs import results
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.score_period import PeriodRequest, read_by_hand, score_period
from piramide.kernel.progress import silent
from piramide.methodology.loading import find_pack

TOWN, TOWN_VALUES = "comune-esempio", find_pack("comune-esempio") / "values" / "2025.csv"
PACK, PERIOD = "inps-2024", "2024-Q2"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Spending of one directorate: a chapter within its forecast, then one beyond it."""
    spending = tmp_path / "spending.csv"
    spending.write_text(
        "structure,month,chapter,forecast,used\n"
        "piemonte,2024-03,4U1102002,1000.00,1049.00\n"
        "piemonte,2024-06,4U1102002,2000.00,2500.00\n",
        encoding="utf-8",
    )
    kept = Store(tmp_path / "store")
    load_facts(LoadRequest((("spending", str(spending)),), date(2024, 7, 15), pack=PACK), [], kept)
    return kept


def by_hand(folder: Path) -> Path:
    """A figure that the facts give as well, under another name of its moment, and one that they do not."""
    file = folder / "hand.csv"
    file.write_text(
        "structure,indicator,period,value,status\n"
        "piemonte,indicatore_gestione_spesa_fabbisogni_economici,2024-06,0.25,measured\n"
        "piemonte,indice_audit,2024-Q2,98.50,estimated\n"
        "piemonte,indice_audit,2024-Q4,99,measured\n",
        encoding="utf-8",
    )
    return file


def test_it_is_the_run_of_the_file_put_together_by_hand(store: Store, tmp_path: Path) -> None:
    rows = read_by_hand(by_hand(tmp_path), PERIOD)
    contested = {("piemonte", "indice_audit")}
    at_once = score_period(PeriodRequest(PACK, PERIOD, rows, contested, demonstration=True), [], store, silent)

    measure(MeasureRequest(PACK, PERIOD, demonstration=True), [], store.root, tmp_path / "measured.csv", silent)
    with (tmp_path / "measured.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["value"]]
    assert any(
        row["indicator"] == "indicatore_gestione_spesa_fabbisogni_economici" and row["structure"] == "piemonte"
        for row in listed
    )
    typed = {"structure": "piemonte", "indicator": "indice_audit", "period": PERIOD, "value": "98.50"}
    listed.append(dict.fromkeys(listed[0], "") | typed | {"status": "estimated", "contested": "yes"})
    with (tmp_path / "whole.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)

    assert score(Request(PACK, tmp_path / "whole.csv", PERIOD, demonstration=True), [], store).run_id == at_once.run_id
    kept = results.read(store.root / "runs" / at_once.run_id / "values.parquet").to_pylist()
    assert [row["value"] for row in kept if row["indicator"] == "indice_audit"] == ["98.50"]
    assert list(tmp_path.glob("**/misurati*")) == []


def test_facts_that_no_measure_of_the_pack_reads_do_not_stop_what_is_collected(tmp_path: Path) -> None:
    """A ledger that holds balances alone: the municipality reads none."""
    balances, store = tmp_path / "balances.csv", Store(tmp_path / "store")
    balances.write_text("structure,month,account,balance\nborgoverde,2025-12,77,10.00\n", encoding="utf-8")
    load_facts(LoadRequest((("balances", str(balances)),), date(2026, 1, 15), pack=TOWN), [], store)
    at_once = score_period(PeriodRequest(TOWN, "2025", read_by_hand(TOWN_VALUES, "2025")), [], store, silent)

    (tmp_path / "town.csv").write_bytes(TOWN_VALUES.read_bytes())
    assert score(Request(TOWN, tmp_path / "town.csv", "2025"), [], store).results == at_once.results
    assert not (store.root / "runs" / at_once.run_id / "facts.json").exists()
