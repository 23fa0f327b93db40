"""Looking at the site as everybody will once a run is published: with the rights of nobody, and that run public."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language_from_path

from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action

RUN: Final = "as_everybody"
"""What the session keeps: the run that is looked at."""
ROOM: Final = "/vigilanza/"
"""Where people stay who they are: there they began, and there it ends."""


def begin(request: HttpRequest, run: str) -> None:
    """From the next page on, outside the room of oversight, be nobody who reads `run` as published."""
    request.session[RUN] = run


def end(request: HttpRequest) -> str:
    """Be oneself again; the run that was looked at."""
    return str(request.session.pop(RUN, ""))


def seen_by(request: HttpRequest, person: Access) -> Access:
    """The access that a page is shown with: of the person, or of everybody while they look so.

    Only who may read every result before publication looks so: nobody sees by it what they might not see.
    """
    run = str(request.session.get(RUN, "")) if person.is_signed_in else ""
    if not run or _is_in_the_room(request.path_info) or not person.may_everywhere(Action.READ_RESULTS):
        return person
    return replace(person, user=None, roles=(), as_published=run)


def _is_in_the_room(path: str) -> bool:
    """Whether an address is of oversight, in whatever language."""
    language = get_language_from_path(path)
    return (path.removeprefix(f"/{language}") if language else path).startswith(ROOM)
