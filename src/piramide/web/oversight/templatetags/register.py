"""Values of the register as a page prints them."""

from __future__ import annotations

import json
from typing import Any

from django import template

from piramide.web.oversight.register.verbs import in_words

register = template.Library()


@register.filter
def verb(name: str) -> str:
    """The label of a verb."""
    return in_words(name)


@register.filter
def plain(value: Any) -> str:
    """A JSON value for reading: pairs one a line, the rest as it is."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_short(part)}" for name, part in value.items() if part is not None)
    return _short(value)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.filter
def name_only(who: str) -> str:
    """The name of who stands as `Name <e-mail>`."""
    return who.partition(" <")[0]
