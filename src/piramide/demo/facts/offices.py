"""The sites where work is done, their directorates, and who works for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.hashing import Reals
from piramide.demo.facts.published import Published
from piramide.demo.facts.rows import invented, organisation

SITE_KINDS: Final = ("provincial_office", "metro_branch")
GROUPS: Final = ("A", "B", "C", "D")

# What the published pieces of work sharing are a part of, in an administration of full size.
_PIECES_A_YEAR: Final = 10_000_000
# Inside a directorate its largest site is helped by its third, for this part of what it receives.
_HELP_INSIDE: Final = 0.015
_HELPERS: Final = 3


@dataclass(frozen=True, slots=True)
class Offices:
    """Sites first, then the central offices that only work for others.

    `points` is the part of the nation's points of each site, `ratio` its pending days over the nation's by group.
    """

    ids: tuple[str, ...]
    directorate: tuple[str, ...]
    sites: int
    points: Reals
    ratio: Reals

    def position(self, structure: str) -> int:
        """Place of an office, or of the largest site of a directorate."""
        if structure in self.ids:
            return self.ids.index(structure)
        mine = [place for place in range(self.sites) if self.directorate[place] == structure]
        return max(mine, key=lambda place: float(self.points[place]))

    def below(self, directorate: str) -> npt.NDArray[np.int64]:
        """Places of the sites of a directorate."""
        return np.flatnonzero(np.array([name == directorate for name in self.directorate[: self.sites]]))


@dataclass(frozen=True, slots=True)
class Sharing:
    """Pairs of work sharing: `part` of the cases received by `receiver` that `provider` works."""

    receiver: npt.NDArray[np.int64]
    provider: npt.NDArray[np.int64]
    part: Reals


def offices(figures: Published) -> Offices:
    """The sites of the organisation with their weights, and the central providers."""
    sizes = {row["structure"]: float(row["size"]) for row in invented("sites")}
    rows = [row for row in organisation() if row["kind"] in SITE_KINDS]
    parents = [row["parent"] for row in rows]
    totals = {parent: sum(sizes[row["id"]] for row in rows if row["parent"] == parent) for parent in parents}
    nation = sum(figures.directorates.values())
    points = [figures.directorates[row["parent"]] / nation * sizes[row["id"]] / totals[row["parent"]] for row in rows]
    central = sorted({provider for provider, _, _ in figures.sharing} - set(figures.directorates))
    return Offices(
        ids=(*(row["id"] for row in rows), *central),
        directorate=(*parents, *central),
        sites=len(rows),
        points=np.array(points),
        ratio=_ratios([row["id"] for row in rows], figures),
    )


def _ratios(sites: list[str], figures: Published) -> Reals:
    nation = figures.site_days["nazionale"]
    return np.array([[figures.site_days[site][group] / nation[group] for group in GROUPS] for site in sites])


def sharing(of: Offices, figures: Published) -> Sharing:
    """The pairs printed for 2021, split over the sites of the receiver, and one pair inside each larger directorate."""
    parts: dict[tuple[int, int], float] = {}
    for provider, receiver, pieces in figures.sharing:
        mine = of.below(receiver)
        part = pieces / _PIECES_A_YEAR / float(of.points[mine].sum())
        for site in mine:
            pair = (int(site), of.position(provider))
            parts[pair] = parts.get(pair, 0.0) + part
    for directorate in dict.fromkeys(of.directorate[: of.sites]):
        largest = sorted(of.below(directorate).tolist(), key=lambda site: -float(of.points[site]))
        if len(largest) >= _HELPERS:
            pair = (largest[0], largest[_HELPERS - 1])
            parts[pair] = parts.get(pair, 0.0) + _HELP_INSIDE
    pairs = sorted(parts)
    return Sharing(
        receiver=np.array([pair[0] for pair in pairs]),
        provider=np.array([pair[1] for pair in pairs]),
        part=np.array([parts[pair] for pair in pairs]),
    )
