"""Money under two methods: what each sum is and earns under one and the other."""

from __future__ import annotations

from collections.abc import Sequence

from piramide.scoring.money import MoneyOfSheet, amount
from piramide.scoring.result import Worth
from piramide.scoring.simulation import SumMoved


def moved(base: Sequence[MoneyOfSheet], other: Sequence[MoneyOfSheet]) -> tuple[SumMoved, ...]:
    """The sums of either method, those of the first before those that only the second has."""
    before, after = ({(one.money.id, one.money.structure): one for one in sums} for sums in (base, other))
    return tuple(
        SumMoved(
            key[0],
            (after.get(key) or before[key]).money.label,
            key[1],
            _worth(before.get(key)),
            _worth(after.get(key)),
            (after.get(key) or before[key]).money.unit,
        )
        for key in dict.fromkeys((*before, *after))
    )


def _worth(one: MoneyOfSheet | None) -> Worth | None:
    if one is None:
        return None
    return Worth(one.money.id, amount(one.total), None if one.earned is None else amount(one.earned))
