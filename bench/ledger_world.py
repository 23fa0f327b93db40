"""What the benchmark of the ledger folds: 116 sites, 300 products, and measures like those of a real plan.

Everything here is invented but the sites, which are those of the organisation of the pack `inps-2024`. One product in
twenty becomes a STAR product in the third year, so that the day of an entry decides the line of its product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np

from piramide.kernel.findings import Place
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack

Array = np.ndarray[Any, np.dtype[Any]]

FIRST_YEAR: Final = 2021
MONTHS: Final = 48
"""Months of history; the benchmark adds one more, the new month."""
SITES: Final = 116
PRODUCTS: Final = 300
BECOMES_STAR: Final = date(2023, 1, 1)

_SEED: Final = 20240630
_AREAS: Final = {
    "prestazioni_servizi_individuali": 8,
    "gestione_conto_assicurativo_individuale": 1,
    "flussi_contributivi": 3,
    "altre_aree_produzione": 5,
    "vigilanza_ispettiva": 1,
    "direzione_attivita_staff": 2,
    "presidio_conformita_livelli_servizio": 4,
}
"""Areas of production and how many lines each has."""
_STANDARD_DAYS: Final = (15, 30, 30, 60, 60, 90, 120)


@dataclass(frozen=True, slots=True)
class World:
    """Arrays by site and by product; `star` are products that are STAR from the start, `star_later` from 2023."""

    site_share: Array
    product_share: Array
    area: tuple[str, ...]
    line: tuple[str, ...]
    hours_1000: Array
    days: Array
    automated: Array
    star: Array
    star_later: Array

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the products, in order."""
        return tuple(f"P{number:03d}" for number in range(len(self.area)))

    def catalogue(self) -> list[dict[str, Any]]:
        """Rows of the dataset `products`, as the ledger stores them."""
        return [
            {
                "product": number,
                "label": f"Product {number}",
                "area": self.area[number],
                "line": self.line[number],
                "standard_hours": Decimal(int(self.hours_1000[number])) / 1000,
                "provenance": "bench",
                "standard_days": int(self.days[number]),
                "star": bool(self.star[number]) or since >= BECOMES_STAR,
                "valid_from": since,
                "valid_until": None,
                "entry": "stated",
                "correction": 0,
                "sign": 1,
                "month": since.year * 12 + since.month - 1,
            }
            for number in range(len(self.area))
            for since in (date(2000, 1, 1), *((BECOMES_STAR,) if self.star_later[number] else ()))
        ]


def make_world() -> World:
    """The same world in every process."""
    draw = np.random.default_rng(_SEED)
    people = np.exp(draw.uniform(np.log(20), np.log(600), SITES))
    lines = [(area, f"{area}_{place}") for area, count in _AREAS.items() for place in range(count)]
    of = np.sort(draw.integers(0, len(lines), PRODUCTS))
    share = draw.gamma(0.6, size=PRODUCTS) + 0.02
    star = draw.random(PRODUCTS) < 0.3
    return World(
        site_share=people / people.sum(),
        product_share=share / share.sum(),
        area=tuple(lines[number][0] for number in of),
        line=tuple(lines[number][1] for number in of),
        hours_1000=np.maximum(np.round(1000 * np.exp(draw.normal(0, 0.8, PRODUCTS))), 1).astype(np.int64),
        days=draw.choice(_STANDARD_DAYS, PRODUCTS),
        automated=draw.uniform(0, 0.3, PRODUCTS),
        star=star,
        star_later=~star & (draw.random(PRODUCTS) < 0.05),
    )


def _measure(name: str, **more: Any) -> Measure:  # noqa: ANN401 - keys of a measure
    return Measure(name, name, Place("bench"), dataset="work", **more)


def _measures() -> list[Measure]:
    """The quantities that the indicators of production, times, quality and economy of a plan are made of."""
    by_hand = "not automated"
    answer = [
        _measure("received", entry="received"),
        _measure("resolved", entry="resolved"),
        _measure("reopened", entry="reopened"),
        _measure("pending", entry="pending", window="month_end", level="level"),
        _measure("pending_days", entry="pending", window="integral", level="level"),
        _measure("points", entry="resolved", aggregate="sum", column="points"),
        _measure("star_points", entry="resolved", aggregate="sum", column="points", filter="star"),
        _measure("automated_points", entry="resolved", aggregate="sum", column="points", filter="automated"),
        _measure("hours", entry="resolved", aggregate="sum", column="staff_hours"),
        _measure("interest", entry="resolved", aggregate="sum", column="interest_paid"),
        _measure("amount", entry="resolved", aggregate="sum", column="amount"),
        _measure("days_waited", entry="resolved", aggregate="sum", column="days_waited", filter=by_hand),
        _measure("by_hand", entry="resolved", filter=by_hand),
        _measure("on_time", entry="resolved", filter="days_waited <= standard_days"),
        _measure("accepted", entry="resolved", filter="outcome = 'accepted'"),
        _measure("rejected", entry="resolved", filter="outcome = 'rejected'"),
    ]
    answer += [_measure(f"within_{d}", entry="resolved", filter=f"days_waited <= {d}") for d in (15, 30, 60, 120)]
    for area in _AREAS:
        only = f"area = '{area}'"
        answer += [
            _measure(f"received_{area}", entry="received", filter=only),
            _measure(f"resolved_{area}", entry="resolved", filter=only),
            _measure(f"pending_{area}", entry="pending", filter=only, window="month_end", level="level"),
            _measure(f"points_{area}", entry="resolved", aggregate="sum", column="points", filter=only),
        ]
    return answer


def make_pack(*, only: tuple[str, ...] = ()) -> Pack:
    """The pack `inps-2024` with the measures of the benchmark, or `only` some of them."""
    measures = {m.id: m for m in _measures() if not only or m.id in only}
    return replace(load_pack(shipped_packs() / "inps-2024"), measures=measures)


def sites(pack: Pack) -> tuple[str, ...]:
    """The 116 sites that work is done in."""
    found = [s.id for s in pack.organisation.versions if s.kind in {"provincial_office", "metro_branch"}]
    return tuple(dict.fromkeys(found))[:SITES]
