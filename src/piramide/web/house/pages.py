"""Pages rendered once: what depends only on a run is kept, what depends on the person is added each time.

They are kept in the memory of the process and, so that another process and the next one need not render them again, in
files that all processes of a machine share (`shared_pages.py`).
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from piramide.web.house import shared_pages
from piramide.web.plans_in_force import in_force_told

ENTRY: Final = 250
"""Bytes that the place of something kept takes besides: the digest of its key, two objects, a link of the order."""
MOST_BYTES: Final = 32_000_000
"""How much of pages a process keeps: the 800 of a period of a nation, and as many again of others that are asked for
more. What it drops is in the shared files, and read from there in a hundredth of the time of making it."""
MOST_OF_TEXTS: Final = 8_000_000
MOST_OF_FRAMES: Final = 8_000_000


class Kept:
    """Files and texts (in UTF-8) by what they depend on, the least recently asked for dropped first.

    Bounded in bytes of memory, not in characters: a text of Python takes two bytes for each as soon as it holds one
    dash or one sign of the euro, and a short text takes less than its key.
    """

    def __init__(self, most: int) -> None:
        """Keep so many bytes at the most, places included; one thing alone may be larger."""
        self._most = most
        self._items: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> bytes | None:
        """What is kept under a key, if it is."""
        short = _short(key)
        with self._lock:
            if (item := self._items.get(short)) is not None:
                self._items.move_to_end(short)
            return item

    def put(self, key: tuple[str, ...], item: bytes) -> None:
        """Keep something."""
        short = _short(key)
        with self._lock:
            if short not in self._items:
                self._items[short] = item
                self._size += len(item) + ENTRY
            while self._size > self._most and len(self._items) > 1:
                self._size -= len(self._items.popitem(last=False)[1]) + ENTRY

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()
            self._size = 0


def _short(key: tuple[str, ...]) -> bytes:
    return hashlib.blake2b("\0".join(key).encode(errors="surrogatepass"), digest_size=16).digest()


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


PAGES: Final = Kept(MOST_BYTES)
TEXTS: Final = Kept(MOST_OF_TEXTS)
"""Labels and the like: never taken for fragments of a page."""
FRAMES: Final = Kept(MOST_OF_FRAMES)
"""Kept apart: anybody can ask for addresses without end, and none of them may push a page out."""


_LOOKED_FOR: Final = ContextVar("looked for", default=False)


def kept(page: PageKey, render: Callable[[], SafeString], pages: Kept = PAGES) -> SafeString:
    """The fragment of a page that `render` gives, made once for this key, language, code and plans in force.

    Only what a template rendered is a fragment; a plain text, which must still be escaped, is for `kept_text`. Nothing
    of the person may be in what `PAGES` keeps: it is shared with the other processes, unless it is short.
    """
    key = ("fragment", *page.whole())
    found = pages.get(key)
    if found is not None:
        return SafeString(found.decode(errors="surrogatepass"))
    checked = _only_fragments(render)
    if _LOOKED_FOR.get() and (pages is not PAGES or not shared_pages.is_there(key)):
        raise NotKeptError
    text = shared_pages.made(key, checked) if pages is PAGES else checked()
    pages.put(key, text.encode(errors="surrogatepass"))
    return SafeString(text)


class NotKeptError(Exception):
    """A fragment that was only looked for is not there."""


def is_kept(make: Callable[[], SafeString]) -> bool:
    """Whether the fragment that `make` asks for is kept, by this process or by another; it is not made."""
    token = _LOOKED_FOR.set(True)
    try:
        make()
    except NotKeptError:
        return False
    finally:
        _LOOKED_FOR.reset(token)
    return True


def kept_text(page: PageKey, find: Callable[[], str]) -> str:
    """The plain text that `find` gives, found once as `kept` does; whoever shows it escapes it."""
    key = ("text", *page.whole())
    found = TEXTS.get(key)
    if found is not None:
        return found.decode(errors="surrogatepass")
    text = "".join(find())
    TEXTS.put(key, text.encode(errors="surrogatepass"))
    return text


def _only_fragments(render: Callable[[], SafeString]) -> Callable[[], SafeString]:
    def checked() -> SafeString:
        rendered = render()
        if not isinstance(rendered, SafeString):
            raise TypeError(f"a fragment comes from a template, not from a plain text: {str(rendered)[:40]!r}")
        return rendered

    return checked
