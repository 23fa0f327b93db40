"""A way to the help of the page from its frame, and words that say what they mean."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from piramide.web.help.glossary import WORDS
from piramide.web.help.topics import topic_of

register = template.Library()


@register.simple_tag(takes_context=True)
def help_address(context: dict[str, Any]) -> str:
    """The address of the help of the page that is shown; the list of help pages where there is none."""
    match = getattr(context.get("request"), "resolver_match", None)
    found = topic_of(match.view_name if match else "")
    return reverse("help:topic", args=[found.name]) if found else reverse("help:index")


@register.simple_tag
def word(name: str, text: str = "") -> SafeString:
    """A word of the glossary: it leads there, and tells its meaning to who points at it, focuses it or listens."""
    known = WORDS[name]
    return format_html(
        '<span class="word"><a href="{}#{}" aria-describedby="word-{}">{}</a>'
        '<span class="word-meaning" role="tooltip" id="word-{}">{}</span></span>',
        reverse("help:glossary"), name, name, text or known.label, name, known.meaning,
    )  # fmt: skip
