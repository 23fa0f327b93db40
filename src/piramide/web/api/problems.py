"""Errors as RFC 9457 says them: `application/problem+json`, with a sentence in the language of the request."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError, ValidationError

from piramide.kernel.findings import Refusal
from piramide.web.house.errors import RETRY_AFTER, is_out_of_service

MEDIA: Final = "application/problem+json"
DETAILS: Final[dict[int, str | Promise]] = {
    400: gettext_lazy("La richiesta non si capisce."),
    401: gettext_lazy("Serve una chiave valida: Authorization: Bearer …"),
    403: gettext_lazy("La chiave non permette questa azione su questa struttura."),
    404: gettext_lazy("Qui non c'è nulla."),
    405: gettext_lazy("Questo indirizzo non accetta questo metodo: l'intestazione Allow dice quali."),
    409: gettext_lazy("Lo stato attuale non lo permette."),
    413: gettext_lazy("La richiesta è troppo grande."),
    422: gettext_lazy("Un parametro o un campo non è come deve essere."),
    429: gettext_lazy("Troppe richieste: riprova tra i secondi che dice Retry-After."),
    500: gettext_lazy("Qualcosa non ha funzionato; è stato annotato. Riprova tra qualche minuto."),
    503: gettext_lazy("Il servizio non è disponibile. Riprova tra qualche minuto."),
}
_LOG: Final = logging.getLogger("piramide.web.api")


class Problem(Exception):  # noqa: N818 - it says what happened to the request
    """A request that is answered with an error; `detail` is for people."""

    def __init__(self, status: int, detail: str = "") -> None:
        """Keep both."""
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


def problem(status: int, detail: str = "", **members: Any) -> HttpResponse:
    """An error; `members` are added to those of the standard."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    said = detail or str(DETAILS.get(status, title))
    body = {"type": "about:blank", "title": title, "status": status, "detail": said} | members
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA)
    answer["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="piramide"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = RETRY_AFTER
    return answer


def on_problem(_request: HttpRequest, error: Problem) -> HttpResponse:
    """What a view refused."""
    return problem(error.status, error.detail)


def on_refusal(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What the rooms below refused, finding by finding."""
    detail = " ".join(finding.message() for finding in refusal.told)
    told = [{"code": one.code, "message": one.message()} for one in refusal.told]
    return problem(HTTPStatus.CONFLICT, detail, findings=told)


def on_invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters or a body that are not as the document says; what was sent is not repeated."""
    wrong = [{"field": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Un parametro o un campo non è come deve essere."), errors=wrong)


def on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refused: a body that is no JSON."""
    return problem(error.status_code)


def on_status(status: int) -> Any:
    """A handler that always answers with `status`."""

    def handler(_request: HttpRequest, _error: Exception) -> HttpResponse:
        return problem(status)

    return handler


def on_fault(_request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw: noted with its trace for operators, told without it."""
    _LOG.error("unforeseen", exc_info=error)
    if is_out_of_service(error):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR)
