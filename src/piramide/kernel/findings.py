"""Findings (values that a check collects) and refusals (the one exception a user ever meets).

    Finding   what is wrong or noteworthy, where, stated and recomputed figure, in words of both languages
    Refusal   the work was not done; carries at least one finding; the commands turn it into exit code 2
    capped    as many findings as anybody reads, and a note on how many of each code are left out

Checks collect findings and go on; the engine refuses at the first impossible thing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from piramide.kernel import wording


class Severity(StrEnum):
    """`error`: cannot be right; `warning`: worth a look; `note`: said for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """File (relative to the pack or as the user gave it), line counted from 1, and cell or field if known."""

    file: str = ""
    line: int = 0
    cell: str = ""

    def __str__(self) -> str:
        """`file:line` and, if known, the cell in brackets."""
        text = f"{self.file}:{self.line}" if self.line else self.file
        return f"{text} [{self.cell}]" if self.cell else text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has to say.

    `code` is stable and has one template per language in the catalogue; `fields` are names, numbers and dates,
    never sentences. Figures are texts as printed or exact decimals; `difference` is stated minus recomputed.
    """

    code: str
    place: Place = Place()
    subject: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    stated: str = ""
    recomputed: str = ""
    difference: str = ""
    cause: str = ""
    suggestion: str = ""
    severity: Severity | None = None

    @property
    def level(self) -> Severity:
        """Severity of this finding: its own, or the catalogue's for its code."""
        return self.severity or Severity(wording.severity(self.code))

    def message(self, language: str | None = None) -> str:
        """One sentence in `language` (`it` or `en`; default: the user's)."""
        return wording.sentence(self.code, self._known(), language)

    def worded(self, language: str | None = None) -> str:
        """What was found alone, for a list that leads to its place and says the remedy once for all."""
        return wording.what(self.code, self._known() | {"where": ""}, language)

    def reason(self, language: str | None = None) -> str:
        """Rule, likely cause and remedy alone, for who shows place and figures apart; empty where a code has none."""
        return wording.reason(self.code, self._known(), language)

    def _known(self) -> dict[str, object]:
        known: dict[str, object] = {
            "where": str(self.place),
            "subject": self.subject,
            "stated": self.stated,
            "recomputed": self.recomputed,
            "difference": self.difference,
            "cause": self.cause,
            "suggestion": self.suggestion,
        }
        return known | dict(self.fields)

    def as_json(self) -> dict[str, object]:
        """The shape the contract fixes, with the sentence in both languages."""
        answer: dict[str, object] = {
            "code": self.code,
            "severity": self.level.value,
            "where": str(replace(self.place, cell="")),
            "subject": self.subject,
        }
        if self.place.cell:
            answer["cell"] = self.place.cell
        for name in ("stated", "recomputed", "difference", "cause", "suggestion"):
            if text := getattr(self, name):
                answer[name] = text
        return answer | {
            "message": self.message(),
            "message_it": self.message("it"),
            "message_en": self.message("en"),
        }


class Refusal(Exception):  # noqa: N818 - it says what happened to the user's request
    """The work was not done and nothing was written; `findings` say what, where and what to do."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings; the first one is the message."""
        super().__init__(*findings)
        self.findings = findings

    def __str__(self) -> str:
        """The findings as `CODE: sentence`, one a line, in the user's language."""
        return "\n".join(f"{finding.code}: {finding.message()}" for finding in self.told)

    @property
    def told(self) -> tuple[Finding, ...]:
        """As many of the findings as people are told."""
        return capped(self.findings)


MOST_OF_A_CODE: Final = 100
MOST: Final = 500
"""How many findings a list shows, of one code and in all: nobody reads more, and what is left out is counted."""


def capped(findings: Iterable[Finding], most: int = MOST) -> tuple[Finding, ...]:
    """The findings in their order, at most `most` and `MOST_OF_A_CODE` of one code, errors before what is less.

    What is left out is counted by code, each count a note (KN022) at the end with the place of the first one. Totals
    and exit codes are of all findings, not of these.
    """
    found = tuple(findings)
    room, of_code, left_out = most, Counter[str](), set[int]()
    for at in sorted(range(len(found)), key=lambda at: _TURN[found[at].level]):
        of_code[found[at].code] += 1
        if room and of_code[found[at].code] <= MOST_OF_A_CODE:
            room -= 1
        else:
            left_out.add(at)
    if not left_out:
        return found
    counts = Counter(found[at].code for at in left_out)
    first = {found[at].code: found[at].place for at in sorted(left_out, reverse=True)}
    more = [Finding("KN022", first[code], code, {"count": count}) for code, count in sorted(counts.items())]
    return (*(finding for at, finding in enumerate(found) if at not in left_out), *more)


_TURN: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """A list of findings as every answer carries it."""
    return [finding.as_json() for finding in capped(findings)]


def refuse(code: str, place: Place | None = None, subject: str = "", **fields: object) -> Refusal:
    """Return a refusal with one finding, ready to be raised."""
    return Refusal(Finding(code, place or Place(), subject, fields))


def refuse_if_errors(findings: Iterable[Finding]) -> None:
    """Raise one refusal with every error among `findings`, if there is any."""
    errors = [finding for finding in findings if finding.level is Severity.ERROR]
    if errors:
        raise Refusal(*errors)
