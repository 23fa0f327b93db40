"""Who works whose work: the moves that a flow through the hubs stands for, the lowest rung first, as few as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from piramide.planning.problem import Problem
from piramide.planning.share.network import Network, Whole

Side = dict[str, int]
"""Thousandths of a point by office: what it gives, or what it takes."""


@dataclass(frozen=True, slots=True)
class Move:
    """Thousandths of a point of a family that leave their owner and are worked elsewhere; `rung` of the ladder."""

    owner: str
    worker: str
    family: str
    points: int
    rung: str


def moves_of(problem: Problem, network: Network, flow: Whole) -> list[Move]:
    """The moves of a flow, by family, owner and worker."""
    given: dict[str, Side] = {}
    taken: dict[str, Side] = {}
    for key, points in zip(network.keys, flow.tolist(), strict=True):
        if points and key[0] in {"send", "take"}:
            side = given if key[0] == "send" else taken
            side.setdefault(key[2], {})[key[1]] = points
    found = [move for family in sorted(given) for move in _of_family(problem, family, given[family], taken[family])]
    return sorted(found, key=lambda move: (move.family, move.owner, move.worker))


def _of_family(problem: Problem, family: str, given: Side, taken: Side) -> Iterator[Move]:
    offices = problem.offices
    hubs: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("province", {name: office.province for name, office in offices.items()}),
        ("region", {name: office.region for name, office in offices.items()}),
        ("outside", dict.fromkeys(offices, "")),
    )
    for rung, hub_of in hubs:
        for hub in sorted({hub_of[name] for name in given}):
            gives = {name: points for name, points in given.items() if points and hub_of[name] == hub}
            takes = {name: points for name, points in taken.items() if points and hub_of[name] == hub}
            for owner, worker, points in _matched(gives, takes):
                given[owner] -= points
                taken[worker] -= points
                yield Move(owner, worker, family, points, rung)


def _matched(gives: Side, takes: Side) -> Iterator[tuple[str, str, int]]:
    """Equal amounts first, since one move settles both; then the largest with the largest."""
    for owner in sorted(gives):
        worker = next((name for name in sorted(takes) if takes[name] == gives[owner]), None)
        if worker is not None:
            yield owner, worker, gives[owner]
            del takes[worker]
            gives[owner] = 0
    gives = {name: points for name, points in gives.items() if points}
    while gives and takes:
        owner = max(gives, key=lambda name: (gives[name], name))
        worker = max(takes, key=lambda name: (takes[name], name))
        points = min(gives[owner], takes[worker])
        yield owner, worker, points
        for side, name in ((gives, owner), (takes, worker)):
            side[name] -= points
            if not side[name]:
                del side[name]
