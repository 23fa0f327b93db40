"""The checklist of a run as it is now, and whether what a person answers lets it go on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.core.exceptions import ValidationError

from piramide.kernel.findings import Finding, Place
from piramide.web.oversight.last_look.line import Seen
from piramide.web.oversight.last_look.lines import LINES
from piramide.web.results.models import RunRecord

SHORTEST: Final = 10
LONGEST: Final = 2000
_REASON: Final = forms.CharField(min_length=SHORTEST, max_length=LONGEST)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answers: a reason for each line passed over, and the digest of the checklist that was read."""

    seen: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every line with what it found in one run."""

    run: str
    lines: tuple[Seen, ...]

    @property
    def digest(self) -> str:
        """What names the questions asked: a contest more, or another value missing, and it is another."""
        asked = [[seen.line.id, *sorted(item.key for item in seen.items)] for seen in self.lines if seen.asks]
        return hashlib.sha256(json.dumps([self.run, asked]).encode()).hexdigest()[:32]

    @property
    def asking(self) -> tuple[Seen, ...]:
        """The lines that want a reason."""
        return tuple(seen for seen in self.lines if seen.asks)

    @property
    def blocking(self) -> tuple[Seen, ...]:
        """The lines that nobody passes over."""
        return tuple(seen for seen in self.lines if seen.blocks)

    def faults(self, answers: Answers) -> tuple[Finding, ...]:
        """Why it cannot go on: OV008 a line without a reason, OV009 another checklist was read, OV010 a line blocks.

        The cell of each place is the id of its line.
        """
        found = [self._fault("OV010", seen) for seen in self.blocking]
        found += [
            self._fault("OV008", seen) for seen in self.asking if not is_reason(answers.reasons.get(seen.line.id))
        ]
        if not found and answers.seen != self.digest:
            found.append(Finding("OV009", Place(self.run[:8])))
        return tuple(found)

    def _fault(self, code: str, seen: Seen) -> Finding:
        fields = {"least": SHORTEST, "most": LONGEST} if code == "OV008" else {}
        return Finding(code, Place(self.run[:8], 0, seen.line.id), str(seen.line.title), fields)


def is_reason(text: str | None) -> bool:
    """Whether a text says something: neither a word nor a page too long."""
    try:
        _REASON.clean(text or "")
    except ValidationError:
        return False
    return any(letter.isalpha() for letter in text or "")


def checklist_of(record: RunRecord) -> Checklist:
    """Look at everything now. Raises `Refusal` for a run that was touched."""
    return Checklist(record.pk, tuple(Seen(line, line.look(record)) for line in LINES.values()))
