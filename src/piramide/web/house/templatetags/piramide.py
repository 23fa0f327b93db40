"""Figures, statuses and small pictures as every page prints them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from piramide.cycle.runs.standing import Series, Standing
from piramide.kernel import note
from piramide.kernel.figure import Printable, exactly, preview
from piramide.kernel.numbers import format_number
from piramide.kernel.periods import parse_period
from piramide.kernel.rounding import side_of
from piramide.kernel.statuses import Status
from piramide.reports import figures
from piramide.reports.labels import Labels, labels
from piramide.reports.status import SIGNS
from piramide.web.accounts.access import Access
from piramide.web.fields.language import spoken
from piramide.web.house.pages import FRAMES, PageKey, kept

register = template.Library()
NOTHING = "–"


def _say() -> Labels:
    return labels(spoken())


@register.filter
def index(figure: Printable | None) -> str:
    """An index on 100, one decimal."""
    return NOTHING if figure is None else figures.index(figure, _say())


@register.simple_tag
def stands(standing: Standing) -> SafeString:
    """An index; in brackets with its limits where it is partial; in words where there is none."""
    if standing.index is not None:
        return format_html("{}", index(standing.index))
    if standing.partial is None:
        return format_html('<span class="muted">{}</span>', _say()("sheet", "absent"))
    partial, low, high = index(standing.partial), index(standing.low), index(standing.high)
    if standing.low is not None and standing.high is not None:
        partial, low, high = figures.banded(standing.partial, standing.low, standing.high, _say())
    limits = _("tra %(low)s e %(high)s") % {"low": low, "high": high}
    return format_html('({}) <span class="band">{}</span>', partial, limits)


@register.filter(name="preview")
def as_preview(figure: Printable | float | None) -> Printable | None:
    """A number that no table of results keeps exactly: of a simulation, of facts, of chance."""
    return preview(figure) if isinstance(figure, float) else figure


@register.filter
def points(figure: Printable | None) -> str:
    """Points of an index, signed."""
    return NOTHING if figure is None else figures.points(figure, _say())


@register.filter
def points_moved(figure: Printable | None) -> str:
    """Points by which an index moves, signed; a move that is not nothing never reads so."""
    return NOTHING if figure is None else figures.moved(figure, _say())


@register.filter
def change(figure: Printable | None) -> str:
    """A change of an index in points, signed, with the one decimal of the index."""
    return NOTHING if figure is None else figures.change(figure, _say())


@register.simple_tag
def moved(figure: Printable | None) -> SafeString:
    """A change of an index with its direction in shape and word."""
    if figure is None:
        return format_html('<span class="muted">{}</span>', NOTHING)
    shape = ("down", "level", "up")[1 + side_of(exactly(figure), 0)]
    word = {"up": _("in aumento"), "down": _("in calo"), "level": _("invariato")}[shape]
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span> {}</span>',
        shape, SIGNS[shape], word, change(figure),
    )  # fmt: skip


@register.filter
def gap(figure: Printable | None) -> str:
    """A gap as a signed percentage."""
    return NOTHING if figure is None else figures.gap(figure, _say())


@register.filter
def side(figure: Printable | None) -> str:
    """The side of 100 that an index is on: the shape of its mark."""
    if figure is None:
        return Status.MISSING
    return ("down", "level", "up")[1 + side_of(exactly(figure), 100)]


@register.filter
def worded(text: str) -> str:
    """A kept note in the language of the reader; what people wrote as they wrote it."""
    return note.worded(text, _say().language)


@register.filter
def from_hundred(figure: Printable | None) -> Fraction | None:
    """The gap that an index on 100 stands for."""
    return None if figure is None else exactly(figure) / 100 - 1


@register.filter
def share(figure: Printable | None) -> str:
    """A weight or a coverage as a percentage."""
    return NOTHING if figure is None else figures.weight(figure, _say())


@register.filter
def number(figure: Printable | None, decimals: int = 2) -> str:
    """A number with its separators."""
    return NOTHING if figure is None else figures.number(figure, decimals, _say())


@register.filter
def day(value: date | None) -> str:
    """A day as documents print it."""
    return NOTHING if value is None else value.strftime(_say()("style", "date"))


@register.filter
def period(text: str) -> str:
    """A period in words."""
    return parse_period(text).label(spoken())


@register.filter
def euros(cents_or_euros: Printable | None) -> str:
    """An amount in euros in a few digits: thousands, millions or billions in words."""
    if cents_or_euros is None:
        return NOTHING
    amount = exactly(cents_or_euros)
    for size, unit in ((10**9, _("mld €")), (10**6, _("mln €"))):
        if abs(amount) >= size:
            return f"{format_number(amount / size, 1, _say().language)} {unit}"
    return f"{format_number(amount, 0, _say().language)} €"


@register.simple_tag
def icon(name: str, label: str = "", size: str = "sm") -> SafeString:
    """An icon of the kit; without a label it is decoration and is not read out."""
    address = f"{static('bootstrap-italia/svg/sprites.svg')}#it-{name}"
    if label:
        return format_html(
            '<svg class="icon icon-{}" role="img" aria-label="{}"><use href="{}"></use></svg>', size, label, address
        )
    return format_html('<svg class="icon icon-{}" aria-hidden="true"><use href="{}"></use></svg>', size, address)


@register.simple_tag
def mark(shape: str, *, with_word: bool = False) -> SafeString:
    """A status in its three carriers: `up`, `down`, `level`, `missing`, `estimated`, `adjusted`, `contested`…."""
    word = _say()("status", shape)
    visible = format_html(" {}", word) if with_word else format_html('<span class="visually-hidden">{}</span>', word)
    return format_html(
        '<span class="mark mark-{}"><span aria-hidden="true" title="{}">{}</span>{}</span>',
        shape, word, SIGNS[shape], visible,
    )  # fmt: skip


@register.inclusion_tag("house/gap_bar.html", takes_context=True)
def gap_bar(context: Context, figure: Printable | float | None, raw: Printable | None = None) -> dict[str, Any]:
    """The gap on the scale of the page, whose `cap` ends it; hatched when unfavourable, a notch at the cap."""
    if figure is None:
        return {"is_absent": True}
    cap = float(context["cap"])
    value = max(-cap, min(cap, float(figure)))
    width = round(abs(value) / cap * 50, 2) if cap else 0.0
    return {
        "is_absent": False,
        "is_negative": value < 0,
        "x": str(round(50 - width, 2) if value < 0 else 50),  # texts: figures would be written with commas
        "width": str(width),
        "is_capped": 0 < cap <= abs(value) or (raw is not None and abs(float(raw)) > abs(float(figure))),
        "cap_x": "0" if value < 0 else "98.5",
        "text": gap(raw if raw is not None else as_preview(figure)),
    }


@register.simple_tag
def sparkline(course: Series, label: str) -> SafeString:
    """A small picture of a series with its summary in words: partial indices are hollow dots that no line joins."""
    shown = [spot.standing.shown for spot in course.spots if spot.standing.shown is not None]
    if not shown:
        return format_html('<span class="text-muted">{}</span>', NOTHING)
    low, high = min(*shown, 99.0), max(*shown, 101.0)
    step = 100 / max(len(course.spots) - 1, 1)

    def at(figure: float) -> float:
        return round(22 - 20 * (figure - low) / (high - low), 1)

    spots = [(round(place * step, 1), spot.standing) for place, spot in enumerate(course.spots)]
    lines = format_html_join("", '<polyline class="sparkline-{}" points="{}"></polyline>', (
        ("line" if len(part) > 1 else "dot",
         " ".join(f"{spots[place][0]},{at(spots[place][1].index or 0.0)}" for place in (*part, part[-1])))
        for part in course.parts()
    ))  # fmt: skip
    ring = '<path class="sparkline-ring" d="{0}"></path><path class="sparkline-hole" d="{0}"></path>'
    dots = format_html_join("", ring, (
        (f"M{across},{at(standing.partial)}h0",) for across, standing in spots if standing.partial is not None
    ))  # fmt: skip
    target = at(100.0)
    return format_html(
        '<svg class="sparkline" viewBox="-4 -3 108 30" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<line class="sparkline-target" x1="0" x2="100" y1="{}" y2="{}"></line>{}{}</svg>',
        _course_in_words(course, label), target, target, lines, dots,
    )  # fmt: skip


def _course_in_words(course: Series, label: str) -> str:
    """First and last, lowest and highest of the complete indices; how many are partial."""
    texts = [label]
    if course.complete:
        ends = (course.complete[0], course.complete[-1], course.lowest(), course.highest())
        names = dict(zip(("first", "last", "low", "high"), (index(spot.standing.index) for spot in ends), strict=True))
        texts.append(_("da %(first)s a %(last)s, minimo %(low)s, massimo %(high)s") % names)
    if course.partial:
        texts.append(
            ngettext("un periodo parziale", "%(count)s periodi parziali", course.partial) % {"count": course.partial}
        )
    return f"{texts[0]}: {'; '.join(texts[1:])}"


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """A part of the frame, rendered once for an address and who sees it: the person's name and roles are in the key."""
    request: HttpRequest = context["request"]
    person: Access | None = context.get("access")
    who = repr((person.user and person.user.pk, str(person.user), person.roles)) if person else ""
    key = PageKey(page="frame", run="", published="", rights=who, choices=(part, request.get_full_path()))

    def render() -> SafeString:
        return render_to_string(f"house/frame_{part}.html", {str(k): v for k, v in context.flatten().items()})

    return kept(key, render, FRAMES)


@register.simple_tag(takes_context=True)
def same_frame(context: Context, part: str) -> SafeString:
    """A part of the frame that is the same on every page of a language."""
    words = str(context.get("administration", "")), str(context.get("feedback_address", ""))
    return _same_frame(part, get_language() or "", *words)


@lru_cache(maxsize=64)
def _same_frame(part: str, _language: str, administration: str, feedback: str) -> SafeString:
    words = {"administration": administration, "feedback_address": feedback}
    return render_to_string(f"house/frame_{part}.html", words)


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], language: str) -> str:
    """The address of this page in another language."""
    request: HttpRequest = context["request"]
    return translate_url(request.get_full_path(), language)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: str) -> str:
    """The query of this page with some parts changed; an empty part is dropped."""
    parts = context["request"].GET.copy()
    for name, value in changes.items():
        if value:
            parts[name] = value
        else:
            parts.pop(name, None)
    return f"?{parts.urlencode()}" if parts else ""
