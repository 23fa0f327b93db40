"""The days by which the cycle of a year must have done its steps: a dated table, read as it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step of the cycle of `plan_year` and its last day; `is_law` when a law says the day, else acts of past years.

    `duty` is the name of the action that fulfils it. Where it is said: `sources` by language, an act always by its own
    Italian name.
    """

    code: str
    plan_year: int
    day: date
    duty: str
    is_law: bool
    sources: Mapping[str, str]
    words: Mapping[str, str]

    def label(self, language: str) -> str:
        """What is to be done."""
        return self.words.get(language, self.words["it"])

    def source(self, language: str) -> str:
        """Where it is said that this is to be done."""
        return self.sources.get(language, self.sources["it"])


@cache
def _table() -> tuple[dict[str, Any], ...]:
    text = resources.files("piramide.cycle").joinpath("deadlines.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["deadline"])


@lru_cache(maxsize=16)
def deadlines_between(first: date, last: date) -> tuple[Deadline, ...]:
    """Every deadline from `first` to `last`, both included, whatever plan it belongs to; earliest first.

    >>> [(deadline.code, deadline.plan_year) for deadline in deadlines_between(date(2025, 1, 1), date(2025, 2, 28))]
    [('plan', 2025), ('assignment', 2025)]
    """
    found = [
        _deadline(row, year - row["year"])
        for year in range(first.year, last.year + 1)
        for row in _table()
        if row["since"] <= year - row["year"]
    ]
    return tuple(sorted((d for d in found if first <= d.day <= last), key=lambda d: (d.day, d.code)))


def _deadline(row: dict[str, Any], plan_year: int) -> Deadline:
    day = date(plan_year + row["year"], row["month"], row["day"])
    words = {language: row[language] for language in ("it", "en")}
    sources = {"it": row["law"], "en": row.get("law_en", row["law"])}
    return Deadline(row["code"], plan_year, day, row["duty"], row["basis"] == "law", sources, words)
