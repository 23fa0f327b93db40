"""What a number or a statement of a pack rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """The act and the place in it that a number rests on (place: page, slide, paragraph)."""

    act: str
    place: str = ""
