"""Spending and quality read from a ledger, with figures worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.cycle.boards.quality import quality_dashboard
from piramide.cycle.boards.run_figures import RunMeasures, run_measures
from piramide.cycle.boards.spending import spending_of
from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score_period import PeriodRequest, score_period


@pytest.fixture
def store(tmp_path: Path) -> Store:
    spending = tmp_path / "spending.csv"
    spending.write_text(
        "structure,month,chapter,forecast,used\n"
        "piemonte,2024-03,4U1102002,1000.00,1049.00\n"
        "piemonte,2024-06,4U1102002,2000.00,1900.50\n"
        "lombardia,2024-06,4U1102002,500.00,600.00\n"
        "lombardia,2024-06,9Z0000001,500.00,600.00\n"
    )
    kept = Store(tmp_path / "store")
    request = LoadRequest((("spending", str(spending)),), date(2024, 7, 15), pack="inps-2024")
    load_facts(request, [], kept)
    return kept


@pytest.fixture
def measures(store: Store) -> RunMeasures:
    scored = score_period(PeriodRequest("inps-2024", "2024-Q2", demonstration=True), [], store, lambda *_: None)
    found = run_measures(store.root, open_run(store, scored.run_id))
    assert found is not None
    return found


def test_it_adds_up_forecast_and_use_of_what_is_below_and_judges_each(measures: RunMeasures) -> None:
    nation = spending_of(measures, "nazionale")
    assert nation is not None
    (chapter,) = nation.chapters
    first, second = chapter.cells
    assert chapter.label == "Compensi per lavoro straordinario e turni"
    assert first is not None
    assert second is not None
    assert (first.forecast, first.used, first.judged, first.passed) == (Decimal(1000), Decimal(1049), 1, 1)
    assert (second.forecast, second.used, second.judged, second.passed) == (Decimal(2500), Decimal("2500.5"), 2, 1)
    assert [(str(v.moment), v.passed, v.judged) for v in nation.verdicts] == [("2024-Q1", 1, 1), ("2024-Q2", 1, 2)]
    assert nation.structures == 2
    piedmont = spending_of(measures, "piemonte")
    assert piedmont is not None
    assert [(v.passed, v.judged) for v in piedmont.verdicts] == [(1, 1), (1, 1)]
    assert spending_of(measures, "veneto") is None


def test_the_page_tells_what_the_score_is_made_from(measures: RunMeasures) -> None:
    nation = spending_of(measures, "nazionale")
    assert nation is not None
    for verdict in nation.verdicts:
        place = measures.moments.index(verdict.moment)
        assert measures.figure("chapters_on_forecast", "nazionale", place) == verdict.passed
        assert measures.figure("chapters_judged", "nazionale", place) == verdict.judged
    (tolerance,) = nation.tolerances
    assert (tolerance.value, tolerance.act) == (Fraction(1, 20), "Obiettivi 2024")
    assert nation.apart == ("9Z0000001",)


def test_it_measures_what_stands_behind_a_run_and_says_nothing_of_areas_without_facts(measures: RunMeasures) -> None:
    assert measures.figure("chapters_on_forecast", "piemonte") == 1
    dashboard = quality_dashboard(measures, "piemonte")
    assert not dashboard.is_measured
    assert len(dashboard.areas) == 5
    assert all(len(area.elements) == 3 for area in dashboard.areas)


def test_it_has_no_measures_where_the_store_holds_no_facts(tmp_path: Path, store: Store) -> None:
    scored = score_period(PeriodRequest("inps-2024", "2024-Q2", demonstration=True), [], store, lambda *_: None)
    assert run_measures(tmp_path / "empty", open_run(store, scored.run_id)) is None
