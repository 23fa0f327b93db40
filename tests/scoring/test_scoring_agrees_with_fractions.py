"""Three ways to one number: the arrays of one run, those of many scenarios, and a walk of the tree in fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piramide.methodology.model import Node
from piramide.scoring.plan import compile_plan
from piramide.scoring.scenarios import prepare
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from tests.scoring.in_fractions import InFractions
from tests.scoring.scenes import Scene, group, indicator, leaf
from tests.scoring.typed import values_from_rows

RULES = {"up": "gap_up", "down": "gap_down", "zero": "zero_gap", "milestone": "milestone", "clipped": "gap_up"}
CAP = Fraction(1, 2)


@dataclass(frozen=True)
class Case:
    """Ragged trees by structure, and the text of the value of each leaf (`None` where it is missing)."""

    scene: Scene
    values: dict[tuple[str, str], str | None]

    @property
    def rows(self) -> list[tuple[str, str, str, str | None]]:
        return [(structure, name, "2024-Q4", value) for (structure, name), value in self.values.items()]


def decimals(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda cents: f"{cents / 100:.2f}")


@st.composite
def cases(draw: st.DrawFn, *, with_missing: bool = True) -> Case:
    values: dict[tuple[str, str], str | None] = {}
    rule_of: dict[str, str] = {}

    def split(count: int) -> list[Fraction]:
        parts = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
        parts[0] += not any(parts)
        return [Fraction(part, sum(parts)) for part in parts]

    def node(structure: str, name: str, weight: Fraction, depth: int) -> Node:
        size = draw(st.integers(0, 4)) if depth < 3 else 0
        if size:
            weights = split(size)
            children = [node(structure, f"{name}_{place}", part, depth + 1) for place, part in enumerate(weights)]
            return group(name, weight, *children)
        kind = draw(st.sampled_from(sorted(RULES)))
        rule_of[name] = kind
        given_value = draw(decimals(0, 10_000 if kind == "milestone" else 30_000))
        values[structure, name] = None if with_missing and draw(st.integers(0, 9)) == 0 else given_value
        target = "100" if kind in {"zero", "milestone"} else draw(decimals(1, 20_000))
        return leaf(name, weight, target)

    sheets = {
        structure: tuple(
            node(structure, f"{structure}_{place}", weight, 0)
            for place, weight in enumerate(split(draw(st.integers(1, 3))))
        )
        for structure in ("lazio", "umbria", "molise")
    }
    indicators = tuple(
        indicator(name, RULES[kind], cap=CAP, clip_positive=kind == "clipped") for name, kind in rule_of.items()
    )
    return Case(Scene(indicators, sheets), values)


@dataclass(frozen=True)
class Walked:
    """Of one node: gap times coverage, coverage, and the ends of the gap."""

    total: Fraction
    known: Fraction
    low: Fraction
    high: Fraction


def walk(case: Case, structure: str, node: Node) -> Walked:
    """A plain walk in fractions."""
    if node.children:
        below = [(child.weight, walk(case, structure, child)) for child in node.children]
        return Walked(
            *(sum((w * getattr(part, name) for w, part in below), Fraction(0)) for name in Walked.__dataclass_fields__)
        )
    value, rule = case.values[structure, node.id], case.scene.pack.indicators[node.id]
    most = Fraction(0) if rule.clip_positive or rule.rule == "milestone" else CAP
    if value is None:
        return Walked(Fraction(0), Fraction(0), -CAP, most)
    assert node.target is not None
    gap = (Fraction(value) - node.target) / node.target
    gap = -gap if rule.rule == "gap_down" else gap
    gap = min(max(gap, -CAP), most)
    return Walked(gap, Fraction(1), gap, gap)


@settings(max_examples=60)
@given(cases())
def test_it_scores_ragged_trees_as_a_walk_in_fractions_does(case: Case) -> None:
    pack = case.scene.pack

    scored = score_plan(compile_plan(pack, "2024-Q4"), values_from_rows(case.rows, pack))
    exact = InFractions(scored)

    for sheet in tabulate(scored).structures:
        walked = walk(case, sheet.id, group("sheet", 1, *pack.sheets[sheet.id].tree))
        assert exact.coverage(sheet.id) == walked.known
        assert sheet.coverage == pytest.approx(float(walked.known))
        for end, name in ((walked.low, "index_low"), (walked.high, "index_high")):
            figure = getattr(exact, name)(sheet.id)
            assert figure == 100 * (1 + end)
            assert getattr(sheet, name) == pytest.approx(float(figure), abs=1e-10)
        partial = 100 * (1 + walked.total / walked.known) if walked.known else None
        assert exact.index_measured(sheet.id) == partial
        assert sheet.index_measured == (None if partial is None else pytest.approx(float(partial), abs=1e-10))
        assert exact.index(sheet.id) == (partial if walked.known == 1 else None)
        for node in sheet.nodes:
            assert (node.index is None) == (node.coverage < 1 - 1e-12)


@settings(max_examples=60)
@given(cases(with_missing=False), st.integers(0, 2**32 - 1))
def test_it_scores_each_scenario_as_a_run_of_its_own(case: Case, seed: int) -> None:
    pack = case.scene.pack
    plan = compile_plan(pack, "2024-Q4")
    rng = np.random.default_rng(seed)
    base = np.array([float(case.values[cell.structure, cell.key] or 0) for cell in plan.cells.items])
    limits = np.array([100.0 if cell.indicator.rule == "milestone" else np.inf for cell in plan.cells.items])
    values = np.minimum(base[:, None] * rng.uniform(0.5, 1.5, (len(base), 7)), limits[:, None])
    scorer = prepare(plan)

    indices = scorer.score(values)

    for scenario in range(7):
        rows = [
            (cell.structure, cell.key, "2024-Q4", repr(float(value)))
            for cell, value in zip(plan.cells.items, values[:, scenario], strict=True)
        ]
        alone = score_plan(plan, values_from_rows(rows, pack)).indices.index[scorer.rows]
        assert indices[:, scenario] == pytest.approx(alone, abs=1e-9)
