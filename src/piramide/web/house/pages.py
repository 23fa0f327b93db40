"""Pages rendered once: what depends only on a run is kept, what depends on the person is added each time.

They are kept in the memory of the process and, so that another process and the next one need not render them again, in
files that all processes of a machine share (`shared_pages.py`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from piramide.web.house import shared_pages
from piramide.web.results.plans_in_force import in_force_told

Made = TypeVar("Made", bound=Sized)
MOST_CHARACTERS: Final = 400_000_000
"""How much text a process keeps: the national pages of two years several times over."""


class Kept(Generic[Made]):
    """Texts or files by what they depend on, the least recently asked for dropped first."""

    def __init__(self, most: int) -> None:
        """Keep so many characters, or bytes, at the most."""
        self._most = most
        self._items: OrderedDict[tuple[str, ...], Made] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Made | None:
        """What is kept under a key, if it is."""
        with self._lock:
            if (item := self._items.get(key)) is not None:
                self._items.move_to_end(key)
            return item

    def put(self, key: tuple[str, ...], item: Made) -> None:
        """Keep something."""
        with self._lock:
            if key not in self._items:
                self._items[key] = item
                self._size += len(item)
            while self._size > self._most and len(self._items) > 1:
                self._size -= len(self._items.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()
            self._size = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKey:
    """What a text that everybody may be shown depends on. Each field must be said, with nothing where it plays no part.

    `page` names the text; `run` is the run it tells of; `published` which runs stand beside it and which of them are
    published; `rights` what the reader may do or see that others may not; `choices` the choices of the address and
    whatever else it is made from, each as a text. The language of the page and the plans in force are always added.
    """

    page: str
    run: str
    published: str
    rights: str
    choices: tuple[str, ...]

    def whole(self) -> tuple[str, ...]:
        """All of it as texts that can be told apart, with what every text depends on."""
        fields = (self.page, self.run, self.published, self.rights, *self.choices)
        return (*(f"{len(field)}:{field}" for field in fields), get_language() or "", in_force_told())


PAGES: Final[Kept[SafeString]] = Kept(MOST_CHARACTERS)
TEXTS: Final[Kept[str]] = Kept(MOST_CHARACTERS // 20)
"""Labels and the like: never taken for fragments of a page."""
FRAMES: Final[Kept[SafeString]] = Kept(MOST_CHARACTERS // 20)
"""Kept apart: anybody can ask for addresses without end, and none of them may push a page out."""


def kept(page: PageKey, render: Callable[[], SafeString], pages: Kept[SafeString] = PAGES) -> SafeString:
    """The fragment of a page that `render` gives, made once for this key, language, code and plans in force.

    Only what a template rendered is a fragment; a plain text, which must still be escaped, is for `kept_text`. Nothing
    of the person may be in what `PAGES` keeps: it is shared with the other processes, unless it is short.
    """
    key = ("fragment", *page.whole())
    text = pages.get(key)
    if text is None:
        text = SafeString(
            shared_pages.made(key, _only_fragments(render)) if pages is PAGES else _only_fragments(render)()
        )
        pages.put(key, text)
    return text


def kept_text(page: PageKey, find: Callable[[], str]) -> str:
    """The plain text that `find` gives, found once as `kept` does; whoever shows it escapes it."""
    key = ("text", *page.whole())
    text = TEXTS.get(key)
    if text is None:
        text = "".join(find())
        TEXTS.put(key, text)
    return text


def _only_fragments(render: Callable[[], SafeString]) -> Callable[[], SafeString]:
    def checked() -> SafeString:
        rendered = render()
        if not isinstance(rendered, SafeString):
            raise TypeError(f"a fragment comes from a template, not from a plain text: {str(rendered)[:40]!r}")
        return rendered

    return checked
