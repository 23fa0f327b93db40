"""What happens to every request: the language of the rooms below, what the person may do, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from piramide.kernel import wording
from piramide.kernel.findings import Refusal
from piramide.web.accounts.access import Access, access_of
from piramide.web.accounts.as_everybody import seen_by
from piramide.web.fields.language import spoken
from piramide.web.plans_in_force import organisation_on

_NUL: Final = "\0"
Answer = Callable[[HttpRequest], HttpResponse]


class BrowserMiddleware:
    """What browsers need not do for any page of the site: cameras, places, payments, and lending it to other sites."""

    HEADERS: Final = {
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        answer = self._answer(request)
        for name, value in self.HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer


class AddressMiddleware:
    """An address or a cookie with a NUL character is refused (400): nothing has such a name, and databases refuse it.

    What forms hold is refused at the field, by the field.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        texts = (request.path_info, unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values())
        if any(_NUL in text for text in texts):
            raise BadRequest
        return self._answer(request)


class LanguageMiddleware:
    """The rooms below speak the language of the page."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        with wording.speaking(spoken()):
            return self._answer(request)


class AccessMiddleware:
    """`request.access` is what the person may do today; asked of the database only when something needs it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        request.access = SimpleLazyObject(lambda: _access(request))  # type: ignore[attr-defined]
        return self._answer(request)


def _access(request: HttpRequest) -> Access:
    today = timezone.localdate()
    user = request.user if request.user.is_authenticated else None
    return seen_by(request, access_of(user, today, organisation_on(today)))


class RefusalMiddleware:
    """A refusal of the rooms below is a page that says what, where and what to do: never a trace."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self._answer(request)

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Word a refusal; leave everything else to Django."""
        if not isinstance(exception, Refusal):
            return None
        return render(request, "house/refused.html", {"findings": exception.told}, status=409)
