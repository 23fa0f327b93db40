"""What every request of a program passes: its key, its language, its limit; every error leaves as a problem."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from piramide.kernel import wording
from piramide.web.api import limits
from piramide.web.api.keys import access_with, key_of
from piramide.web.api.models import Key
from piramide.web.api.problems import MEDIA, on_fault, problem

ROOT: Final = "/api/v1/"
SHARED: Final = "public, max-age=60"
OWN: Final = "private, no-cache"
EXPOSED: Final = "ETag, Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After"
_LANGUAGES: Final = ("it", "en")
Answer = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    """Stands around the interface for programs and leaves pages alone.

    Cookies count for nothing here, so that no page elsewhere can act with a person's session: who reads what is not
    published, or writes, shows a key.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not request.path_info.startswith(ROOT):
            return self._answer(request)
        language = _language(request)
        with override(language), wording.speaking(language):
            try:
                answer = self._served(request)
            except Exception as error:  # noqa: BLE001 - a database that is gone must not answer with a page
                answer = on_fault(request, error)
        answer["Content-Language"] = language
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = EXPOSED
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer

    def _served(self, request: HttpRequest) -> HttpResponse:
        shown = request.headers.get("Authorization", "")
        key = key_of(shown[len("Bearer ") :].strip()) if shown[: len("Bearer ")].lower() == "bearer " else None
        standing = limits.count(request, key.pk if key else None)
        if standing.is_over:
            answer = problem(HTTPStatus.TOO_MANY_REQUESTS)
        elif shown and key is None:
            answer = problem(HTTPStatus.UNAUTHORIZED)
            answer["WWW-Authenticate"] = 'Bearer realm="piramide", error="invalid_token"'
        else:
            answer = self._allowed(request, key)
        standing.tell(answer)
        return answer

    def _allowed(self, request: HttpRequest, key: Key | None) -> HttpResponse:
        request.access = access_with(key)  # type: ignore[attr-defined]
        request.key = key  # type: ignore[attr-defined]
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        answer = self._answer(request)
        request.method = method
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _methods(answer, is_asked=method == "OPTIONS")
        if answer.status_code >= HTTPStatus.BAD_REQUEST and not answer["Content-Type"].startswith(MEDIA):
            return problem(answer.status_code)
        if method in {"GET", "HEAD"} and answer.status_code == HTTPStatus.OK:
            set_response_etag(answer)
            answer.headers.setdefault("Cache-Control", SHARED if key is None else OWN)
        if method == "HEAD":
            answer["Content-Length"] = str(len(answer.content))
            answer.content = b""
        return answer


def _methods(refused: HttpResponse, *, is_asked: bool) -> HttpResponse:
    """What an address accepts: the answer to OPTIONS, or the error of another method."""
    known = {name.strip() for name in refused.get("Allow", "").split(",") if name.strip()}
    allowed = ", ".join(sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())))
    answer = HttpResponse(status=HTTPStatus.NO_CONTENT) if is_asked else problem(HTTPStatus.METHOD_NOT_ALLOWED)
    answer["Allow"] = allowed
    if is_asked:
        del answer["Content-Type"]
        answer["Access-Control-Allow-Methods"] = allowed
        answer["Access-Control-Allow-Headers"] = "Authorization, Accept-Language, Content-Type, If-None-Match"
        answer["Access-Control-Max-Age"] = "86400"
    return answer


def _language(request: HttpRequest) -> str:
    """The first language of the request that the site speaks."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    return next((name[:2] for name, _weight in asked if name[:2] in _LANGUAGES), _LANGUAGES[0])
