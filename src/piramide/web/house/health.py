"""Whether the site can do its work, for what watches it."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

OUT_OF_SERVICE = 503


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the signature of a view
    """Database and store, each `ok` or what is wrong in a word; 503 when one is."""
    parts = {"database": _database(), "store": "ok" if settings.CONFIGURATION.store.is_dir() else "missing"}
    is_well = all(part == "ok" for part in parts.values())
    return JsonResponse({"status": "ok" if is_well else "failing", **parts}, status=200 if is_well else OUT_OF_SERVICE)


def _database() -> str:
    """A file that is gone is no error to SQLite, which begins an empty one: so ask for what every site has."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"
