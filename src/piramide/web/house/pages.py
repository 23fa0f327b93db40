"""Pages rendered once: what depends only on a run is kept in memory, what depends on the person is added each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import metadata

from django.core.cache import caches
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def kept(parts: tuple[str, ...], render: Callable[[], str]) -> SafeString:
    """The text that `render` gives, made once per process for these `parts`, the language and the version of the code.

    `parts` must name everything that the text depends on: the run, the structure, the choices of the address. Nothing
    of the person may be in it.
    """
    name = "\0".join((*parts, get_language() or "", metadata.version("piramide")))
    key = hashlib.sha256(name.encode()).hexdigest()
    pages = caches["pages"]
    text = pages.get(key)
    if text is None:
        text = str(render())
        pages.set(key, text)
    return SafeString(text)
