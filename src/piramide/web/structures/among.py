"""A structure among its like: the funnel that says how far chance alone carries an index, and its table."""

from __future__ import annotations

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.boards.cluster import INNER, OUTER, AmongPeers, among_peers
from piramide.kernel.figure import preview
from piramide.reports import figures
from piramide.web.charts.chart import BLUE, COPPER, INK, LINE, MUTED, Chart, specification
from piramide.web.house.pages import kept
from piramide.web.plans_in_force import plan
from piramide.web.structures.sheet_page import head_context, paper_of, words
from piramide.web.structures.shown import Shown

OUTSIDE: Final = ("above", "below")

STEPS: Final = 40
"""Points of each limit."""

WIDE: Final = 8
"""How many times larger the largest structure may be before sizes are drawn by their logarithm."""


def standing_of(shown: Shown) -> AmongPeers | None:
    """Where the structure stands among its like in the run shown."""
    return among_peers(shown.chosen.run, shown.chosen.figures, shown.structure)


def among_body(shown: Shown, *, may_compare: bool) -> SafeString:
    """The page of the cluster; without the right to see the others it says so."""
    key = shown.key("structures.among", rights="compare" if may_compare else "")
    return kept(key, lambda: _body(shown, may_compare=may_compare))


def _body(shown: Shown, *, may_compare: bool) -> SafeString:
    found = standing_of(shown) if may_compare else None
    context = head_context(shown, "structures:among", paper_of(shown))
    context |= {"may_compare": may_compare, "standing": found}
    if found:
        context |= {
            "group": group_label(found),
            "chart": _chart(found),
            "outside": [peer for peer in found.peers if peer.side in OUTSIDE],
        }
    return render_to_string("structures/among_body.html", context)


def group_label(found: AmongPeers) -> str:
    """The group in words."""
    if found.cluster:
        return words()("sheet", "cluster", cluster=found.cluster)
    return words().kinds(found.kind, plan().structure_kinds)


def _chart(found: AmongPeers) -> Chart:
    """Sizes to the right, indices upwards, the limits of chance around the mean, the structure marked."""
    sizes = [peer.size for peer in found.peers]
    least, most = min(sizes), max(sizes)
    is_flat = not found.size_label
    rows = [
        {
            "size": place if is_flat else peer.size,
            "index": peer.index,
            "told": figures.index(peer.index, words()),
            "size_told": figures.number(place if is_flat else preview(peer.size), 0, words()),
            "structure": peer.structure.label,
            "here": peer.structure.id == found.here.structure.id,
            "least": peer.least if peer.is_partial else None,
            "most": peer.most if peer.is_partial else None,
        }
        for place, peer in enumerate(found.peers, 1)
    ]
    spots = [1, len(rows)] if is_flat else _steps(0.9 * least, 1.06 * most)
    bounds = [
        {"size": spot, "z": z, "low": low, "high": high}
        for z in (INNER, OUTER)
        for spot in spots
        for low, high in [found.limits(1.0 if is_flat else spot, z)]
    ]
    body = _drawing(rows, bounds, found, is_wide=not is_flat and most > WIDE * least)
    caption = _("%(group)s: indice e grandezza") % {"group": group_label(found)}
    if is_flat:
        caption = _("%(group)s: indici dal più alto") % {"group": group_label(found)}
    return Chart("imbuto", specification(body), caption, _summary(found))


def _steps(least: float, most: float) -> list[float]:
    """Sizes at which limits are drawn, closer where they bend."""
    ratio = (most / least) ** (1 / STEPS)
    return [least * ratio**step for step in range(STEPS + 1)]


def _drawing(
    rows: list[dict[str, Any]], bounds: list[dict[str, Any]], found: AmongPeers, *, is_wide: bool
) -> dict[str, Any]:
    title = found.size_label or _("Posto")
    scale = {"type": "log", "nice": False} if is_wide else {"zero": False, "nice": False}
    axis = {"format": ",.0f", "grid": False, "tickCount": 6}
    x = {"field": "size", "type": "quantitative", "title": title, "scale": scale, "axis": axis}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"format": ",.0f", "tickCount": 6}}
    index = {"field": "index", "title": _("Indice"), **y}
    tooltip = [
        {"field": "structure", "title": " "},
        {"field": "told", "title": _("Indice")},
        {"field": "size_told", "title": title},
    ]
    limits = [
        {
            "data": {"values": bounds},
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.2, "clip": True},
            "encoding": {
                "x": x,
                "y": {"field": side, "title": _("Indice"), **y},
                "strokeDash": {"field": "z", "type": "nominal", "legend": None, "scale": {"range": [[6, 3], [2, 3]]}},
            },
        }
        for side in ("low", "high")
    ]
    mean = {
        "data": {"values": [{"mean": found.mean}]},
        "mark": {"type": "rule", "color": COPPER, "strokeWidth": 1.5},
        "encoding": {"y": {"field": "mean", **y}},
    }
    band = {
        "transform": [{"filter": "datum.least !== null"}],
        "mark": {"type": "rule", "color": LINE, "strokeWidth": 7},
        "encoding": {"x": x, "y": {"field": "least", "title": _("Indice"), **y}, "y2": {"field": "most"}},
    }
    others = {
        "transform": [{"filter": "!datum.here"}],
        "mark": {"type": "point", "opacity": 1, "size": 55, "filled": True, "stroke": INK, "strokeWidth": 1.5},
        "encoding": {"x": x, "y": index, "tooltip": tooltip, "color": _filling(INK)},
    }
    here = {
        "transform": [{"filter": "datum.here"}],
        "encoding": {"x": x, "y": index, "tooltip": tooltip},
        "layer": [
            {
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "filled": True,
                    "size": 190,
                    "opacity": 1,
                    "stroke": BLUE,
                    "strokeWidth": 2,
                },
                "encoding": {"color": _filling(BLUE)},
            },
            {
                "mark": {"type": "text", "dy": -16, "fontWeight": 700, "fontSize": 14, "color": INK},
                "encoding": {"text": {"field": "structure"}},
            },
        ],
    }
    return {"width": 640, "height": 320, "data": {"values": rows}, "layer": [band, *limits, mean, others, here]}


def _filling(colour: str) -> dict[str, Any]:
    """A full mark for a complete index, a hollow one for a partial."""
    return {"condition": {"test": "datum.least === null", "value": colour}, "value": "white"}


def _summary(found: AmongPeers) -> str:
    outside = [peer.structure.label for peer in found.peers if peer.side in OUTSIDE]
    texts = [
        _("La media del gruppo, %(mean)s, è la linea piena; le tratteggiate sono i limiti del caso (95 e 99,8 su 100).")
        % {"mean": figures.index(preview(found.mean), words())}
    ]
    if outside:
        listed = words()("style", "list").join(outside)
        texts.append(_("Fuori dai limiti al 95: %(structures)s.") % {"structures": listed})
    else:
        texts.append(_("Nessuna struttura è fuori dai limiti."))
    partial = sum(peer.is_partial for peer in found.peers)
    if partial:
        texts.append(
            ngettext(
                "Un indice parziale è vuoto, sulla sua fascia grigia, e non entra nella media.",
                "%(count)s indici parziali sono vuoti, sulla loro fascia grigia, e non entrano nella media.",
                partial,
            )
            % {"count": partial}
        )
    return " ".join(texts)
