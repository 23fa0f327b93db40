"""A finding as a small block of lines: where and what, the figures, then rule, cause and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Final

from piramide.cli.texts import say
from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place, Severity
from piramide.kernel.templates import fill

_MARKS: Final = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}
_INDENT: Final = "  "
_ADDRESS: Final = re.compile(r"(?:.*[! ])?[A-Z]{1,3}[1-9][0-9]*")
"""A cell of a spreadsheet, with its sheet or without."""
_COUNTED: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def block(finding: Finding, width: int) -> list[str]:
    """The lines of one finding, none longer than `width` where its words can be parted."""
    lines = _wrapped(" · ".join(_head(finding)), width, "")
    reason = finding.reason()
    if reason:
        lines += _wrapped(" · ".join(_figures(finding)), width)
    return lines + _wrapped(reason or _sentence(finding), width)


def _wrapped(text: str, width: int, first: str = _INDENT) -> list[str]:
    return wrap(
        text,
        max(width, 20),
        initial_indent=first,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _head(finding: Finding) -> Iterator[str]:
    """Mark and code, place, line of the document, subject."""
    yield f"{_MARKS[finding.level]} {finding.code}  {_place(finding.place)}".rstrip()
    line = str(finding.fields.get("line", ""))
    if line:
        yield say("answer.document_line" if line.isdigit() else "answer.document_lines", line=line)
    if finding.subject and finding.reason():
        yield finding.subject


def _place(place: Place) -> str:
    """File and line, and the cell where it says more than they do: of a spreadsheet, and of a file without lines."""
    is_told = not place.line or _ADDRESS.fullmatch(place.cell)
    return str(place if is_told else replace(place, cell=""))


def _figures(finding: Finding) -> Iterator[str]:
    """Figure printed, figure recomputed, difference, as the code calls them."""
    shown: dict[str, object] = {
        "stated": finding.stated,
        "recomputed": finding.recomputed,
        "difference": finding.difference,
        **finding.fields,
    }
    for name in ("stated", "recomputed", "difference"):
        figure = fill(f"{{{name}:figure}}", shown, wording.word)
        if figure:
            yield f"{wording.word(name, finding.code) or say(f'answer.{name}')} {figure}"
    if elsewhere := shown.get("elsewhere"):
        yield say("answer.elsewhere", where=elsewhere)


def _sentence(finding: Finding) -> str:
    """The sentence without the place that the head of the block says already."""
    message = finding.message()
    short = message.removeprefix(f"{finding.place}: ")
    return short if short != message else message.removeprefix(f"{str(finding.place).partition(' ')[0]}: ")


def counts(findings: Sequence[Finding]) -> str:
    """How many errors, warnings and notes, as a sentence."""
    parts = []
    for level, name in _COUNTED.items():
        number = sum(1 for finding in findings if finding.level is level)
        parts.append(say(f"answer.{name}" if number == 1 else f"answer.{name}s", number=number))
    return ", ".join(parts) + "."
