"""What a line of the checklist is, and what a person answers to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from piramide.web.results.models import RunRecord


class Kind(StrEnum):
    """`blocks`: nobody passes over it; `asks`: passed over with a written reason; `tells`: to be read, no more."""

    BLOCKS = "blocks"
    ASKS = "asks"
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a line found: `key` names it in every language, `address` leads to it where there is a page."""

    key: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `about` says what it looks at, `clear` what it means that it found nothing."""

    id: str
    title: str | Promise
    about: str | Promise
    clear: str | Promise
    kind: Kind
    look: Callable[[RunRecord], tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A line with what it found in a run."""

    line: Line
    items: tuple[Item, ...]

    @property
    def asks(self) -> bool:
        """Whether it wants a written reason."""
        return self.line.kind is Kind.ASKS and bool(self.items)

    @property
    def blocks(self) -> bool:
        """Whether nothing goes on before it is mended."""
        return self.line.kind is Kind.BLOCKS and bool(self.items)

    @property
    def state(self) -> str:
        """`clear`, `asks`, `blocks` or `tells`."""
        if self.line.kind is Kind.TELLS:
            return "tells"
        return str(self.line.kind) if self.items else "clear"
