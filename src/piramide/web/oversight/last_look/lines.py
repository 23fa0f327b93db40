"""The lines of the checklist, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from piramide.web.oversight.last_look.alarms_heard import ALARMS
from piramide.web.oversight.last_look.contests import CONTESTS
from piramide.web.oversight.last_look.late import LATE
from piramide.web.oversight.last_look.line import Line
from piramide.web.oversight.last_look.moves_since import MOVES
from piramide.web.oversight.last_look.parents import CAP, PARENTS
from piramide.web.oversight.last_look.plan import PLAN
from piramide.web.oversight.last_look.preview import PREVIEW
from piramide.web.oversight.last_look.verified import VERIFIED

LINES: Final[Mapping[str, Line]] = {
    line.id: line for line in (VERIFIED, CONTESTS, PARENTS, CAP, PLAN, LATE, ALARMS, MOVES, PREVIEW)
}


def title_of(line: str) -> str:
    """The name of a line in the language of the page; its id for one that is not asked any more."""
    return str(LINES[line].title) if line in LINES else line
