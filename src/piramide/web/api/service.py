"""The service: operations, how errors are said, and where its document is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from piramide.kernel.findings import Refusal
from piramide.web.api import collecting, endpoints, problems
from piramide.web.api.document import VERSION, document_of
from piramide.web.api.middleware import ROOT

api = NinjaAPI(title="Piramide", version=VERSION, docs_url=None, openapi_url=None, urls_namespace="api-v1")
api.add_router("", endpoints.router)
api.add_router("", collecting.router)


def _on_http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library refused: a body that is no JSON."""
    return problems.problem(error.status_code)


api.add_exception_handler(Exception, problems.on_fault)
api.add_exception_handler(problems.Problem, problems.on_problem)
api.add_exception_handler(Refusal, problems.on_refusal)
api.add_exception_handler(ValidationError, problems.on_invalid)
api.add_exception_handler(HttpError, _on_http_error)
api.add_exception_handler(RequestDataTooBig, problems.on_status(413))
api.add_exception_handler(Http404, problems.on_status(404))
api.add_exception_handler(PermissionDenied, problems.on_status(403))


@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document_of(api, ROOT), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponse:
    """An address that is none."""
    return problems.problem(404)


_operations, _app, _namespace = api.urls
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(one for one in _operations if one.name != "api-root"),
    re_path("", nothing),
]
