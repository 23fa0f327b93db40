"""A simulation seen from above: by cluster, size and kind of structure, and by what moves the most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from piramide.kernel.figure import Figure, mean_of, sum_of
from piramide.kernel.organisation import OrganisationOnDay
from piramide.scoring.result import NOTHING
from piramide.scoring.simulation import Driver, Extreme, Group, StructureChange, side_of_change

SIZE_CLASSES: Final = ((1, "1"), (3, "2-3"), (6, "4-6"), (10, "7-10"))
"""Size classes by number of production sites: upper bound and name; more are in the last one."""
LARGEST_SIZE: Final = "11+"


def size_of(structure: str, organisation: OrganisationOnDay, kinds: Sequence[str]) -> int | None:
    """Number of production sites at or below a structure; `None` where there are none.

    A site is a leaf of the organisation of one of `kinds`, of any kind where there are none.
    """
    if structure not in organisation:
        return None
    below = list(organisation.descendants(structure))
    if not below:
        return 1 if not kinds or organisation[structure].kind in kinds else None
    sites = [s for s in below if (not kinds or s.kind in kinds) and not organisation.children(s.id)]
    return len(sites) or None


def size_class(size: int) -> str:
    """The class of a number of production sites.

    >>> size_class(1), size_class(5), size_class(40)
    ('1', '4-6', '11+')
    """
    return next((name for most, name in SIZE_CLASSES if size <= most), LARGEST_SIZE)


def groups(changes: Sequence[StructureChange]) -> Iterator[Group]:
    """All that can be compared, then each cluster of each scheme, each kind and each size class."""
    members: dict[tuple[str, str], list[StructureChange]] = defaultdict(list)
    for change in changes:
        if change.change is not None:
            for key in _keys(change):
                members[key].append(change)
    for scheme, group in sorted(members, key=_order):
        yield _group(scheme, group, members[scheme, group])


def _keys(change: StructureChange) -> Iterator[tuple[str, str]]:
    yield "all", ""
    for scheme, cluster in change.clusters.items():
        yield f"cluster:{scheme}", cluster
    if change.size is not None:
        yield "size", size_class(change.size)
    yield "kind", change.kind


def _order(key: tuple[str, str]) -> tuple[str, int, str]:
    names = [name for _, name in SIZE_CLASSES]
    scheme, group = key
    return scheme, names.index(group) if scheme == "size" and group in names else len(names), group


def _group(scheme: str, group: str, members: Sequence[StructureChange]) -> Group:
    changes = [member.change or NOTHING for member in members]
    best = max(members, key=lambda member: member.change or NOTHING)
    worst = min(members, key=lambda member: member.change or NOTHING)
    gainers, losers = (sum(member.side == side for member in members) for side in (1, -1))
    return Group(
        scheme=scheme,
        group=group,
        structures=len(members),
        gainers=gainers,
        losers=losers,
        unchanged=len(members) - gainers - losers,
        mean=mean_of(changes),
        best=Extreme(best.id, best.label, best.change or NOTHING),
        worst=Extreme(worst.id, worst.label, worst.change or NOTHING),
    )


def drivers(changes: Sequence[StructureChange]) -> list[Driver]:
    """Differences between the methods by the points that they move in all structures, up or down, largest first."""
    moved: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    labels: dict[str, str] = {}
    for change in changes:
        for cause in change.because:
            moved[cause.node, cause.kind].append(cause.change)
            labels[cause.node] = cause.label
    ordered = sorted(moved.items(), key=lambda item: (-sum(map(abs, item[1])), item[0]))
    return [
        Driver(
            node=node,
            label=labels[node],
            kind=kind,
            structures=len(points),
            gainers=sum(side_of_change(change) > 0 for change in points),
            losers=sum(side_of_change(change) < 0 for change in points),
            total=sum_of(points),
            mean=mean_of(points),
        )
        for (node, kind), points in ordered
    ]
