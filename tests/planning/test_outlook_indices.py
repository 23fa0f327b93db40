"""Indices over draws: those of the scorer, and the band that scoring gives what is open."""

from __future__ import annotations

import numpy as np
import pytest

from piramide.methodology.loading import find_pack, open_folder
from piramide.planning.outlook.answer import HISTORY, NONE
from piramide.planning.outlook.draws import Choices, Draws
from piramide.planning.outlook.indices import DrawnIndices
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.scenarios import prepare


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_plan(open_folder(find_pack("inps-2024")), "2024-12")


def drawn(plan: Plan, opened: int = -1) -> DrawnIndices:
    """Forty draws of two groups of choices; one cell may have no basis."""
    count = len(plan.cells.items)
    chance = np.random.Generator(np.random.PCG64(3))
    targets = np.where(np.isfinite(plan.cells.targets) & (plan.cells.targets != 0), plan.cells.targets, 100.0)
    values = targets[:, None] * chance.uniform(0.9, 1.1, (count, 5))
    groups = [Choices.of(values[at::2], chance.integers(0, 5, 40)) for at in (0, 1)]
    of_cell = [None if cell == opened else (cell % 2, cell // 2) for cell in range(count)]
    return DrawnIndices.of(plan, [HISTORY] * count, Draws(groups, of_cell, 40))


def test_indices_are_those_of_the_scorer(plan: Plan) -> None:
    found = drawn(plan)
    roots = found.scorer.rows >= len(plan.layout.nodes)
    again = prepare(plan, found.known).score(found.draws.values(0, 40))[roots]
    assert found.indices == pytest.approx(again, abs=1e-9)


def test_what_is_open_has_a_band_around_what_is_told(plan: Plan) -> None:
    place = next(at for at, cell in enumerate(plan.cells.items) if cell.node is not None and cell.target)
    whole, found = drawn(plan), drawn(plan, place)
    assert found.bases[place] == NONE
    name = plan.cells.items[place].structure
    told = next(each for each in found.structures() if each["id"] == name)
    assert told["coverage"] < next(each for each in whole.structures() if each["id"] == name)["coverage"]
    assert not told["complete"]
    assert told["band"]["low"] < told["index"]["p10"]
    assert told["band"]["high"] > told["index"]["p50"]
