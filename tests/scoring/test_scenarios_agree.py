"""Scenarios and single runs come to the same indices, whatever is missing, not due, or taken from others."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import MissingPolicy, Pack
from piramide.methodology.score_of import ScoreOf
from piramide.scoring.gaps import Scoring
from piramide.scoring.indices import roll_up
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.rules.kinds import is_made_of_parts
from piramide.scoring.rules.work import Known
from piramide.scoring.scenarios import prepare
from piramide.scoring.score_of import with_scores
from tests.scoring.scenes import Scene, composite, group, indicator, leaf

SCENARIOS = 3


def made(plan: Plan) -> np.ndarray:
    """Cells that nobody gives a value to."""
    return np.array([is_made_of_parts(c.indicator) or bool(c.indicator.score_of) for c in plan.cells.items], np.bool_)


def invented(plan: Plan, seed: int) -> tuple[Known, np.ndarray]:
    """What is known of a plan, a tenth of it missing, and values (moments, cells, scenarios) near their targets."""
    rng, count = np.random.default_rng(seed), len(plan.cells.items)
    known = (rng.uniform(size=(len(plan.moments), count)) > 0.1) & ~made(plan)
    policies = np.array([cell.indicator.missing for cell in plan.cells.items])
    absent = ~known[0] & ~made(plan)
    away = absent & (rng.uniform(size=count) > 0.8)
    is_worst = absent & ~away & (policies == MissingPolicy.WORST)
    near = np.where(plan.cells.has_target, plan.cells.targets, 50.0)
    values = near[None, :, None] * rng.uniform(0.3, 1.7, (len(plan.moments), count, SCENARIOS))
    values[1:] = values[1:, :, :1]  # what was, was
    return Known(known, away, is_worst, plan.quarter_before), values * known[:, :, None]


def agrees(plan: Plan, seed: int = 5) -> None:
    known, values = invented(plan, seed)
    scorer = prepare(plan, known)

    shown = scorer.shown(scorer.score(values[0], earlier=values[1:, :, 0]))

    for scenario in range(SCENARIOS):
        scoring = Scoring(plan.cells, values[:, :, scenario, None], known)
        alone = roll_up(plan.layout, *with_scores(plan.layout, plan.takings, scoring))
        told = np.where(alone.complete, alone.index, np.where(alone.measured, alone.index_measured, np.nan))
        np.testing.assert_allclose(shown[:, scenario], told[scorer.rows].astype(np.float64), atol=1e-9)
        np.testing.assert_array_equal(scorer.complete, alone.complete[scorer.rows])


@pytest.mark.parametrize(
    ("name", "period"),
    [("inps-2020", "2020"), ("inps-2021", "2021-Q2"), ("inps-2021", "2021"), ("inps-2024", "2024-Q3")],
)
def test_shipped_packs(name: str, period: str) -> None:
    printed = load_pack(find_pack(name, []))
    plan = compile_plan(in_force(printed, printed.since), period)

    for seed in range(3):
        agrees(plan, seed)


def taking(of: ScoreOf, **more: object) -> Pack:
    """Two regions, an entity that takes their score, and a ministry that takes the entity's and a leaf's."""
    items = (
        indicator("x", missing=MissingPolicy.WORST),
        indicator("y", "gap_down", cap=Fraction(1, 5)),
        indicator("result", score_of=of),
        indicator("above", score_of=ScoreOf(structures=("entity",))),
        indicator("single", score_of=ScoreOf(structures=("lazio",), node="x")),
        indicator(
            "index", "composite", composite=composite("capped_gap", {"above": Fraction(1, 2), "y": Fraction(1, 2)})
        ),
    )
    region = (group("g", "0.4", leaf("x", "0.5", 100), leaf("y", "0.5", 100)), leaf("z", "0.6", 100))
    sheets = {
        "lazio": region,
        "umbria": (leaf("x", 1, 80),),
        "entity": (leaf("result", "0.5"), leaf("y", "0.5", 90)),
        "ministry": (leaf("above", "0.5"), leaf("single", "0.25"), leaf("index", "0.25")),
    }
    return Scene((*items, indicator("z")), sheets, dict(more)).pack


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("node", ["", "x"])
def test_scores_of_others(node: str, seed: int) -> None:
    agrees(compile_plan(taking(ScoreOf(structures=("lazio", "umbria"), node=node)), "2024-Q4"), seed)
