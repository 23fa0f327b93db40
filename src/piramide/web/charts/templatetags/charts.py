"""`{% chart figure %}`: a picture, its summary, and the way to handle it."""

from __future__ import annotations

from typing import Any

from django import template

from piramide.web.charts.chart import Chart, drawn

register = template.Library()


@register.inclusion_tag("charts/chart.html")
def chart(figure: Chart) -> dict[str, Any]:
    """The chart drawn, named by its caption and told by its summary."""
    return {"chart": figure, "picture": drawn(figure), "data_id": f"{figure.name}-dati"}
