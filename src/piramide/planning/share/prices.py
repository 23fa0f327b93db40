"""What one more hour of an office changes, for real, and in which stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from piramide.planning.share.flow import FAR, by_stage, distances_from
from piramide.planning.share.network import SINK
from piramide.planning.share.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Price:
    """What one more hour of an office changes in a stage, in points."""

    office: str
    stage: str
    value: Fraction


def prices_of(sharing: Sharing) -> Iterator[Price]:
    """What one more hour changes at each office, in each stage that it changes: points, less being better."""
    problem, network = sharing.problem, sharing.network
    distance = distances_from(network, sharing.flow, network.nodes.index(SINK))
    at = {name: index for index, name in enumerate(network.nodes)}
    needs = problem.efforts()
    for name, office in problem.offices.items():
        doors = [("own", name)]
        if office.capacity >= needs[name] and name not in problem.rules.protected:
            doors.append(("lend", name))
        nearest = min((int(distance[at[door]]) for door in doors if door in at), default=FAR)
        if nearest < 0 and office.points_per_hour:
            for stage, points in by_stage(nearest):
                yield Price(name, stage, points * office.points_per_hour)
