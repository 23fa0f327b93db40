"""Pages about the interface for programs: its operations, and a person's own keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from piramide.web.accounts.guards import access, user_of
from piramide.web.accounts.roles import Action
from piramide.web.api.document import document_of
from piramide.web.api.forms import KeyForm
from piramide.web.api.keys import MOST_KEYS, make_key, revoke_key
from piramide.web.api.limits import FOR_EVERYBODY, WITH_A_KEY
from piramide.web.api.middleware import ROOT
from piramide.web.api.models import Key
from piramide.web.api.service import api
from piramide.web.api.summaries import GROUPS, SUMMARIES


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, without a script: who wants to try them has the OpenAPI document."""
    operations: dict[str, list[dict[str, Any]]] = {tag: [] for tag in GROUPS}
    for path, methods in document_of(api, ROOT)["paths"].items():
        for method, operation in methods.items():
            operations[operation["tags"][0]].append({
                "method": method.upper(),
                "path": path,
                "summary": SUMMARIES[operation["operationId"]],
                "takes_key": bool(operation["security"]),
                "needs_key": operation["security"] == [{"key": []}],
                "query": [one["name"] for one in operation["parameters"] if one["in"] == "query"],
            })  # fmt: skip
    context = {
        "groups": [(label, operations[tag]) for tag, label in GROUPS.items()],
        "root": f"{settings.CONFIGURATION.origin}{ROOT}",
        "for_everybody": FOR_EVERYBODY,
        "with_a_key": WITH_A_KEY,
    }
    return render(request, "api/docs.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """My keys; a new one is shown in the answer that makes it and never again."""
    user = user_of(request)
    form = KeyForm(access(request), request.POST or None)
    made = text = None
    if request.method == "POST" and form.is_valid():
        if sum(key.is_live for key in Key.objects.filter(user=user)) >= MOST_KEYS:
            form.add_error(None, _("Hai già troppe chiavi: revocane una."))
        else:
            made, text = make_key(user, form.wish())
            form = KeyForm(access(request))
    tree = access(request).organisation
    rows = [
        {
            "key": key,
            "actions": [Action(name).label for name in key.actions],
            "structure": tree[key.structure].label if key.structure in tree else key.structure,
        }
        for key in Key.objects.filter(user=user).select_related("user")
    ]
    context = {"form": form, "rows": rows, "made": made, "text": text, "root": f"{settings.CONFIGURATION.origin}{ROOT}"}
    return render(request, "api/keys.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end a key of mine."""
    user = user_of(request)
    key = Key.objects.select_related("user").filter(pk=pk, user=user).first()
    if key is None or key.revoked_at is not None:
        raise Http404
    if request.method == "POST":
        revoke_key(user, key)
        messages.success(request, _("La chiave non apre più nulla."))
        return redirect("api:keys")
    return render(request, "api/revoke.html", {"key": key})
