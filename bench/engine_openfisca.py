"""OpenFisca-core with the same rules on the same cells, vectorised as its users write it.

A person is a cell; each level of the trees is a group entity, and a node's index is the sum over its members of their
share of it times their gap. Inputs are what a reform could change: values, targets, shares. On a slice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from measure import best_of, tell
from numpy.typing import NDArray
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from workload import make_workload

from piramide.methodology.model import RuleKind
from piramide.scoring.layout import Layout
from piramide.scoring.plan import compile_plan

SLICE = 12
PERIOD = "2024-01"
Floats = NDArray[np.float64]

CELL = Entity("cell", "cells", "A value of an indicator in a structure under a scenario", "")
ROLE = {"key": "member", "plural": "members", "label": "Member"}
LEVELS = [GroupEntity(f"level_{level}", f"level_{level}_nodes", "A node", "", [ROLE]) for level in range(4)]


def _input(name: str, entity: Entity) -> type[Variable]:
    fields = {"value_type": float, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), fields)


def _gap(cell: Any, period: Any) -> Any:  # noqa: ANN401 - OpenFisca's own types are not published
    value, target, sign = cell("value", period), cell("target", period), cell("sign", period)
    gap = np.where(
        cell("is_threshold", period) > 0, np.where(value <= 1.0, 0.0, -1.0), sign * (value - target) / target
    )
    return np.clip(gap, -0.5, cell("high", period))


def _index(level: int) -> Any:  # noqa: ANN401
    def formula(node: Any, period: Any) -> Any:  # noqa: ANN401
        shares, gaps = node.members(f"share_{level}", period), node.members("gap", period)
        return 100.0 * (1.0 + node.sum(shares * gaps))

    return formula


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([CELL, *LEVELS])
    for name in ("value", "target", "sign", "high", "is_threshold", *(f"share_{level}" for level in range(4))):
        system.add_variable(_input(name, CELL))
    computed = {"value_type": float, "definition_period": DateUnit.MONTH, "label": "computed"}
    system.add_variable(type("gap", (Variable,), {**computed, "entity": CELL, "formula": _gap}))
    for level, entity in enumerate(LEVELS):
        fields = {**computed, "entity": entity, "formula": _index(level)}
        system.add_variable(type(f"index_{level}", (Variable,), fields))
    return system


def _memberships(layout: Layout) -> list[tuple[NDArray[np.intp], Floats, int]]:
    """For each level: the node that every leaf belongs to (one more for those that have none), and its share."""
    answer = []
    for which, above, shares in list(layout.path_weights())[:4]:
        names, places = np.unique(above, return_inverse=True)
        group = np.full(len(layout.leaves), len(names), np.intp)
        group[which] = places
        share = np.zeros(len(layout.leaves))
        share[which] = shares
        answer.append((group, share, int(group.max()) + 1))
    return answer


def main() -> None:
    """Time the engine and tell what it took."""
    workload = make_workload()
    plan = compile_plan(workload.pack, "2024-Q4")
    cells, count = plan.cells, len(workload.base)
    values = np.ascontiguousarray(workload.month(1, SLICE).T)
    rules = np.array([cell.indicator.rule for cell in cells.items])
    inputs = {
        "value": values.ravel(),
        "target": np.tile(cells.targets, SLICE),
        "sign": np.tile(cells.signs, SLICE),
        "high": np.tile(cells.high, SLICE),
        "is_threshold": np.tile((rules == RuleKind.THRESHOLD).astype(float), SLICE),
    }
    system = _system()
    levels = _memberships(plan.layout)
    for level, (_, share, _) in enumerate(levels):
        inputs[f"share_{level}"] = np.tile(share, SLICE)

    def simulation() -> Simulation:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("cell", range(count * SLICE))
        for level, (group, _, size) in enumerate(levels):
            population = builder.declare_entity(f"level_{level}", range(size * SLICE))
            population.members_entity_id = (group + size * np.arange(SLICE)[:, None]).ravel()
        answer = builder.build(system)
        for name, column in inputs.items():
            answer.set_input(name, PERIOD, column)
        return answer

    ready = [simulation() for _ in range(3)]

    def calculate() -> None:
        run = ready.pop()
        for level in range(len(levels)):
            run.calculate(f"index_{level}", PERIOD)

    seconds = best_of(len(ready), calculate)
    tell(
        values.size,
        seconds,
        _roots(simulation(), plan.layout, levels),
        float_error=_float_error(simulation(), values[0]),
    )


def _roots(run: Simulation, layout: Layout, levels: list[tuple[NDArray[np.intp], Floats, int]]) -> Floats:
    """Index of each sheet: the level at which a leaf's path ends differs from tree to tree."""
    roots = np.full(len(layout.structures), np.nan)
    for level, (_, above, _) in enumerate(list(layout.path_weights())[: len(levels)]):
        names = np.unique(above)
        index = run.calculate(f"index_{level}", PERIOD)
        gathered = np.zeros(len(layout.structures))
        is_root = names >= len(layout.nodes)
        gathered[names[is_root] - len(layout.nodes)] = index[: len(names)][is_root] - 100.0
        roots = np.where(np.isnan(roots), 0.0, roots) + gathered
    return roots + 100.0


def _float_error(run: Simulation, values: Floats) -> float:
    """Largest error in euro of the sum of one sheet's values, as the engine stores them."""
    stored = run.calculate("value", PERIOD)[: len(values)]
    exact = values.reshape(-1, 60).sum(axis=1)
    return float(np.abs(stored.reshape(-1, 60).sum(axis=1, dtype=np.float32) - exact).max())


if __name__ == "__main__":
    main()
