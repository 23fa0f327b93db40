"""What an indicator that nobody knows seems to be, from its label and the target it prints; always to be confirmed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place
from piramide.methodology.model import Checkpoint, Citation, Indicator, RuleKind
from piramide.methodology.printing.target_words import Reading
from piramide.methodology.printing.tokens import Token, token
from piramide.methodology.profiles import AMOUNTS

_LOWER_IS_BETTER: Final = re.compile(
    r"\b(?:riduzione|cost[oi]|giacenz\w+|temp[oi]|ritard\w+|giorni|error\w+|arretrat\w+|fabbisogn\w+)\b", re.IGNORECASE
)
_PROJECT: Final = re.compile(r"\bprogett\w+|\bmilestone\b|\bpiano di azione\b", re.IGNORECASE)
_SURVEY: Final = re.compile(r"\bindagin\w+|\bsoddisfazione\b|\bcustomer\b|\bquestionar\w+", re.IGNORECASE)
_DAYS: Final = re.compile(r"\bgiorn\w+|\btemp[oi]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inferred:
    """Rule, unit and direction that the print suggests."""

    rule: RuleKind
    unit: str
    direction: str
    checkpoints: tuple[Checkpoint, ...] = ()


def infer(label: str, target: str | None, reading: Reading | None) -> Inferred:
    """Rule and unit from the printed target, direction from its comparator or unit, else from the label.

    >>> infer("Indice di puntualità", "Scostamento 0 su budget", None).rule.value
    'zero_gap'
    >>> infer("Costi di funzionamento", "1.200 €", Reading(Fraction(1200), "eur")).rule.value
    'gap_down'
    """
    kind = token(target) if target else None
    if kind is Token.ZERO_GAP:
        return Inferred(RuleKind.ZERO_GAP, "index", "up")
    if kind is Token.REFERENCE:
        return Inferred(RuleKind.THRESHOLD, "ratio", "none")
    is_project = bool(_PROJECT.search(label))
    if reading is not None and (reading.is_delivery or (is_project and reading.value in {100, 1})):
        return Inferred(RuleKind.MILESTONE, "milestone", "up")
    side = (reading.side if reading else "") or ("down" if _LOWER_IS_BETTER.search(label) else "up")
    unit = _unit(label, reading)
    if reading is not None and reading.value == 0:
        # No relative distance from zero exists: a target of 0 is a limit.
        return Inferred(RuleKind.THRESHOLD, unit, "down", (Checkpoint("any", None, Fraction(0)),))
    if reading is not None and reading.value < 0:
        return Inferred(RuleKind.THRESHOLD, unit, side)
    return Inferred(RuleKind.GAP_DOWN if side == "down" else RuleKind.GAP_UP, unit, side)


def _unit(label: str, reading: Reading | None) -> str:
    if reading is not None and reading.unit:
        return reading.unit
    if _SURVEY.search(label) and reading is not None and 1 <= reading.value <= 5:
        return "score_1_5"
    return "days" if _DAYS.search(label) else "index"


def definition(name: str, label: str, guess: Inferred, cap: Fraction, citation: Citation, place: Place) -> Indicator:
    """The definition of an inferred indicator."""
    return Indicator(
        id=name,
        label=label,
        definition="",
        unit=guess.unit,
        direction=guess.direction,
        rule=guess.rule,
        cap=cap,
        citation=citation,
        place=place,
        level=_level_of(guess.unit),
        checkpoints=guess.checkpoints,
    )


def _level_of(unit: str) -> str:
    """What a target alone tells of growth: money is a flow, of pieces and hours nothing is known."""
    if unit == "eur":
        return "flow"
    return "" if unit in AMOUNTS else "ratio"


def said_of(printed: str | None, reading: Reading | None) -> str:
    """What a printed target says beside its figure, for the definition: the day it is due, days that work."""
    if reading is None or not (reading.due or reading.is_working):
        return ""
    said = [f"Valore stampato: «{printed}»."]
    if reading.due:
        said.append(f"Scadenza: {reading.due:%d/%m/%Y}.")
    if reading.is_working:
        said.append("I giorni sono lavorativi.")
    return " ".join(said)
