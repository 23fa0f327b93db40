"""Pages of the site that show more than the sheets do, as a pack names what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from piramide.kernel.organisation import Structure


@dataclass(frozen=True, slots=True)
class SpendingBoard:
    """What the page of spending shows (R22, R23).

    `forecasts` are the indicators whose measures judge forecasts group by group: of each structure the first that its
    sheet holds. `names` gives for a table of the pack the column with the names of groups. `account` is the indicator
    of the transit account, `balance` the measure with its signed balance; empty where there is none.
    """

    forecasts: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    account: str = ""
    balance: str = ""


@dataclass(frozen=True, slots=True)
class QualityArea:
    """An area of the quality dashboard: the measure of its index, and those it is made of with their labels (R38)."""

    index: str
    label: str
    elements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QualityBoard:
    """What the page of quality shows: areas, and the measure of all of them together; empty where there is none."""

    areas: tuple[QualityArea, ...] = ()
    together: str = ""


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Kinds of structure that are listed together, under one label."""

    label: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPlace:
    """Where a structure lies on the map of tiles, from the top left, and its short name there.

    `beside` is the structure on whose territory it lies, next to which it stands; empty for most.
    """

    row: int
    column: int
    short: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """With whom a structure is compared: its cluster, else those of its kind. One of the two is empty."""

    cluster: str
    kind: str

    @property
    def name(self) -> str:
        """The one that is not empty."""
        return self.cluster or self.kind


def peer_group(scheme: str, clusters: Mapping[str, str], kind: str) -> PeerGroup:
    """The group of a structure of a kind, in `clusters` by scheme, where `scheme` is the one to compare inside of.

    >>> peer_group("economic", {"economic": "B"}, "region"), peer_group("economic", {}, "provincial_office")
    (PeerGroup(cluster='B', kind=''), PeerGroup(cluster='', kind='provincial_office'))
    """
    cluster = clusters.get(scheme, "")
    return PeerGroup(cluster, "" if cluster else kind)


@dataclass(frozen=True, slots=True)
class Boards:
    """What the pages of a plan are made of.

    `clusters` gives schemes of clusters their names on pages. `peers` is the scheme inside which structures are
    compared; without one, kinds are. `sites` are the kinds that produce: the size of a structure is how many of these
    stand at its leaves; without, every leaf is one.
    `groups` list kinds together, in the order of the pages; a kind in none of them is a group of its own.
    `institutional` are the nodes of the administration's own sheet that stand for its institutional performance.
    """

    spending: SpendingBoard = field(default_factory=SpendingBoard)
    quality: QualityBoard = field(default_factory=QualityBoard)
    clusters: Mapping[str, str] = field(default_factory=dict)
    peers: str = ""
    sites: tuple[str, ...] = ()
    groups: tuple[KindGroup, ...] = ()
    map: Mapping[str, MapPlace] = field(default_factory=dict)
    institutional: tuple[str, ...] = ()

    def peers_of(self, structure: Structure) -> PeerGroup:
        """With whom a structure is compared: in rankings, in funnels, among the movers of the home page, on sheets."""
        return peer_group(self.peers, structure.clusters, structure.kind)
