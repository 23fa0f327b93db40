"""Pages rendered once: what depends only on a run is kept in memory, what depends on the person is added each time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from importlib import metadata
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from piramide.web.results.shelf import plan

VERSION: Final = metadata.version("piramide")
MOST_CHARACTERS: Final = 400_000_000
"""How much text a process keeps: the national pages of two years several times over."""


class Pages:
    """Rendered texts by what they depend on, the least recently asked for dropped first."""

    def __init__(self, most_characters: int) -> None:
        """Keep so many characters at the most."""
        self._most = most_characters
        self._texts: OrderedDict[tuple[str, ...], SafeString] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> SafeString | None:
        """The text, if it is kept."""
        with self._lock:
            if (text := self._texts.get(key)) is not None:
                self._texts.move_to_end(key)
            return text

    def put(self, key: tuple[str, ...], text: SafeString) -> None:
        """Keep a text."""
        with self._lock:
            if key not in self._texts:
                self._texts[key] = text
                self._characters += len(text)
            while self._characters > self._most and len(self._texts) > 1:
                self._characters -= len(self._texts.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._texts.clear()
            self._characters = 0


PAGES: Final = Pages(MOST_CHARACTERS)


def kept(parts: tuple[str, ...], render: Callable[[], str]) -> SafeString:
    """The text that `render` gives, made once per process for these `parts`, language, code and plan in force.

    `parts` must name everything that the text depends on: the run, the structure, the choices of the address. Nothing
    of the person may be in it.
    """
    key = (*parts, get_language() or "", VERSION, plan().hash)
    text = PAGES.get(key)
    if text is None:
        text = SafeString(render())
        PAGES.put(key, text)
    return text
