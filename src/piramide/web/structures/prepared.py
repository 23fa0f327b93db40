"""Pages of structures that are made with a run: the list, and the sheet of each with its explanations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from piramide.web.results.prepared_pages import Make, register
from piramide.web.results.registry import Chosen
from piramide.web.structures.among import among_body
from piramide.web.structures.explanation import explanation_body
from piramide.web.structures.history import history_body
from piramide.web.structures.listing import Wanted, index_body
from piramide.web.structures.sheet_page import sheet_body
from piramide.web.structures.shown import Shown


@register
def pages(chosen: Chosen) -> Iterator[tuple[str, Make]]:
    """The list first, then every sheet, then what is asked for less."""
    yield "list", partial(index_body, chosen, Wanted())
    shown = {name: Shown(name, chosen, "") for name, node in chosen.figures.rows if not node}
    for name, one in shown.items():
        yield f"sheet {name}", partial(sheet_body, one, may_compare=True)
    for name, one in shown.items():
        yield f"history {name}", partial(history_body, one)
        yield f"among {name}", partial(among_body, one, may_compare=True)
    for name, node in chosen.figures.rows:
        told = node or name
        yield f"explanation {name} {told}", partial(explanation_body, shown[name], told, level=1)
