"""The page on identities lists the kinds, arguments and causes of the code."""

from __future__ import annotations

import re
from pathlib import Path

from piramide.kernel import wording
from piramide.methodology.checks import causes, digits
from piramide.methodology.checks.kinds import KINDS

CAUSES = {*digits.ORDER, *causes.DECLARED, *(v for k, v in vars(causes).items() if k.isupper() and isinstance(v, str))}
"""What the code calls a cause: the names of the two modules."""
PAGE = (Path(__file__).parents[2] / "docs" / "identities.md").read_text(encoding="utf-8")


def test_it_lists_every_kind_with_its_arguments() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| `([^`]+)` \|$", PAGE, re.MULTILINE)

    written = {name: set(arguments.split(", ")) for name, arguments in rows}

    assert written == {
        name: {*kind.required, *(f"{argument}?" for argument in kind.optional)} for name, kind in KINDS.items()
    }


def test_it_explains_every_cause() -> None:
    section = PAGE[PAGE.index("## Causes") :]
    told = set(re.findall(r"`([^`]+)`", "\n".join(line.split("|")[1] for line in section.splitlines() if "|" in line)))

    assert told == CAUSES


def test_every_cause_has_its_words() -> None:
    for language in wording.languages():
        assert [cause for cause in sorted(CAUSES) if not wording.word("cause", cause, language)] == []
