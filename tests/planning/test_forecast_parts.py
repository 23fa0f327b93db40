"""The worked numbers of forecasting: shares, half-width, reconciliation, draws."""

from __future__ import annotations

import numpy as np
import pytest

from piramide.planning.forecast.forecast import Forecast
from piramide.planning.forecast.levels import Hierarchy
from piramide.planning.forecast.reconciling import reconciled
from piramide.planning.forecast.shares import half_width, shrunken


def test_a_share_is_drawn_to_the_pooled_one() -> None:
    by_month = np.array([20.0, 80.0])
    share = shrunken(by_month, np.array([0.10, 0.90]), 100)
    assert share[0] == 0.15
    assert 120 * share[0] == pytest.approx(18, abs=1e-12)


def test_without_history_and_strength_the_share_is_the_pooled_one() -> None:
    assert shrunken(np.zeros(2), np.array([0.25, 0.75]), 0).tolist() == [0.25, 0.75]


def test_the_half_width_is_the_eighth_of_nine_errors() -> None:
    assert half_width(np.array([3.0, -1, 4, -1, 5, -9, 2, 6, -5])) == 6


def test_of_few_errors_the_half_width_is_the_largest() -> None:
    assert half_width(np.array([3.0, np.nan, -4])) == 4
    assert half_width(np.array([np.nan])) == 0


def a_nation(*offices: str) -> Hierarchy:
    return Hierarchy.of(offices, ("x",), [("nation", ["it"] * len(offices))])


def test_reconciliation_changes_least() -> None:
    levels = [level for level in a_nation("a", "b").levels() if level.lines.name]
    said = {"office_line": np.array([[[60.0]], [[50.0]]]), "nation_line": np.array([[[100.0]]])}
    weights = {"office_line": np.ones((1, 1, 1)), "nation_line": np.array([[[0.5]]])}
    parts = reconciled(levels, said, weights)
    assert parts.ravel().tolist() == pytest.approx([57.5, 47.5], abs=1e-9)
    assert levels[1].total(parts).item() == pytest.approx(105, abs=1e-9)


def test_reconciliation_leaves_nothing_negative() -> None:
    levels = [level for level in a_nation("a", "b").levels() if level.lines.name]
    said = {"office_line": np.array([[[1.0]], [[50.0]]]), "nation_line": np.array([[[20.0]]])}
    weights = {"office_line": np.ones((1, 1, 1)), "nation_line": np.array([[[0.5]]])}
    parts = reconciled(levels, said, weights)
    assert parts.ravel().tolist() == pytest.approx([0, 40], abs=1e-9)


def a_forecast(residuals: np.ndarray, said: float = 100.0) -> Forecast:
    cells = np.full((*residuals.shape[1:3], residuals.shape[3]), said)
    offices = tuple("abcdef"[: cells.shape[0]])
    months = tuple(f"2025-{at + 1:02}" for at in range(cells.shape[2]))
    return Forecast(offices, ("x",), months, cells, cells, cells, cells, cells, cells, "naive", "2024-12", residuals)


def test_draws_keep_the_errors_of_a_month_together() -> None:
    residuals = np.array([[1.0, 1.0], [-1.0, -1.0]])[:, :, None, None]  # ±10 where 100 was said
    (draws,) = a_forecast(residuals).draws(500, 1)
    nation = draws.sum(axis=(1, 2, 3)) - 200
    assert set(np.round(nation, 9).tolist()) == {20.0, -20.0}


def test_draws_come_again_with_their_seed_in_pieces_and_are_never_negative(monkeypatch: pytest.MonkeyPatch) -> None:
    residuals = np.random.default_rng(3).normal(0, 20, (5, 3, 1, 4))
    residuals[3:, :, :, 2:] = np.nan
    forecast = a_forecast(residuals)
    (whole,) = forecast.draws(50, 9)
    monkeypatch.setattr("piramide.planning.forecast.forecast._PIECE", 7 * forecast.received.size)
    pieces = list(forecast.draws(50, 9))
    assert len(pieces) == 8
    assert np.array_equal(np.concatenate(pieces), whole)
    assert whole.min() == 0
    assert not np.isnan(whole).any()
    assert not np.array_equal(whole, next(forecast.draws(50, 10)))
