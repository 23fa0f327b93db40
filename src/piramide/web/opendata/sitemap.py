"""What search engines read first: which pages there are, and which are not for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from piramide.web.opendata.datasets import DATASETS, published
from piramide.web.opendata.files import FOR_NOW, answer_with_text
from piramide.web.plans_in_force import plan
from piramide.web.results.registry import opened_runs

_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_PRIVATE: Final = ("/accesso/", "/account/", "/lavori/", "/api/", "/i18n/")
Page = tuple[str, tuple[str, ...], str]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Everything public may be found, but no invented data."""
    closed = ("/",) if settings.CONFIGURATION.demonstration else _PRIVATE
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {settings.CONFIGURATION.origin}/sitemap.xml")
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = FOR_NOW
    return answer


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public page in every language, with the day of its last figures."""
    ET.register_namespace("", _SITEMAP)
    ET.register_namespace("xhtml", _XHTML)
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for page in _pages():
        for language, _name in settings.LANGUAGES:
            _entry(root, page, language)
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")
    return answer_with_text(request, text, "application/xml; charset=utf-8")


def _entry(root: ET.Element, page: Page, language: str) -> None:
    entry = ET.SubElement(root, f"{{{_SITEMAP}}}url")
    ET.SubElement(entry, f"{{{_SITEMAP}}}loc").text = _address(page, language)
    if page[2]:
        ET.SubElement(entry, f"{{{_SITEMAP}}}lastmod").text = page[2]
    for other, _name in settings.LANGUAGES:
        said = {"rel": "alternate", "hreflang": other, "href": _address(page, other)}
        ET.SubElement(entry, f"{{{_XHTML}}}link", said)


def _address(page: Page, language: str) -> str:
    with override(language):
        return f"{settings.CONFIGURATION.origin}{reverse(page[0], args=page[1])}"


def _pages() -> Iterator[Page]:
    records = published()
    newest = records[0] if records else None
    moments = [record.published_at for record in records if record.published_at]
    day = timezone.localtime(max(moments)).date().isoformat() if moments else ""
    for name in ("house:home", "structures:index", "strategy:index", "opendata:index"):
        yield name, (), day
    for name in ("opendata:quality", "opendata:recompute", "api:docs"):
        yield name, (), ""
    for dataset in DATASETS:
        yield "opendata:dataset", (dataset,), ""
    for line in plan().chain.lines:
        yield "strategy:line", (plan().id, line), day
    for record in records:
        yield "opendata:run", (record.run,), ""
    if newest is not None:
        for structure, node in opened_runs().figures(newest.run).rows:
            if not node:
                yield "structures:sheet", (structure,), day
