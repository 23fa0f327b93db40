"""What an alarm hands over: what was seen, what was to be expected, how rare that is by chance. Never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from piramide.kernel.findings import Finding, Place
from piramide.kernel.periods import Period

_CERTAIN_ENOUGH = 1_000_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an alarm rings for one office in one period.

    `statistic` and `expected` are shares (0-1) and `spread` the standard deviation of the share by chance and by the
    usual differences between offices. `probability` is that of something at least as far out where nothing is wrong;
    `odds` the same as one in so many. `numbers` are the figures behind it; `query` lists rows to look at in the table
    `entries` of the ledger. `about` names the indicator or pair where the alarm has several. The sentence of its code
    in the catalogue names an honest reason.
    """

    alarm: str
    code: str
    office: str
    period: Period
    statistic: float
    expected: float
    spread: float
    probability: float
    query: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    about: str = ""

    @property
    def odds(self) -> int:
        """One office in so many shows as much by chance (a million stands for more than can be told)."""
        return min(round(1.0 / max(self.probability, 1.0 / _CERTAIN_ENOUGH)), _CERTAIN_ENOUGH)

    def finding(self) -> Finding:
        """The evidence as a sentence of the catalogue."""
        about, _, counter = self.about.partition(" / ")
        fields: dict[str, object] = {
            "period": str(self.period),
            "share": _percent(self.statistic),
            "expected": _percent(self.expected),
            "odds": self.odds,
            "about": about,
            "counter": counter,
        }
        fields |= {name: f"{value:.0f}" for name, value in self.numbers.items()}
        return Finding(
            self.code,
            Place(self.office),
            self.about or self.alarm,
            fields,
            stated=_percent(self.statistic),
            recomputed=_percent(self.expected),
        )

    def as_json(self) -> dict[str, object]:
        """Every field, with the sentence in both languages; numbers are not rounded."""
        finding = self.finding()
        return {
            "alarm": self.alarm,
            "code": self.code,
            "structure": self.office,
            "period": str(self.period),
            "about": self.about,
            "statistic": self.statistic,
            "expected": self.expected,
            "spread": self.spread,
            "probability": self.probability,
            "numbers": dict(self.numbers),
            "query": self.query,
            "message": finding.message(),
            "message_it": finding.message("it"),
            "message_en": finding.message("en"),
        }


@dataclass(frozen=True, slots=True)
class Examined:
    """One alarm in one period: how many offices it could look at, how many were too small, and what it heard.

    `by_chance` is the number of offices that it would trouble were nothing wrong: examined × its rate.
    """

    alarm: str
    code: str
    examined: int
    too_small: int
    by_chance: float
    evidence: tuple[Evidence, ...] = ()
    about: str = ""

    def as_json(self) -> dict[str, object]:
        """Counts and evidence."""
        return {
            "alarm": self.alarm,
            "code": self.code,
            "about": self.about,
            "examined": self.examined,
            "too_small": self.too_small,
            "by_chance": self.by_chance,
            "evidence": [evidence.as_json() for evidence in self.evidence],
        }


def _percent(share: float) -> str:
    """A share in per cent with one decimal, in machine notation."""
    return f"{100.0 * share:.1f}"
