"""The language of the page, as the rooms below name it."""

from __future__ import annotations

from django.utils.translation import get_language

from piramide.kernel import wording


def spoken() -> str:
    """Two letters: what the reader chose, without the country; the language of the site where nothing is spoken."""
    return (get_language() or wording.DEFAULT_LANGUAGE)[:2]
