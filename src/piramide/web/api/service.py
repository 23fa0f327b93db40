"""The service: operations, how errors are said, and where its document is."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from piramide.kernel.findings import Refusal
from piramide.web.api import chain, collecting, endpoints, problems
from piramide.web.api.document import VERSION, document_of
from piramide.web.api.middleware import ROOT

api = NinjaAPI(title="Piramide", version=VERSION, docs_url=None, openapi_url=None, urls_namespace="api-v1")
api.add_router("", endpoints.router)
api.add_router("", chain.router)
api.add_router("", collecting.router)


_HANDLERS: Final[tuple[tuple[type[Exception], Any], ...]] = (
    (Exception, problems.on_fault),
    (problems.Problem, problems.on_problem),
    (Refusal, problems.on_refusal),
    (ValidationError, problems.on_invalid),
    (HttpError, problems.on_http_error),
    (RequestDataTooBig, problems.on_status(413)),
    (Http404, problems.on_status(404)),
    (PermissionDenied, problems.on_status(403)),
)
for _kind, _handler in _HANDLERS:
    api.add_exception_handler(_kind, _handler)


@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document_of(api, ROOT), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponse:
    """An address that is none."""
    return problems.problem(404)


_operations = api.urls[0]
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(one for one in _operations if getattr(one, "name", "") != "api-root"),
    re_path("", nothing),
]
