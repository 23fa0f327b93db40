"""What the terminal shows: answers on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction

from piramide.cli.finding_text import block, counts
from piramide.cli.messages import tell
from piramide.cli.texts import say
from piramide.cli.width import answer_width
from piramide.kernel import wording
from piramide.kernel.decimals import TOLD_DECIMALS
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.findings import Finding, Severity, capped
from piramide.kernel.numbers import format_number
from piramide.kernel.rounding import decimals_beside
from piramide.reports import figures
from piramide.reports.labels import labels

__all__ = [
    "answer_width",
    "figure",
    "index",
    "print_findings",
    "print_json",
    "print_table",
    "print_text",
    "share",
    "shortest",
    "tell",
    "tell_findings",
]


def print_json(value: object) -> None:
    """One JSON document on standard output; absent numbers are null, never NaN."""
    is_unicode = "utf" in (sys.stdout.encoding or "").lower()
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_unicode, indent=2, allow_nan=False) + "\n")


def print_text(text: str = "") -> None:
    """A line of the answer."""
    sys.stdout.write(f"{text}\n")


def print_table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> None:
    """A table on standard output; a column is its heading and whether it holds figures."""
    from piramide.cli.tables import table  # not every answer has one

    table(columns, rows)


def print_findings(findings: Sequence[Finding], *, with_notes: bool = True) -> None:
    """Every finding as a colleague's note, in a block as wide as the terminal; notes may be counted only."""
    width = answer_width()
    for finding in capped(one for one in findings if with_notes or one.level is not Severity.NOTE):
        print_text("\n".join(block(finding, width)))
        print_text()
    has_hidden = not with_notes and any(finding.level is Severity.NOTE for finding in findings)
    hint = f" {say('answer.notes_hidden')}" if has_hidden else ""
    print_text(counts(findings) + hint if findings else say("answer.no_findings"))


def tell_findings(findings: Iterable[Finding]) -> None:
    """Findings beside an answer, one a line."""
    for finding in capped(findings):
        tell(f"{finding.code}: {finding.message()}")


def figure(value: Printable | None, decimals: int = 2, *, signed: bool = False) -> str:
    """A number in the user's notation, `–` when absent."""
    return "–" if value is None else format_number(value, decimals, signed=signed)


def index(value: Printable | None, *beside: Printable | None) -> str:
    """An index on 100 or an end of its band, with the decimals that tell it from 100 and from what stands beside it.

    `–` when absent.
    """
    if value is None:
        return "–"
    marks = (Fraction(100), *(exactly(mark) for mark in beside if mark is not None))
    return format_number(exactly(value), decimals_beside(exactly(value), marks, TOLD_DECIMALS))


def share(value: Printable) -> str:
    """A share of weight as a percentage; one that is not all of it never reads so."""
    return figures.weight(value, labels(wording.current_language()))


def shortest(value: Fraction, most: int = 4) -> str:
    """An exact number with as many decimals as it needs, up to `most`."""
    decimals = next((n for n in range(most) if (value * 10**n).denominator == 1), most)
    return format_number(value, decimals)


def unfavourable(findings: Iterable[Finding]) -> bool:
    """Whether a check's answer is unfavourable: at least one error."""
    return any(finding.level is Severity.ERROR for finding in findings)
