"""What an indicator that nobody knows seems to be, from its label and the target it prints; always to be confirmed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Place, Refusal
from piramide.methodology.model import Checkpoint, Citation, Indicator, RuleKind
from piramide.methodology.sheets.tokens import Figure, Token, figure, token

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


def infer(label: str, target: str | None) -> Inferred:
    """Rule and unit from the printed target, direction from the label.

    >>> infer("Indice di puntualità", "Scostamento 0 su budget").rule.value
    'zero_gap'
    >>> infer("Costi di funzionamento", "1.200 €").rule.value
    'gap_down'
    """
    kind = token(target) if target else None
    if kind is Token.ZERO_GAP:
        return Inferred(RuleKind.ZERO_GAP, "index", "up")
    if kind is Token.REFERENCE:
        return Inferred(RuleKind.THRESHOLD, "ratio", "none")
    printed = None if target is None or kind is Token.DASH else read_figure(target)
    is_project = bool(_PROJECT.search(label))
    if kind is Token.LABEL or (is_project and printed is not None and printed.value in {100, 1}):
        return Inferred(RuleKind.MILESTONE, "milestone", "up")
    unit = _unit(label, printed)
    if printed is not None and printed.value == 0:
        # No relative distance from zero exists: a target of 0 is a limit.
        return Inferred(RuleKind.THRESHOLD, unit, "down", (Checkpoint("any", None, Fraction(0)),))
    if _LOWER_IS_BETTER.search(label):
        return Inferred(RuleKind.GAP_DOWN, unit, "down")
    return Inferred(RuleKind.GAP_UP, unit, "up")


def _unit(label: str, printed: Figure | None) -> str:
    if printed is not None and printed.unit == "eur":
        return "eur"
    if printed is not None and printed.unit == "pct":
        return "ratio"
    if _SURVEY.search(label) and printed is not None and 1 <= printed.value <= 5:
        return "score_1_5"
    return "days" if _DAYS.search(label) else "index"


def read_figure(text: str) -> Figure | None:
    """The figure in a target, if it is one."""
    try:
        return figure(text)
    except Refusal:
        return None


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
        level="flow" if guess.unit == "eur" else "ratio",
        checkpoints=guess.checkpoints,
    )


def target_value(text: str | None, indicator: Indicator) -> Fraction | None:
    """The printed target in the unit of the indicator; `None` where it states an act or nothing.

    Raises `Refusal` (KN001, KN002) for a figure without one reading.
    """
    kind = token(text) if text else None
    if text is None or kind in {Token.REFERENCE, Token.DASH}:
        return None
    if kind is Token.ZERO_GAP:
        return Fraction(100)
    if kind is Token.LABEL:
        return Fraction(100) if indicator.rule is RuleKind.MILESTONE else None
    printed = figure(text)
    if printed.unit == "pct" and indicator.unit not in {"ratio", "fraction"}:
        return printed.value * 100
    return printed.value


def disagrees(text: str, indicator: Indicator) -> bool:
    """Whether a printed target is of another kind than the known indicator; words always are."""
    kind, printed = token(text), read_figure(text)
    if kind in {Token.DASH, Token.LABEL}:
        return kind is Token.LABEL
    if kind is Token.ZERO_GAP or indicator.rule is RuleKind.ZERO_GAP:
        return (kind is Token.ZERO_GAP) != (indicator.rule is RuleKind.ZERO_GAP)
    if kind is Token.REFERENCE or indicator.rule is RuleKind.THRESHOLD:
        return kind is Token.REFERENCE and indicator.rule is not RuleKind.THRESHOLD
    return printed is not None and printed.unit == "eur" and not indicator.unit.startswith("eur")
