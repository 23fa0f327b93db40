"""Volumes, shares, pending days and productivity are near the published ones, and the page shows what was found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import synthetic_facts

from piramide.demo.facts.calibration import Comparison, Counted, comparisons, count
from piramide.demo.facts.generate import Generated, generate

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    folder = tmp_path_factory.mktemp("calibration") / "facts"
    generate(folder, synthetic_facts.CASES, synthetic_facts.SEED)
    return count(folder)


@pytest.fixture(scope="module")
def found(million: Counted) -> tuple[Comparison, ...]:
    return comparisons(million)


def test_every_figure_is_as_near_as_it_aims_to_be(found: tuple[Comparison, ...]) -> None:
    assert [figure for figure in found if not figure.holds] == []


def test_every_figure_of_the_issue_is_compared(found: tuple[Comparison, ...]) -> None:
    groups = Counter(figure.group for figure in found)

    assert sorted(groups.values()) == [2, 4, 7, 16, 23, 24]


def test_the_page_shows_the_figures_found(found: tuple[Comparison, ...]) -> None:
    page = (ROOT / "docs" / "synthetic-facts.md").read_text(encoding="utf-8")

    assert synthetic_facts.calibration_tables(found) in page


def test_a_small_run_is_compared_too(facts: Generated) -> None:
    """A smaller administration has the same proportions: its counts are scaled before they are compared."""
    small = comparisons(count(facts.folder))
    whole = [figure for figure in small if figure.group.startswith("Points resolved") and figure.published > 1e6]

    assert len(whole) >= 8
    assert [figure for figure in whole if figure.difference is None or abs(figure.difference) > 0.15] == []
    assert "| Figure |" in synthetic_facts.calibration_tables(small)


def test_a_figure_off_its_aim_is_seen() -> None:
    assert not Comparison("g", "l", 100.0, 106.0, 0.05).holds
    assert Comparison("g", "l", 100.0, 95.5, 0.05).holds
    assert not Comparison("g", "l", 0.0, 9.0, 0.1).holds
