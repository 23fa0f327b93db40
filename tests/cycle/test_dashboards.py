"""Spending and quality read from a ledger, with figures worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.packs import open_pack
from piramide.cycle.quality import quality_dashboard
from piramide.cycle.run_figures import run_measures
from piramide.cycle.runs import open_run
from piramide.cycle.score_period import PeriodRequest, score_period
from piramide.cycle.spending import chapters
from piramide.cycle.store import Store
from piramide.kernel.periods import parse_period


@pytest.fixture
def store(tmp_path: Path) -> Store:
    spending = tmp_path / "spending.csv"
    spending.write_text(
        "structure,month,chapter,forecast,used\n"
        "piemonte,2024-03,4U1102002,1000.00,1049.00\n"
        "piemonte,2024-06,4U1102002,2000.00,1900.50\n"
        "lombardia,2024-06,4U1102002,500.00,600.00\n"
    )
    kept = Store(tmp_path / "store")
    request = LoadRequest((("spending", str(spending)),), date(2024, 7, 15), pack="inps-2024")
    load_facts(request, [], kept)
    return kept


def test_it_adds_up_forecast_and_use_of_what_is_below(store: Store) -> None:
    pack = open_pack("inps-2024")
    tree = pack.organisation.on(date(2024, 6, 30))
    (nation,) = chapters(store.root, pack, tree, "nazionale", parse_period("2024-Q2"), None)
    first, second = nation.cells
    assert first is not None
    assert second is not None
    assert (first.forecast, first.used) == (Decimal(1000), Decimal(1049))
    assert (second.forecast, second.used) == (Decimal(2500), Decimal("2500.5"))
    (piedmont,) = chapters(store.root, pack, tree, "piemonte", parse_period("2024-Q1"), None)
    assert len(piedmont.cells) == 1
    assert chapters(store.root, pack, tree, "veneto", parse_period("2024-Q2"), None) == ()


def test_it_measures_what_stands_behind_a_run_and_says_nothing_of_areas_without_facts(store: Store) -> None:
    scored = score_period(PeriodRequest("inps-2024", "2024-Q2", demonstration=True), [], store, lambda *_: None)
    measures = run_measures(store.root, open_run(store, scored.run_id))
    assert measures is not None
    assert measures.figure("chapter_use", "piemonte") == pytest.approx(1900.5)
    dashboard = quality_dashboard(measures, "piemonte")
    assert not dashboard.is_measured
    assert len(dashboard.areas) == 5
    assert all(len(area.elements) == 3 for area in dashboard.areas)


def test_it_has_no_measures_where_the_store_holds_no_facts(tmp_path: Path, store: Store) -> None:
    scored = score_period(PeriodRequest("inps-2024", "2024-Q2", demonstration=True), [], store, lambda *_: None)
    assert run_measures(tmp_path / "empty", open_run(store, scored.run_id)) is None
