"""What a simulation answers: frozen tables of who gains, who loses, and through what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from piramide.kernel.figure import Figure
from piramide.kernel.findings import Finding
from piramide.kernel.rounding import NOISE
from piramide.scoring.prose import prose
from piramide.scoring.result import Worth

_NOISE = float(NOISE)


def side_of_change(change: Figure) -> int:
    """1 above nothing, -1 below it, 0 on it but for noise, which is far more than a double loses."""
    return 0 if abs(change) < _NOISE else 1 if change > 0 else -1


@dataclass(frozen=True, slots=True)
class Cause:
    """Points that one difference between the methods moves in a structure's index.

    `kind`: `weight` of the node itself, `moved` to another place in the tree, `target`, `rule`, `cap`, `value` (the
    methods read another value, or a composite's parts changed), `added`, `removed`, `missing` (a value that only one
    of the methods fills).
    """

    node: str
    label: str
    kind: str
    change: Figure


@dataclass(frozen=True, slots=True)
class Side:
    """How much of a structure's weight one method knows, and where its whole index lies."""

    coverage: Figure
    index_low: Figure | None
    index_high: Figure | None


@dataclass(frozen=True, slots=True)
class Unused:
    """A value of the file that one of the methods, `pack`, does not ask for."""

    structure: str
    indicator: str
    line: int
    pack: str


@dataclass(frozen=True, slots=True)
class StructureChange:
    """One structure under both methods; figures are on 100, `None` where it has none.

    `basis`: `index`, or `measured` when an index is null under either method and the partial ones are shown, or empty
    when there is nothing to show. A `partial` structure has no `change`: a part and a whole are not compared; each side
    says its coverage and the band of the whole. `because` sums to `change`, largest first. `size` is the number of
    production sites at or below the structure, `None` for one that is no site and has none.
    """

    id: str
    label: str
    kind: str
    clusters: Mapping[str, str]
    size: int | None
    base: Figure | None
    other: Figure | None
    change: Figure | None
    basis: str
    because: tuple[Cause, ...]
    partial: bool = False
    base_side: Side | None = None
    other_side: Side | None = None

    @property
    def side(self) -> int:
        """1 where the structure gains, -1 where it loses, else 0: by the exact change, not as it is printed."""
        return 0 if self.change is None else side_of_change(self.change)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The structure that changes most in one direction."""

    structure: str
    label: str
    change: Figure


@dataclass(frozen=True, slots=True)
class Group:
    """Structures of one cluster, size class or kind: how many gain, lose or stay, and by how much.

    `scheme` is `cluster:<scheme>`, `size`, `kind` or `all`; `structures` counts those that can be compared. A change
    below a billionth of a point is none. `mean` is the plain mean of the changes.
    """

    scheme: str
    group: str
    structures: int
    gainers: int
    losers: int
    unchanged: int
    mean: Figure
    best: Extreme
    worst: Extreme


@dataclass(frozen=True, slots=True)
class Driver:
    """One difference between the methods over all structures: how many it moves, and the sum and mean of its points."""

    node: str
    label: str
    kind: str
    structures: int
    gainers: int
    losers: int
    total: Figure
    mean: Figure


@dataclass(frozen=True, slots=True)
class SumMoved:
    """A sum of money under both methods, `None` where one has none; `quota` is the total, `earned` may be unknown."""

    id: str
    label: str
    structure: str
    base: Worth | None
    other: Worth | None
    unit: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """The same values under two methods; `structures` in the order of the base, then those of the other alone.

    `base` and `other` are pack ids, `base_hash` and `other_hash` tell two versions of one pack apart. `peers` is
    the scheme of clusters inside which the base compares. `drivers` stand
    largest first by the points they move in all, up or down.
    """

    base: str
    other: str
    base_hash: str
    other_hash: str
    period: str
    structures: tuple[StructureChange, ...]
    groups: tuple[Group, ...]
    drivers: tuple[Driver, ...]
    peers: str = ""
    unused: tuple[Unused, ...] = ()
    money: tuple[SumMoved, ...] = ()
    findings: tuple[Finding, ...] = ()


def kind_in_words(kind: str, language: str | None = None) -> str:
    """The kind of a cause as a page says it: for `target`, `obiettivo`."""
    return prose(language)("cause", kind)


def scheme_in_words(scheme: str, language: str | None = None) -> str:
    """A scheme of groups as a page says it; a scheme of clusters keeps its own name after the word."""
    name, _, own = scheme.partition(":")
    return f"{prose(language)('scheme', name)} {own}".strip()


def as_json(simulation: Simulation) -> dict[str, Any]:
    """The shape that the contract fixes, with groups and drivers beside the structures."""
    answer = asdict(replace(simulation, findings=()))
    del answer["findings"], answer["money"]
    if simulation.money:
        answer["money"] = [_sum_as_json(one) for one in simulation.money]
    for structure, change in zip(answer["structures"], simulation.structures, strict=True):
        structure["clusters"] = dict(change.clusters)
        structure["because"] = [asdict(cause) for cause in change.because]
        base, other = structure.pop("base_side"), structure.pop("other_side")
        structure["coverage"] = {"base": base and base["coverage"], "other": other and other["coverage"]}
        structure["band"] = {
            name: side and [side["index_low"], side["index_high"]] for name, side in (("base", base), ("other", other))
        }
    return {name: list(part) if isinstance(part, tuple) else part for name, part in answer.items()}


def _sum_as_json(one: SumMoved) -> dict[str, Any]:
    sides = {
        name: side and {"total": side.quota, "earned": side.earned}
        for name, side in (("base", one.base), ("other", one.other))
    }
    return {"id": one.id, "structure": one.structure, **sides}
