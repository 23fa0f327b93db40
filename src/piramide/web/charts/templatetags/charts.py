"""`{% chart figure %}`: a picture, its summary, and the way to handle it; `{% tile_map tiles label %}`: the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.templatetags.static import static

from piramide.web.charts.chart import NARROW, Chart, drawn
from piramide.web.charts.tiles import Tile, key

register = template.Library()
SCRIPTS = ("vega/vega.min.js", "vega-lite/vega-lite.min.js", "vega-made/interpreter.js")


@register.inclusion_tag("charts/chart.html")
def chart(figure: Chart) -> dict[str, Any]:
    """The chart drawn, named by its caption and told by its summary."""
    return {
        "chart": figure,
        "wide": drawn(figure),
        "narrow": drawn(figure, NARROW),
        "data_id": f"{figure.name}-dati",
        "scripts": _scripts(),
    }


@register.inclusion_tag("charts/tiles.html")
def tile_map(tiles: Sequence[Tile], label: str) -> dict[str, Any]:
    """The map of tiles, called `label`, with its key."""
    return {"tiles": tiles, "label": label, "key": key(), "dashed": any(tile.beside for tile in tiles)}


def _scripts() -> str:
    """Addresses of what draws charts in the browser; nothing where it was not gathered: then charts are pictures."""
    try:
        return " ".join(static(name) for name in SCRIPTS)
    except ValueError:
        return ""
