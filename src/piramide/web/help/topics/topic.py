"""What a help page says."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Topic:
    """The help of one kind of page.

    `pages` are the names of the pages it is for: whole names, or the beginning of several (`plans:` for all of a room).
    `question` is what the page answers; `meanings` say what stands on it, `steps` what one can do, `words` which words
    of the glossary help.
    """

    name: str
    pages: tuple[str, ...]
    title: Text
    question: Text
    meanings: tuple[tuple[Text, Text], ...] = ()
    steps: tuple[Text, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address of the page, if it needs no choice."""
        for page in self.pages:
            try:
                return reverse(page if not page.endswith(":") else f"{page}index")
            except NoReverseMatch:
                continue
        return ""
