"""The best flow through a network, and the proof that none is better.

The solver is asked for a flow alone. Potentials come from one shortest-path pass over the residual network, a price
from one more: both are whole numbers, and whoever doubts the solver checks them with additions.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np

from piramide.kernel.findings import refuse
from piramide.planning.problem import THOUSAND, Problem
from piramide.planning.share.network import BASE, STAGES, Network, Whole, Windows, network_of

FAR: Final = 2**61
"""Farther than any way through a network."""


def best_flow(network: Network) -> Whole | None:
    """The cheapest flow, arc by arc, in thousandths; none where not all the work finds a way.

    Raises `Refusal` (PN013) when the figures are beyond what the solver can hold.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415 - only a plan needs it

    if (network.low > network.capacity).any():
        return None
    supply = beyond_low(network)
    solver = SimpleMinCostFlow()
    capacity = network.capacity - network.low
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.nodes), dtype=np.int32), supply)
    status = solver.solve()
    if status == SimpleMinCostFlow.INFEASIBLE:
        return None
    if status != SimpleMinCostFlow.OPTIMAL:
        raise refuse("PN013")
    return np.asarray(solver.flows(arcs), dtype=np.int64) + network.low


def least_worst(problem: Problem, windows: Windows | None = None) -> Fraction:
    """Fewest days, to the thousandth, above which no office has to stay with any of its targets.

    With `windows` only plans within them count; one at least must be possible.
    """
    low, high = -1, THOUSAND
    while not is_possible(problem, high, windows):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_possible(problem, middle, windows) else (middle, high)
    return Fraction(high, THOUSAND)


def is_possible(problem: Problem, worst: int, windows: Windows | None = None) -> bool:
    """Whether all the work finds a way with nobody more than so many thousandths of a day above a target."""
    from ortools.graph.python.max_flow import SimpleMaxFlow  # noqa: PLC0415 - only a plan needs it

    network = network_of(problem, worst=Fraction(worst, THOUSAND), windows=windows)
    if (network.low > network.capacity).any():
        return False
    supply = beyond_low(network)
    source, sink = len(network.nodes), len(network.nodes) + 1
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(network.tail, network.head, network.capacity - network.low)
    starts, ends = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
    solver.add_arcs_with_capacity(np.full(len(starts), source), starts, supply[starts])
    solver.add_arcs_with_capacity(ends, np.full(len(ends), sink), -supply[ends])
    if solver.solve(source, sink) != SimpleMaxFlow.OPTIMAL:
        raise refuse("PN013")
    return int(solver.optimal_flow()) == int(supply[starts].sum())


def beyond_low(network: Network) -> Whole:
    """What the nodes still have to send once every arc carries its least."""
    supply = network.supply.copy()
    np.subtract.at(supply, network.tail, network.low)
    np.add.at(supply, network.head, network.low)
    return supply


def residual(network: Network, flow: Whole) -> tuple[Whole, Whole, Whole]:
    """Tail, head and cost of every arc along which the flow can still be changed."""
    on, back = flow < network.capacity, flow > network.low
    tail = np.concatenate([network.tail[on], network.head[back]])
    head = np.concatenate([network.head[on], network.tail[back]])
    return tail, head, np.concatenate([network.cost[on], -network.cost[back]])


def potentials(network: Network, flow: Whole) -> Whole:
    """One number a node such that no residual arc has a negative reduced cost: the certificate of the flow."""
    return _distances(network, flow, np.zeros(len(network.nodes), dtype=np.int64))


def distances_from(network: Network, flow: Whole, node: int) -> Whole:
    """The cheapest residual way from a node to every other; `FAR` where there is none."""
    start = np.full(len(network.nodes), FAR, dtype=np.int64)
    start[node] = 0
    return _distances(network, flow, start)


def _distances(network: Network, flow: Whole, start: Whole) -> Whole:
    tail, head, cost = residual(network, flow)
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    reached, first = np.unique(head, return_index=True)
    distance = start
    for _ in range(len(network.nodes)):
        through = np.where(distance[tail] < FAR, distance[tail] + cost, FAR)
        shorter = distance.copy()
        shorter[reached] = np.minimum(distance[reached], np.minimum.reduceat(through, first)) if len(first) else 0
        if np.array_equal(shorter, distance):
            return distance
        distance = shorter
    raise refuse("PN013")


def is_balanced(network: Network, flow: Whole) -> bool:
    """Whether a flow is within its arcs and what enters a node leaves it."""
    if (flow < network.low).any() or (flow > network.capacity).any():
        return False
    kept = np.zeros(len(network.nodes), dtype=np.int64)
    np.add.at(kept, network.tail, flow)
    np.subtract.at(kept, network.head, flow)
    return bool((kept == network.supply).all())


def proves(network: Network, flow: Whole, certificate: Whole) -> bool:
    """Whether the potentials prove that no flow is cheaper."""
    tail, head, cost = residual(network, flow)
    return bool((cost + certificate[tail] - certificate[head] >= 0).all())


def by_stage(cost: int) -> Iterator[tuple[str, int]]:
    """What a cost is made of, stage by stage, those that it leaves alone left out."""
    found: list[tuple[str, int]] = []
    for name in reversed(STAGES):
        digit = (cost + BASE // 2) % BASE - BASE // 2
        cost = (cost - digit) // BASE
        found.append((name, digit))
    yield from ((name, digit) for name, digit in reversed(found) if digit)
