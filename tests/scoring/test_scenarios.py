"""Many scenarios at once score as one run each, whatever the rules."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from piramide.kernel.findings import Place
from piramide.methodology.model import Band, Checkpoint, Profile, Scale
from piramide.methodology.profile_kinds import ProfileKind
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.rules.kinds import is_made_of_parts
from piramide.scoring.rules.work import Known
from piramide.scoring.scenarios import CHUNK, prepare
from piramide.scoring.score import score_plan
from tests.scoring.scenes import ACT, Scene, composite, group, indicator, leaf
from tests.scoring.typed import values_from_rows

POINTS = Scale(
    "points",
    "points",
    tuple(Band(Fraction(low), Fraction(low + 1), Fraction(low)) for low in range(5)),
    ACT,
    Place(),
)
QUARTERS = tuple(Checkpoint(quarter, None, Fraction(1)) for quarter in ("Q1", "Q2", "Q3"))
HALF = Fraction(1, 2)


def every_rule() -> Scene:
    indicators = (
        indicator("plain"),
        indicator("lower", "gap_down"),
        indicator("milestone", "milestone"),
        indicator("once", "threshold", checkpoints=(Checkpoint("any", None, Fraction(1)),)),
        indicator("yearly", "threshold", checkpoints=QUARTERS, cap=Fraction(2, 5)),
        indicator("graded", "bands", scale="points"),
        indicator("pending", "gap_down", profile="reduction"),
        indicator("index", "composite", composite=composite("capped_gap", {"plain": HALF, "outside": HALF})),
        indicator("outside"),
        indicator("reported", "report_only"),
    )
    tree = (
        group("first", "0.4", leaf("plain", "0.5", 2), leaf("lower", "0.5", 3)),
        leaf("milestone", "0.1", 100),
        group("second", "0.4", leaf("once", "0.25"), leaf("yearly", "0.25"), leaf("graded", "0.5", 3)),
        group("third", "0.1", leaf("pending", "0.5", 2), leaf("index", "0.5"), leaf("reported", 0)),
    )
    more = {
        "scales": {"points": POINTS},
        "profiles": {"reduction": Profile("reduction", ProfileKind.REDUCTION, (), ACT)},
    }
    outside = leaf("outside", 0, 1)
    return Scene(indicators, {"lazio": (*tree, outside), "umbria": (leaf("plain", 1, 5),)}, more)


def rows_of(plan: Plan, values: np.ndarray, period: str) -> list[tuple[str, str, str, str]]:
    return [
        (cell.structure, cell.key, period, repr(float(value)))
        for cell, value in zip(plan.cells.items, values, strict=True)
        if not is_made_of_parts(cell.indicator)
    ]


def facts(plan: Plan, known: np.ndarray) -> Known:
    nothing = np.zeros(known.shape[1], np.bool_)
    return Known(known, nothing, nothing, plan.quarter_before)


def test_it_scores_every_rule_as_single_runs_do() -> None:
    pack = every_rule().pack
    plan = compile_plan(pack, "2024-Q3")
    rng = np.random.default_rng(7)
    values = rng.uniform(0.2, 4.8, (len(plan.cells.items), 20))
    earlier = rng.uniform(0.2, 4.8, (len(plan.moments) - 1, len(plan.cells.items)))
    earlier_rows = [
        row for place, moment in enumerate(plan.moments[1:]) for row in rows_of(plan, earlier[place], str(moment))
    ]
    known = np.ones((len(plan.moments), len(plan.cells.items)), np.bool_)
    known[:, [is_made_of_parts(cell.indicator) for cell in plan.cells.items]] = False
    scorer = prepare(plan, facts(plan, known))

    indices = scorer.score(values, earlier=earlier)

    for scenario in range(values.shape[1]):
        rows = [*earlier_rows, *rows_of(plan, values[:, scenario], "2024-Q3")]
        alone = score_plan(plan, values_from_rows(rows, pack)).indices
        assert alone.complete[scorer.rows].all()
        assert indices[:, scenario] == pytest.approx(alone.index[scorer.rows], abs=1e-10)


def test_it_scores_what_is_known_and_tells_the_coverage() -> None:
    scene = Scene(
        (indicator("here"), indicator("late")),
        {"lazio": (leaf("here", "0.8", 100), leaf("late", "0.2", 100))},
    )
    plan = compile_plan(scene.pack, "2024-Q4")
    known = np.zeros((len(plan.moments), 2), np.bool_)
    known[0, 0] = True
    scorer = prepare(plan, facts(plan, known))

    (root,) = np.flatnonzero(scorer.rows >= len(plan.layout.nodes))
    index = scorer.score(np.array([[110.0], [0.0]]))[root, 0]

    assert index == pytest.approx(108)
    assert scorer.coverage[root] == pytest.approx(0.8)
    assert not scorer.complete[root]


def test_it_takes_more_scenarios_than_a_chunk_holds() -> None:
    scene = Scene((indicator("x"),), {"lazio": (leaf("x", 1, 100),)})
    plan = compile_plan(scene.pack, "2024-Q4")
    values = np.linspace(80, 120, 2 * CHUNK + 3)[None, :]

    assert prepare(plan).score(values)[0] == pytest.approx(values[0])


def test_it_leaves_the_given_values_as_they_are() -> None:
    plan = compile_plan(every_rule().pack, "2024-Q3")
    values = np.full((len(plan.cells.items), 3), 2.5)

    prepare(plan).score(values)

    assert (values == 2.5).all()
