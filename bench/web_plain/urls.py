"""One page: the rows of a structure with their history summed."""

from __future__ import annotations

from bench.web_plain.models import Result
from django.db.models import Avg, F, Sum
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = engines["django"].from_string("""<!doctype html><html lang="it"><head><title>{{ structure }}</title></head><body>
<h1>{{ structure }}: {{ total.index|floatformat:1 }}</h1><table>{% for row in rows %}<tr><th>{{ row.label }}</th>
<td>{{ row.share|floatformat:2 }}</td><td>{{ row.points|floatformat:1 }}</td><td>{{ row.mean|floatformat:1 }}</td></tr>
{% endfor %}</table></body></html>""")


def sheet(request: HttpRequest, structure: str) -> HttpResponse:
    """The sheet of a structure."""
    rows = (
        Result.objects.filter(structure=structure)
        .values("node", "label")
        .annotate(share=Avg("weight"), points=Sum(F("index") * F("weight")), mean=Avg("index"))
    )
    total = Result.objects.filter(structure=structure).aggregate(index=Avg("index"))
    return HttpResponse(PAGE.render({"structure": structure, "rows": rows, "total": total}, request))


urlpatterns = [path("strutture/<str:structure>/", sheet)]
