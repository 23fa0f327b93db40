"""Lists in pages: `limit` entries after a `cursor`, with the address of the next page in the `Link` header."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import Field

from piramide.web.api.problems import Problem

MOST: Final = 200
USUAL: Final = 50
Item = TypeVar("Item")


class Asked(Schema):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Entries on a page.")] = USUAL
    cursor: Annotated[
        str, Field(max_length=400, pattern="^[A-Za-z0-9_-]*$", description="Where the page begins: `next_cursor`.")
    ] = ""


PageAsked = Query[Asked]


class Page(Schema, Generic[Item]):
    """A page of a list."""

    items: Annotated[list[Item], Field(max_length=MOST)]
    next_cursor: Annotated[
        str | None, Field(max_length=400, description="Where the next page begins, if there is one.")
    ]


def page(
    request: HttpRequest, response: HttpResponse, entries: Sequence[Any], key: Callable[[Any], str], asked: Asked
) -> tuple[Sequence[Any], str | None]:
    """The entries after the one that the cursor names, and the next cursor. 400 for a cursor that names none."""
    start = 0
    if asked.cursor:
        name = _name_of(asked.cursor)
        start = next((place for place, entry in enumerate(entries, 1) if key(entry) == name), 0)
        if not start:
            raise Problem(400, _("Il cursore non vale per questo elenco: ricomincia dalla prima pagina."))
    found = entries[start : start + asked.limit]
    following = _cursor(key(found[-1])) if found and start + len(found) < len(entries) else None
    links = [_link(request, asked, "", "first")]
    if following:
        links.append(_link(request, asked, following, "next"))
    response["Link"] = ", ".join(links)
    return found, following


def _link(request: HttpRequest, asked: Asked, cursor: str, relation: str) -> str:
    kept = request.GET.copy()
    kept["limit"] = str(asked.limit)
    kept.pop("cursor", None)
    if cursor:
        kept["cursor"] = cursor
    return f'<{settings.CONFIGURATION.origin}{request.path}?{kept.urlencode()}>; rel="{relation}"'


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _name_of(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
