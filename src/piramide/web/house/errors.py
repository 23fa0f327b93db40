"""Pages for what went wrong: each says what happened and what to do."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RETRY_AFTER = "60"
"""Seconds after which it is worth asking again."""


def is_out_of_service(error: BaseException | None) -> bool:
    """Whether the database cannot be reached, or is held by somebody else for too long."""
    return isinstance(error, OperationalError | InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: without database, session or person, since the request may have been refused before they were known."""
    return render(None, "house/bad_request.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500, or 503 where the database is what failed: without database and session, and without a word of the error."""
    if is_out_of_service(sys.exception()):
        answer = render(None, "house/out_of_service.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = RETRY_AFTER
        return answer
    return render(None, "house/server_error.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many requests from one address in a short time."""
    return _page(request, HTTPStatus.TOO_MANY_REQUESTS)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that is too old or comes from elsewhere."""
    return render(request, "house/csrf.html", status=HTTPStatus.FORBIDDEN)


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, f"house/{status.value}.html", status=status)
