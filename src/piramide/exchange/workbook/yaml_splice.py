"""Writing edited YAML so that only the edited lines change: comments and layout of the others stay.

A block collection is taken apart into its header, its items with the comments above each, and its tail. Items that did
not change are copied line by line; an item whose value is itself a block mapping is entered; any other is written anew.
The result is read again: if it does not say what it should, the whole file is written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import yaml

from piramide.exchange.workbook.yaml_nodes import WIDTH, compose, dump, mapping, same, sequence


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry of a block collection: where its comments, its first line and its end are (lines from 0)."""

    value: yaml.Node
    above: int
    start: int
    end: int


def splice(text: str, old: yaml.Node, new: yaml.Node) -> str:
    """`text`, which reads as `old`, edited until it reads as `new`."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    edited = _block(lines, old, new, (0, len(lines)))
    if edited is not None and (read := compose(edited)) is not None and same(read, new):
        return edited
    return dump(new)


def lost_comments(before: str, after: str) -> int:
    """How many lines of comment are gone."""
    kept = [line.strip() for line in after.splitlines()]
    gone = 0
    for line in before.splitlines():
        if (comment := line.strip()).startswith("#"):
            if comment in kept:
                kept.remove(comment)
            else:
                gone += 1
    return gone


def _block(lines: list[str], old: yaml.Node, new: yaml.Node, span: tuple[int, int]) -> str | None:
    """The lines of a block collection as `new`, or `None` when it is not laid out in block."""
    found = _items(lines, old, span)
    if not found or type(old) is not type(new) or not isinstance(old, yaml.CollectionNode):
        return None
    known = {_name(entry): item for entry, item in zip(old.value, found, strict=True)}
    indent = " " * (len(lines[found[0].start]) - len(lines[found[0].start].lstrip(" ")))
    spaced = sum(lines[item.above].strip() == "" for item in found[1:]) * 2 > len(found)
    written = ["".join(lines[span[0] : found[0].above])]
    written += [_entry(lines, entry, known.get(_name(entry)), indent, spaced=spaced) for entry in new.value]
    written.append("".join(lines[found[-1].end : span[1]]))
    return "".join(written)


def _items(lines: list[str], node: yaml.Node, span: tuple[int, int]) -> list[_Item]:
    """The entries of a block collection; empty when two share a line."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return []
    heads = [entry[0] if isinstance(entry, tuple) else entry for entry in node.value]
    starts = [head.start_mark.line for head in heads]
    if any(a >= b for a, b in pairwise(starts)) or starts[0] < span[0] or starts[-1] >= span[1]:
        return []
    found = []
    above = _above(lines, starts[0], span[0])
    for entry, start, after in zip(node.value, starts, [*starts[1:], span[1]], strict=True):
        end = _above(lines, after, start + 1)
        found.append(_Item(entry[1] if isinstance(entry, tuple) else entry, above, start, end))
        above = end
    return found


def _above(lines: list[str], line: int, first: int) -> int:
    """The first of the comments and blank lines that stand above a line."""
    while line > first and (not lines[line - 1].strip() or lines[line - 1].lstrip().startswith("#")):
        line -= 1
    return line


def _name(entry: yaml.Node | tuple[yaml.Node, yaml.Node]) -> object:
    """What makes an entry the same: its key; in a list its `id`, or the item itself."""
    if isinstance(entry, tuple):
        return entry[0].value
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    return next((value.value for key, value in pairs if key.value == "id"), id(entry))


def _entry(
    lines: list[str], entry: yaml.Node | tuple[yaml.Node, yaml.Node], item: _Item | None, indent: str, *, spaced: bool
) -> str:
    value = entry[1] if isinstance(entry, tuple) else entry
    if item is None:
        return ("\n" if spaced else "") + _anew(entry, indent, lines)
    above = "".join(lines[item.above : item.start])
    if value is item.value:
        return above + "".join(lines[item.start : item.end])
    if isinstance(entry, tuple) and isinstance(item.value, yaml.MappingNode) and _below(item):
        inner = _block(lines, item.value, value, (item.start + 1, item.end))
        if inner is not None:
            return above + lines[item.start] + inner
    return above + _anew(entry, indent, lines)


def _below(item: _Item) -> bool:
    """Whether the value starts on a line of its own."""
    return item.value.start_mark is not None and item.value.start_mark.line > item.start


def _anew(entry: yaml.Node | tuple[yaml.Node, yaml.Node], indent: str, lines: list[str]) -> str:
    """The entry written anew, its lines as long as the file's own."""
    whole = mapping([entry], flow=False) if isinstance(entry, tuple) else sequence([entry], flow=False)
    return "".join(indent + line for line in dump(whole, max(WIDTH, *map(len, lines))).splitlines(keepends=True))
