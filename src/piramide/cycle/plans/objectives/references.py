"""Act and place as a sheet prints them: `Obiettivi 2024 - Pag. 27`."""

from __future__ import annotations

import re
from typing import Final

from piramide.kernel import wording
from piramide.methodology.model import Act, Citation, Pack

_PAGE: Final = re.compile(r"(?:,\s*|(?<=\s)|^)p\. (?=\d)")


def reference(cited: Citation, pack: Pack) -> str:
    """The act and the place in it; the acts that a place names in turn are set apart by a dash like the first."""
    act = pack.acts.get(cited.act)
    label = act.label if act else cited.act
    place = cited.place
    for other in pack.acts.values():
        place = place.replace(f"; {other.label}, ", f"; {other.label} - ")
    page = wording.word("print", "page", pack.language)
    place = _PAGE.sub(lambda found: f"{' ' if found.start() else ''}{page} ", place).replace("  ", " ")
    return " - ".join(part for part in (label, place) if part)


def stated(act: Act, language: str) -> str:
    """An act in full, as sheets state it below their table: label, kind, number, day."""
    text = act.kind or act.label
    if act.number:
        text = f"{text} N. {act.number}"
    if act.day:
        month = wording.word("period", "months", language).split()[act.day.month - 1]
        text = wording.word("print", "of_day", language).format(
            text=text, day=act.day.day, month=month, year=act.day.year
        )
    return f"{act.label}: {text}" if act.kind else text
