"""A chart: its specification, made once, and the drawing of it that pages carry.

A page shows a chart with the tag `{% chart figure %}`, inside a part that is `kept`: the picture is drawn once. Beside
the picture stand a summary in words and, by whoever uses it, its table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import vl_convert
from django.utils.safestring import SafeString

from piramide.web.fields.language import spoken

INK: Final = "#17324d"
MUTED: Final = "#455b71"
BLUE: Final = "#06c"
COPPER: Final = "#b35806"
LINE: Final = "#d9dadb"
WIDE: Final = 640
NARROW: Final = 340
FONT: Final = "Titillium Web, Helvetica, Arial, sans-serif"

_STYLE = re.compile(r"""\sstyle=(?:"[^"]*"|'[^']*')""")
_SIZE = re.compile(r'\swidth="[\d.]+" height="[\d.]+"')

_MONTHS: Final = {
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_SEPARATORS: Final = {"it": (",", "."), "en": (".", ",")}


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: `name` is its id in the page, `caption` its title, `summary` what it shows, in words."""

    name: str
    specification: dict[str, Any]
    caption: str
    summary: str


def locale() -> dict[str, Any]:
    """Numbers and dates of the page's language, as Vega wants them."""
    language = spoken()
    decimal, thousands = _SEPARATORS.get(language, _SEPARATORS["en"])
    months = _MONTHS.get(language, _MONTHS["en"])
    days = [str(day) for day in range(7)]
    time = {
        "dateTime": "%d/%m/%Y", "date": "%d/%m/%Y", "time": "%H:%M", "periods": ["", ""],
        "days": days, "shortDays": days, "months": months, "shortMonths": months,
    }  # fmt: skip
    return {
        "number": {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", " €"]},
        "time": time,
    }


def specification(body: dict[str, Any]) -> dict[str, Any]:
    """A whole specification: `body` with the look and the locale that all charts share."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": {"left": 4, "right": 12, "top": 6, "bottom": 4},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {
            "font": FONT,
            "locale": locale(),
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK, "titleColor": INK, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": 400,
                "gridColor": LINE, "domainColor": MUTED, "tickColor": MUTED,
            },
            "header": {"labelColor": INK, "labelFontSize": 13, "labelFontWeight": 600},
            "legend": {"labelColor": INK, "labelFontSize": 13, "titleColor": INK, "titleFontSize": 13},
        },
        **body,
    }  # fmt: skip


def drawn(chart: Chart, width: int = WIDE) -> SafeString:
    """The chart as SVG for a page whose policy knows no inline style; it takes the width it is given.

    `width` is what its marks and words are laid out for: a narrow screen has its own drawing, with legible words.
    """
    svg: str = vl_convert.vegalite_to_svg(chart.specification | {"width": width}, allowed_base_urls=[])
    svg = _STYLE.sub("", svg)
    svg = _SIZE.sub("", svg, count=1)
    return SafeString(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
