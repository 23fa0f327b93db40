"""The municipality that ships has pages of spending and of quality of its own, from its pack and its facts alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.cycle.boards.quality import QualityIndex, quality_dashboard
from piramide.cycle.boards.run_figures import RunMeasures, run_measures
from piramide.cycle.boards.spending import spending_of
from piramide.cycle.fact_sources import parse_sources
from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score_period import PeriodRequest, read_by_hand, score_period
from piramide.kernel.progress import silent
from piramide.methodology.loading import find_pack

TOWN = "comune-esempio"
FOLDER = find_pack(TOWN)


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> RunMeasures:
    store = Store(tmp_path_factory.mktemp("store"))
    load_facts(LoadRequest(parse_sources([str(FOLDER / "facts")]).pairs, date(2026, 1, 15), pack=TOWN), [], store)
    rows = read_by_hand(Path(FOLDER) / "values" / "2025.csv", "2025")
    scored = score_period(PeriodRequest(TOWN, "2025", rows), [], store, silent)
    found = run_measures(store.root, open_run(store, scored.run_id))
    assert found is not None
    return found


def test_each_chapter_is_judged_at_each_checkpoint(measures: RunMeasures) -> None:
    """10 % of tolerance: in June energy is 15.8 % over; in December maintenance is 17.2 % short."""
    found = spending_of(measures, "borgoverde")
    assert found is not None
    assert [(verdict.passed, verdict.judged) for verdict in found.verdicts] == [(2, 3), (3, 4)]
    holds = {chapter.chapter: [cell and cell.holds for cell in chapter.cells] for chapter in found.chapters}
    assert holds == {
        "energia": [False, True], "manutenzioni": [True, False], "mensa": [None, True], "personale": [True, True],
    }  # fmt: skip
    assert spending_of(measures, "area_tecnica") is None


CHECKS = {
    "borgoverde": {"done": 275, "wrong": 20, "asked": 300, "slips": 15, "before": 250},
    "area_servizi": {"done": 195, "wrong": 10, "asked": 200, "slips": 10, "before": 160},
    "area_tecnica": {"done": 80, "wrong": 10, "asked": 100, "slips": 5, "before": 90},
}
"""Sums of the files, by hand: cases checked and wrong, those expected, those checked the year before."""


@pytest.mark.parametrize("structure", CHECKS)
def test_checks_are_held_against_the_budget_and_against_last_year(measures: RunMeasures, structure: str) -> None:
    told = CHECKS[structure]
    (area,) = quality_dashboard(measures, structure).areas
    checked, clean = area.elements
    assert_close(checked, Fraction(100 * told["done"], told["asked"]), Fraction(100 * told["done"], told["before"]))
    right = Fraction(told["done"] - told["wrong"], told["done"])
    share = 100 * right / Fraction(told["asked"] - told["slips"], told["asked"])
    assert clean.budget == pytest.approx(float(share))
    assert area.index.budget == pytest.approx(float((Fraction(100 * told["done"], told["asked"]) + share) / 2))


def assert_close(index: QualityIndex, budget: Fraction, last_year: Fraction) -> None:
    assert index.budget == pytest.approx(float(budget))
    assert index.last_year == pytest.approx(float(last_year))
