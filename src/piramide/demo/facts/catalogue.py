"""Three hundred invented products under the real areas and lines: hours, days, amounts, automation, STAR flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.hashing import Reals, generator
from piramide.demo.facts.rows import PLAN_YEAR, Row, invented

_STREAM = 1
_SPREAD = 0.45
_YEARS_BEFORE = 5
PROVENANCE = "inventata"
IMPROVEMENT_LINES: Final = {
    "A16-24": "posizione_individuale_dipendenti_pubblici",
    "A16-25": "scarti_riscatti_ricongiunzioni",
    "A16-26": "rvpa",
}
"""Products of the insurance account that the national improvement projects count by themselves."""


PLAN_LINES: Final = {"A2-48": "sostegno_famiglie", "A31-20": "reddito_cittadinanza_anomalie_riesami"}
"""Products that the plan of 2021 counts by themselves."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of the plan: arrays of one figure a line, in the order of `tables/lines.csv`."""

    rows: tuple[Row, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the production plan (`A1.1`)."""
        return tuple(row["code"] for row in self.rows)

    def numbers(self, column: str, missing: float = 0.0) -> Reals:
        """A column as numbers; empty cells are `missing`."""
        return np.array([float(row[column] or missing) for row in self.rows])

    def where(self, *codes: str) -> npt.NDArray[np.bool_]:
        """Which lines have one of these codes."""
        return np.array([row["code"] in codes for row in self.rows])


def lines() -> Lines:
    """The lines of the catalogue."""
    return Lines(invented("lines"))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Arrays of one figure a product, products of a line side by side.

    `share` is the part of a line's received points, `relative_hours` what its standard hours are in proportion to,
    `automated` the probability that a case needs nobody, `star_later` the products that become STAR in the second year.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    line: npt.NDArray[np.int64]
    share: Reals
    relative_hours: Reals
    automated: Reals
    standard_days: npt.NDArray[np.int64]
    amount_cents: npt.NDArray[np.int64]
    interest: npt.NDArray[np.bool_]
    star: npt.NDArray[np.bool_]
    star_later: npt.NDArray[np.bool_]

    def automated_points(self, line_count: int) -> Reals:
        """Part of each line's points that needs nobody."""
        points: Reals = np.bincount(self.line, weights=self.share * self.automated, minlength=line_count).astype(float)
        return points


def catalogue(of: Lines, seed: int) -> Catalogue:
    """The products, the same for a seed whatever the number of cases."""
    rng = generator(seed, _STREAM)
    counts = of.numbers("products").astype(np.int64)
    line = np.repeat(np.arange(len(counts)), counts)
    total = len(line)
    share = rng.gamma(1.6, size=total) + 0.15
    share /= np.bincount(line, share)[line]
    hours = of.numbers("relative_hours")[line] * np.exp(_SPREAD * rng.standard_normal(total).clip(-2.2, 2.2))
    automated = np.clip(of.numbers("automated")[line] * rng.uniform(0.2, 1.8, total), 0.0, 0.9)
    days = of.numbers("standard_days")[line] * rng.choice([0.5, 1.0, 1.0, 1.5], total)
    amounts = of.numbers("amount_eur")[line] * rng.uniform(0.4, 1.6, total)
    chance, wanted = rng.random(total), of.numbers("star")[line]
    return Catalogue(
        codes=_codes(of, counts),
        labels=_labels(of, counts),
        line=line,
        share=share,
        relative_hours=hours,
        automated=automated,
        standard_days=np.maximum(np.rint(days), 1).astype(np.int64),
        amount_cents=np.rint(amounts * 100).astype(np.int64),
        interest=np.array([row["interest"] == "yes" for row in of.rows])[line],
        star=chance < wanted,
        star_later=(chance >= wanted) & (chance < wanted * 1.08),
    )


def _codes(of: Lines, counts: npt.NDArray[np.int64]) -> tuple[str, ...]:
    named = zip(of.codes, counts, strict=True)
    return tuple(f"{code.replace('.', '')}-{number + 1:02d}" for code, count in named for number in range(count))


def _labels(of: Lines, counts: npt.NDArray[np.int64]) -> tuple[str, ...]:
    subjects = invented("subjects")
    labels = []
    for row, count in zip(of.rows, counts, strict=True):
        mine = [subject["subject"] for subject in subjects if subject["area"] == row["area"]]
        labels += [f"{row['label']}: {mine[n % len(mine)]} {n // len(mine) + 1} (inventato)" for n in range(count)]
    return tuple(labels)


def line_names(of: Lines, products: Catalogue, years: tuple[int, ...]) -> tuple[str, ...]:
    """The product line of each product, as the catalogue states it."""
    own = IMPROVEMENT_LINES | (PLAN_LINES if years[-1] <= PLAN_YEAR else {})
    return tuple(
        own.get(code, of.rows[line]["line"]) for code, line in zip(products.codes, products.line.tolist(), strict=True)
    )


def product_rows(of: Lines, products: Catalogue, hours: Reals, years: tuple[int, ...]) -> list[Row]:
    """Rows of the dataset `products`: a product that becomes STAR has a second version from the second year."""
    since, change = f"{years[0] - _YEARS_BEFORE}-01-01", f"{years[0] + 1}-01-01"
    names = line_names(of, products, years)
    rows = []
    for p, code in enumerate(products.codes):
        line = of.rows[products.line[p]]
        row = {
            "product": code,
            "label": products.labels[p],
            "area": line["area"],
            "line": names[p],
            "standard_hours": f"{hours[p]:.3f}",
            "provenance": PROVENANCE,
            "standard_days": str(products.standard_days[p]),
            "star": "true" if products.star[p] else "false",
            "valid_from": since,
        }
        changes = bool(products.star_later[p]) and len(years) > 1
        rows.append(row | {"valid_until": change} if changes else row)
        if changes:
            rows.append(row | {"star": "true", "valid_from": change})
    return rows
