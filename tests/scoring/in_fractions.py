"""The figures of a printed table in fractions, by name: `node` is the id of a node, or `None` for the whole sheet."""

from __future__ import annotations

from fractions import Fraction

from piramide.scoring.scored import Scored
from piramide.scoring.tabulate import tabulate


class InFractions:
    """What the table of a scored plan prints, exact; `None` where it prints nothing."""

    def __init__(self, scored: Scored) -> None:
        table = tabulate(scored)
        self._told = {(sheet.id, node.id): node for sheet in table.structures for node in sheet.nodes}
        self._sheets = {sheet.id: sheet for sheet in table.structures}

    def index(self, structure: str, node: str | None = None) -> Fraction | None:
        return self._figure("index", structure, node)

    def index_measured(self, structure: str, node: str | None = None) -> Fraction | None:
        return self._figure("index_measured", structure, node)

    def index_low(self, structure: str, node: str | None = None) -> Fraction | None:
        return self._figure("index_low", structure, node)

    def index_high(self, structure: str, node: str | None = None) -> Fraction | None:
        return self._figure("index_high", structure, node)

    def coverage(self, structure: str, node: str | None = None) -> Fraction | None:
        return self._figure("coverage", structure, node)

    def gap_raw(self, structure: str, node: str) -> Fraction | None:
        return self._figure("gap_raw", structure, node)

    def gap(self, structure: str, node: str) -> Fraction | None:
        return self._figure("gap", structure, node)

    def _figure(self, name: str, structure: str, node: str | None) -> Fraction | None:
        found = getattr(self._sheets[structure] if node is None else self._told[structure, node], name)
        assert found is None or isinstance(found.exact, Fraction)
        return None if found is None else found.exact
