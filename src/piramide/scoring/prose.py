"""The sentences of explanations, one file per language in `prose/`, so that a language is added without code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from piramide.kernel.figure import Figure
from piramide.kernel.numbers import Exact, format_number, format_percent, format_quantity, from_float
from piramide.kernel.wording import DEFAULT_LANGUAGE, current_language

INDEX_DECIMALS: Final = 2
POINTS_DECIMALS: Final = 2
GAP_DECIMALS: Final = 2
MORE_DECIMALS: Final = 4
"""Decimals that a formula may add to those of the act, so that a reader can recompute it."""
_NOISE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of one language and the figures as it prints them.

    Figures are exact, or floats that are read as the decimal they were written as.
    """

    language: str
    entries: Mapping[str, Mapping[str, str]]

    def __call__(self, section: str, key: str, **fields: object) -> str:
        """Return the sentence `key` of `section`, its fields filled in."""
        return self.entries[section][key].format(**fields)

    def index(self, figure: Exact | float) -> str:
        """An index on 100."""
        return format_number(exact(figure), INDEX_DECIMALS, self.language)

    def points(self, figure: Exact | float) -> str:
        """Points of an index, signed."""
        return format_number(exact(figure), POINTS_DECIMALS, self.language, signed=True)

    def gap(self, figure: Exact | float) -> str:
        """A gap as a signed percentage."""
        return format_percent(exact(figure), GAP_DECIMALS, self.language, signed=True)

    def share(self, figure: Exact | float) -> str:
        """A weight or a cap as a percentage, with decimals only where it has some."""
        value = exact(figure)
        whole = abs(value * 100 - round(value * 100)) < Fraction(1, 10**9)
        return format_percent(value, 0 if whole else GAP_DECIMALS, self.language)

    def number(self, figure: Exact | float, decimals: int) -> str:
        """A bare number with the decimals of the act, and as many more as it needs, four at the most."""
        value = exact(figure)
        enough = next((d for d in range(decimals, decimals + MORE_DECIMALS) if _is_whole(float(value), d)), None)
        return format_number(value, decimals + MORE_DECIMALS if enough is None else enough, self.language)

    def quantity(self, figure: Exact | float, unit: str, decimals: int, *, signed: bool = False) -> str:
        """A value in its unit, with the decimals of the act."""
        return format_quantity(exact(figure), unit, decimals, self.language, signed=signed)


def exact(figure: Exact | float) -> Fraction:
    """The exact value of a figure: of a float, the decimal it was written as."""
    if isinstance(figure, Fraction):
        return figure
    if isinstance(figure, Figure):
        return figure.exact
    return _as_written(figure) if isinstance(figure, float) else Fraction(figure)


@lru_cache(maxsize=4096)
def _as_written(figure: float) -> Fraction:
    return from_float(figure)


def _is_whole(value: float, decimals: int) -> bool:
    """Whether so many decimals tell the value, but for the noise of the float that carried it."""
    scaled = value * 10**decimals
    return bool(abs(scaled - round(scaled)) <= abs(scaled) * _NOISE)


@cache
def languages() -> tuple[str, ...]:
    """Languages that explanations are worded in."""
    folder = resources.files("piramide.scoring") / "prose"
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def prose(language: str | None = None) -> Prose:
    """The sentences of `language` (default: the user's); Italian where it has none."""
    wanted = language or current_language()
    return _prose(wanted if wanted in languages() else DEFAULT_LANGUAGE)


@cache
def _prose(language: str) -> Prose:
    file = resources.files("piramide.scoring") / "prose" / f"{language}.toml"
    return Prose(language, tomllib.loads(file.read_text(encoding="utf-8")))
