"""`{% chart figure %}`: a picture, its summary, and the way to handle it; `{% tile_map tiles label %}`: the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from piramide.web.charts.chart import NARROW, Chart, drawn
from piramide.web.charts.tiles import Tile, key

register = template.Library()


@register.inclusion_tag("charts/chart.html")
def chart(figure: Chart) -> dict[str, Any]:
    """The chart drawn, named by its caption and told by its summary."""
    return {"chart": figure, "wide": drawn(figure), "narrow": drawn(figure, NARROW), "data_id": f"{figure.name}-dati"}


@register.inclusion_tag("charts/tiles.html")
def tile_map(tiles: Sequence[Tile], label: str) -> dict[str, Any]:
    """The map of tiles, called `label`, with its key."""
    return {"tiles": tiles, "label": label, "key": key()}
