"""R6, R7, R14-R17, R21: figures that follow from sums of figures."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from piramide.kernel.expressions import parse
from tests.half_up import half_up
from tests.scoring.by_hand import ratio_of_sums, signed_total
from tests.scoring.standard_cost_by_hand import cluster_means, standard_cost_index

DATA = Path(__file__).parent / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def economic_ratios() -> tuple[list[dict[str, Fraction]], dict[str, str]]:
    """Regions with the costs and points that their printed ratios imply, and the nation as printed."""
    rows = rows_of("economic_ratios_2021.csv")
    regions = []
    for row in rows:
        if row["structure"] != "nazionale":
            ieep = Fraction(row["ieep_euros"])
            cost = ieep / Fraction(row["profitability_ratio"])
            regions.append(
                {
                    "ieep": ieep,
                    "cost": cost,
                    "direct": cost * Fraction(row["direct_cost_share_pct"]),
                    "production": cost * Fraction(row["production_cost_share_pct"]),
                    "points": cost / Fraction(row["cost_per_point"]),
                }
            )
    return regions, next(row for row in rows if row["structure"] == "nazionale")


@pytest.mark.parametrize(
    ("above", "below", "column", "printed"),
    [
        ("ieep", "cost", "profitability_ratio", "4.20"),
        ("direct", "cost", "direct_cost_share_pct", "93.35"),
        ("production", "cost", "production_cost_share_pct", "87.53"),
        ("cost", "points", "cost_per_point", "129.27"),
    ],
)
def test_it_gives_the_nation_the_ratio_of_the_sums(above: str, below: str, column: str, printed: str) -> None:
    regions, nation = economic_ratios()

    ratio = ratio_of_sums((region[above] for region in regions), (region[below] for region in regions))

    assert ratio is not None
    assert nation[column] == printed
    assert half_up(ratio, 2) == Decimal(printed)


def test_it_does_not_give_the_nation_the_mean_of_the_ratios() -> None:
    regions, _ = economic_ratios()

    mean = sum(region["direct"] / region["cost"] for region in regions) / len(regions)

    assert half_up(Fraction(mean), 2) == Decimal("91.80")


def test_it_has_no_ratio_over_nothing() -> None:
    assert ratio_of_sums([Fraction(1)], [Fraction(0)]) is None


def test_it_subtracts_interest_in_a_signed_tree() -> None:
    leaves = {"revenue": Fraction(100), "recoveries": Fraction(20), "interest": Fraction(7)}

    assert signed_total(leaves, {"interest": -1}) == 113


@pytest.mark.parametrize(
    ("formula", "inputs", "expected"),
    [
        ("360 * pending_points / nullif(received_points, 0)", (100_000, 900_000), "40"),
        ("resolved / nullif(received, 0)", (1_010, 1_000), "1.01"),
        ("points / months / nullif(staff, 0)", (1_488_000, 12, 1_000), "124"),
    ],
)
def test_it_measures_pending_days_clearance_and_productivity(
    formula: str, inputs: tuple[int, ...], expected: str
) -> None:
    """R14, R15, R16."""
    names = ("pending_points", "received_points", "resolved", "received", "points", "months", "staff")
    read = parse(formula, names).names

    value = parse(formula, names).evaluate({name: Fraction(given) for name, given in zip(read, inputs, strict=True)})

    assert value == Fraction(expected)


def test_it_reproduces_the_productivity_of_2020() -> None:
    assert half_up((Fraction("138.61") / 124 - 1) * 100, 2) == Decimal("11.78")


def standard_costs() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[str]]:
    weights, *rows = rows_of("standard_costs_2021.csv")
    codes = [name for name in weights if name not in {"cluster", "structure", "printed_index"}]
    return (
        np.array([[float(row[code]) for code in codes] for row in rows]),
        np.array([float(weights[code]) / 100 for code in codes]),
        np.array([row["cluster"] for row in rows]),
        np.array([float(row["printed_index"]) for row in rows]),
        [row["structure"] for row in rows],
    )


def test_it_reproduces_the_standard_cost_index_of_all_structures() -> None:
    """R21: 23 of 23, within what the two decimals of the overtime ratio explain."""
    ratios, weights, clusters, printed, _ = standard_costs()

    index = standard_cost_index(ratios, weights, cluster_means(ratios, clusters))

    assert len(printed) == 23
    assert weights.sum() == pytest.approx(1)
    assert np.abs(index - printed).max() == pytest.approx(0.0763, abs=5e-5)


def test_it_reproduces_the_index_of_trentino() -> None:
    ratios, weights, clusters, _, names = standard_costs()

    index = standard_cost_index(ratios, weights, cluster_means(ratios, clusters))

    assert index[names.index("trentino_alto_adige")] == pytest.approx(99.92, abs=0.005)


def test_it_leaves_the_mean_of_a_cluster_at_one_hundred() -> None:
    ratios, weights, clusters, _, _ = standard_costs()

    index = standard_cost_index(ratios, weights, cluster_means(ratios, clusters))

    assert [index[clusters == cluster].mean() for cluster in "ABCD"] == pytest.approx([100] * 4)


def test_it_lets_one_structure_gain_alone_against_frozen_means() -> None:
    ratios, weights, clusters, _, names = standard_costs()
    means = cluster_means(ratios, clusters)
    better = ratios.copy()
    better[names.index("dcm_milano")] *= 0.9

    moved = standard_cost_index(better, weights, means) - standard_cost_index(ratios, weights, means)

    assert np.flatnonzero(moved).tolist() == [names.index("dcm_milano")]


def test_it_does_not_compare_with_a_mean_of_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        standard_cost_index(np.zeros((1, 1)), np.ones(1), np.zeros((1, 1)))
