"""What every page knows: the administration, the menu, the languages, whether all this is invented."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from piramide.web.house.first_step import first_step
from piramide.web.house.navigation import menu
from piramide.web.house.preparing import preparing


def house(request: HttpRequest) -> dict[str, Any]:
    """The frame's own words."""
    configuration = settings.CONFIGURATION
    return {
        "administration": configuration.administration,
        "is_demonstration": configuration.demonstration,
        "feedback_address": configuration.feedback,
        "access": getattr(request, "access", None),
        "menu": SimpleLazyObject(lambda: list(menu(request.access, request.path))),  # type: ignore[attr-defined]
        "first_step": SimpleLazyObject(lambda: first_step(request.access)),  # type: ignore[attr-defined]
        "languages": settings.LANGUAGES,
        "preparing": preparing,
    }
