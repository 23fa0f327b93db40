"""The chain of a plan, one of its lines, its chapters, and the way from a code to its line."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.kernel.naming import nearest
from piramide.methodology.chain import ChainLine
from piramide.methodology.model import Pack
from piramide.web.house.pages import kept
from piramide.web.plans.versions import plans_with_chain
from piramide.web.strategy.line_page import line_page
from piramide.web.strategy.lines import levels_of, line_shown, loose_of, search_lines
from piramide.web.strategy.money import money_page
from piramide.web.strategy.pictures import picture_of_levels
from piramide.web.strategy.shown import ShownChain, shown_chain

LONGEST_SEARCH = 60
MOST_FOUND = 60
"""Lines that a search shows."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The chain of the plan behind the run that is shown."""
    return _chain(request, shown_chain(request))


@require_safe
def whole(request: HttpRequest, plan: str) -> HttpResponse:
    """The chain of a plan."""
    return _chain(request, shown_chain(request, plan))


def _chain(request: HttpRequest, shown: ShownChain) -> HttpResponse:
    """The page of a chain, or the line that was looked for."""
    text = request.GET.get("cerca", "").strip()[:LONGEST_SEARCH]
    if text and (page := _called(shown, text)):
        return redirect(page)
    lines = shown.pack.chain.lines
    found = tuple(search_lines(shown, text.casefold().split())) if text else ()
    near = [lines[code] for code in nearest(text, lines)] if text and not found else []
    context = {
        "shown": shown,
        "plans": plans_with_chain(),
        "text": text,
        "count": len(found),
        "found": [line_shown(shown, line) for line in found[:MOST_FOUND]],
        "near": [line_shown(shown, line) for line in near],
        "body": kept(shown.key("index"), lambda: _body(shown)),
    }
    return render(request, "strategy/index.html", context)


def _called(shown: ShownChain, code: str) -> str:
    """The page of the line with this code, in this plan before others; empty where there is none."""
    if found := _line_called(shown.pack, code):
        return shown.address(found.id)
    for pack in plans_with_chain():
        if found := _line_called(pack, code):
            return ShownChain(pack, None, "", has_projects=False).address(found.id)
    return ""


def _line_called(pack: Pack, code: str) -> ChainLine | None:
    """The line with a code, however its letters are written."""
    folded = {name.casefold(): name for name in (*pack.chain.aliases, *pack.chain.lines)}
    return pack.chain.line(folded.get(code.casefold(), ""))


def _body(shown: ShownChain) -> SafeString:
    levels = levels_of(shown)
    context = {
        "shown": shown,
        "levels": levels,
        "first": next((level for level in levels if level.carried), next((one for one in levels if one.listed), None)),
        "loose": loose_of(shown),
        "loose_count": len(shown.chain.carrying.loose),
        "picture": picture_of_levels(shown),
    }
    return render_to_string("strategy/index_body.html", context)


@require_safe
def line(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """One line: where it stands, what carries it, and how each stands."""
    shown = shown_chain(request, plan)
    found = shown.pack.chain.line(code)
    if found is None:
        raise Http404(code)
    body = kept(shown.key("line", found.id), lambda: _line_body(shown, found))
    return render(request, "strategy/line.html", {"shown": shown, "line": found, "body": body})


def _line_body(shown: ShownChain, found: ChainLine) -> SafeString:
    return render_to_string("strategy/line_body.html", {"shown": shown, "page": line_page(shown, found)})


@require_safe
def chapters(request: HttpRequest, plan: str) -> HttpResponse:
    """The chapters of spending, and what their money is for."""
    shown = shown_chain(request, plan)
    if not shown.pack.chain.chapters:
        raise Http404(plan)
    body = kept(shown.key("chapters"), lambda: _chapters_body(shown))
    return render(request, "strategy/chapters.html", {"shown": shown, "body": body})


def _chapters_body(shown: ShownChain) -> SafeString:
    return render_to_string("strategy/chapters_body.html", {"shown": shown, "page": money_page(shown)})
