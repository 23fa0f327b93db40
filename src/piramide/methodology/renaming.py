"""Nodes that changed their name between two packs, matched by what the later one says they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from piramide.methodology.model import Indicator, Node, Pack, Sheet, walk

Renamed = Mapping[tuple[str, str], str]
"""What a (structure, node) of the later pack was called in the earlier one."""


def renamed(before: Pack, after: Pack) -> dict[tuple[str, str], str]:
    """Nodes of `after` that say what they were, where that is a node of `before` that `after` has no more.

    A node says it itself, or its indicator does for the leaf of the same name.
    """
    found: dict[tuple[str, str], str] = {}
    for structure, sheet in after.sheets.items():
        old = {node.id for node in walk(before.sheets[structure].tree)} if structure in before.sheets else set()
        new = {node.id for node in walk(sheet.tree)}
        for node in walk(sheet.tree):
            was = node.was or _of_indicator(after, node)
            if was in old - new:
                found[structure, node.id] = was
    return found


def old_names(pack: Pack, structure: str) -> dict[str, str]:
    """What the leaves of a sheet are called now, by the names that they say they had."""
    leaves = pack.sheets[structure].leaves()
    return {was: leaf.id for leaf in leaves if (was := leaf.was or _of_indicator(pack, leaf))}


def _of_indicator(pack: Pack, node: Node) -> str:
    indicator = pack.indicators.get(node.indicator) if node.is_leaf and node.indicator == node.id else None
    return indicator.was if indicator else ""


def under_old_names(pack: Pack, names: Renamed) -> Pack:
    """The pack with its renamed nodes under the names they had, so that they can be compared with those."""
    if not names:
        return pack
    sheets = {key: replace(sheet, tree=_tree(sheet.tree, key, names)) for key, sheet in pack.sheets.items()}
    everywhere = {new: old for (_, new), old in names.items()}
    return replace(
        pack,
        sheets=sheets,
        indicators={key: _parts(item, everywhere, sheets.values()) for key, item in pack.indicators.items()},
        history={(s, names.get((s, node), node)): figures for (s, node), figures in pack.history.items()},
    )


def _tree(nodes: tuple[Node, ...], structure: str, names: Renamed) -> tuple[Node, ...]:
    return tuple(
        replace(node, id=names.get((structure, node.id), node.id), children=_tree(node.children, structure, names))
        for node in nodes
    )


def _parts(indicator: Indicator, names: Mapping[str, str], sheets: Iterable[Sheet]) -> Indicator:
    """A composite names its parts by node."""
    if indicator.composite is None or not any(part.node in names for part in indicator.composite.parts):
        return indicator
    here = {node.id for sheet in sheets for node in walk(sheet.tree)}
    parts = tuple(
        replace(part, node=names[part.node]) if part.node in names and part.node not in here else part
        for part in indicator.composite.parts
    )
    return replace(indicator, composite=replace(indicator.composite, parts=parts))
