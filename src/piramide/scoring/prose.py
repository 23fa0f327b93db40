"""The sentences of explanations, one file per language in `prose/`, so that a language is added without code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources

from piramide.kernel import wording
from piramide.kernel.decimals import GAP_DECIMALS, MORE_DECIMALS, POINTS_DECIMALS, TOLD_DECIMALS
from piramide.kernel.figure import exactly
from piramide.kernel.numbers import Exact, format_number, format_percent, format_quantity
from piramide.kernel.rounding import decimals_beside, round_scaled
from piramide.kernel.wording import DEFAULT_LANGUAGE, current_language


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of one language and the figures as it prints them: exact ones, never a float."""

    language: str
    entries: Mapping[str, Mapping[str, str]]

    def __call__(self, section: str, key: str, **fields: object) -> str:
        """Return the sentence `key` of `section`, its fields filled in."""
        return self.entries[section][key].format(**fields)

    def moment(self, checkpoint: str) -> str:
        """A checkpoint of the year (`Q1`, `year`) in words."""
        return wording.word("moment", checkpoint, self.language) or checkpoint

    def index(self, figure: Exact, *beside: Exact) -> str:
        """An index on 100, with the decimals that tell it from 100 and from what stands beside it."""
        value = exactly(figure)
        decimals = decimals_beside(value, (100, *map(exactly, beside)), TOLD_DECIMALS)
        return format_number(value, decimals, self.language)

    def distance(self, index: Exact) -> str:
        """How far an index is from 100, as it is printed, so that the sentence adds up."""
        value = exactly(index)
        decimals = decimals_beside(value, (100,), TOLD_DECIMALS)
        return format_number(abs(Fraction(round_scaled(value, decimals), 10**decimals) - 100), decimals, self.language)

    def points(self, figure: Exact) -> str:
        """Points of an index, signed."""
        return format_number(exactly(figure), POINTS_DECIMALS, self.language, signed=True)

    def gap(self, figure: Exact) -> str:
        """A gap as a signed percentage; one that is not none never reads so."""
        decimals = decimals_beside(100 * exactly(figure), (0,), GAP_DECIMALS)
        return format_percent(exactly(figure), decimals, self.language, signed=True)

    def share(self, figure: Exact) -> str:
        """A weight or a cap as a percentage, with decimals only where it has some."""
        value = exactly(figure)
        whole = abs(value * 100 - round(value * 100)) < Fraction(1, 10**9)
        return format_percent(value, 0 if whole else GAP_DECIMALS, self.language)

    def number(self, figure: Exact, decimals: int) -> str:
        """A bare number with the decimals of the act, and as many more as it needs, four at the most."""
        value = exactly(figure)
        enough = next((d for d in range(decimals, decimals + MORE_DECIMALS) if _is_whole(value, d)), None)
        return format_number(value, decimals + MORE_DECIMALS if enough is None else enough, self.language)

    def quantity(self, figure: Exact, unit: str, decimals: int, *, signed: bool = False) -> str:
        """A value in its unit, with the decimals of the act."""
        return format_quantity(exactly(figure), unit, decimals, self.language, signed=signed)


def _is_whole(value: Fraction, decimals: int) -> bool:
    """Whether so many decimals tell the value."""
    scaled: Fraction = value * 10**decimals
    return scaled.denominator == 1


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
