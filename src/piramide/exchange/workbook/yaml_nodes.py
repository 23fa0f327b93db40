"""YAML as nodes: every scalar keeps the text and the style it was written with."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import yaml
from yaml.resolver import Resolver

from piramide.exchange.workbook.cells import BLANK, Cell, Kind, is_canonical, text_cell

Path: TypeAlias = tuple[str, ...]

TAG: Final = "tag:yaml.org,2002:"
WIDTH: Final = 120
_NUMBERS: Final = frozenset({f"{TAG}int", f"{TAG}float"})
_WORDS: Final = frozenset({f"{TAG}str", f"{TAG}timestamp"})
_RESOLVER: Final = Resolver()


def compose(text: str) -> yaml.Node | None:
    """The root node of a YAML text, or `None` when it is no plain YAML (broken, with aliases, with repeated keys)."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            return None
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return root if root is not None and _is_plain(root) else None


def _is_plain(node: yaml.Node) -> bool:
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        return len(set(keys)) == len(node.value) and all(_is_plain(value) for _, value in node.value)
    if isinstance(node, yaml.SequenceNode):
        return all(_is_plain(item) for item in node.value)
    return True


def items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Keys and values of a mapping; nothing for any other node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, value


def child(node: yaml.Node | None, path: Path) -> yaml.Node | None:
    """What stands at a path of keys."""
    for name in path:
        node = next((value for key, value in items(node) if key == name), None)
    return node


def same(a: yaml.Node, b: yaml.Node) -> bool:
    """Whether two nodes say the same, whatever their style."""
    if type(a) is not type(b) or a.tag != b.tag:
        return False
    if isinstance(a, yaml.ScalarNode):
        return bool(a.value == b.value)
    if isinstance(a, yaml.SequenceNode):
        return len(a.value) == len(b.value) and all(map(same, a.value, b.value))
    pairs = zip(a.value, b.value, strict=False)
    return len(a.value) == len(b.value) and all(same(k, m) and same(v, w) for (k, v), (m, w) in pairs)


def with_child(node: yaml.MappingNode, path: Path, value: yaml.Node | None) -> yaml.MappingNode:
    """The mapping with `value` at `path`: in the place of what stood there, else last; `None` takes it away."""
    name, rest = path[0], path[1:]
    old = child(node, (name,))
    if rest and (value is not None or isinstance(old, yaml.MappingNode)):
        inner = old if isinstance(old, yaml.MappingNode) else mapping([], flow=bool(node.flow_style))
        value = with_child(inner, rest, value)
        value = value if value.value else None
    pairs = [(k, v if k.value != name or value is None else value) for k, v in node.value]
    if value is None:
        pairs = [(k, v) for k, v in pairs if k.value != name]
    elif old is None:
        pairs.append((scalar(name), value))
    changed = copy.copy(node)
    changed.value = pairs
    return changed


def mapping(pairs: Sequence[tuple[yaml.Node, yaml.Node]], *, flow: bool) -> yaml.MappingNode:
    """A new mapping, on one line or one key a line."""
    return yaml.MappingNode(f"{TAG}map", list(pairs), flow_style=flow)


def sequence(values: list[yaml.Node], *, flow: bool = True) -> yaml.SequenceNode:
    """A new list."""
    return yaml.SequenceNode(f"{TAG}seq", values, flow_style=flow)


def scalar(text: str, tag: str = f"{TAG}str") -> yaml.ScalarNode:
    """A new scalar; a text that reads as something else is quoted."""
    plain = _resolved(text) == tag
    return yaml.ScalarNode(tag, text, style=None if plain else '"')


def _resolved(text: str) -> str:
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]


def dump(node: yaml.Node, width: int = WIDTH) -> str:
    """A node as YAML, lines up to `width`, in the style that each part has."""
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, width=width, allow_unicode=True, indent=2))


def cell(node: yaml.Node | None) -> Cell:
    """How a node is shown in one cell: lists and mappings as YAML writes them on a line."""
    if node is None or node.tag == f"{TAG}null":
        return BLANK
    if not isinstance(node, yaml.ScalarNode):
        return text_cell(one_line(node)) if node.value else BLANK
    if node.tag == f"{TAG}bool":
        return Cell("true" if node.value.lower() in {"true", "yes", "on"} else "false", Kind.BOOLEAN)
    if node.tag in _NUMBERS and is_canonical(node.value):
        return Cell(node.value, Kind.NUMBER)
    return text_cell(node.value)


def one_line(node: yaml.Node) -> str:
    """A list or mapping on one line, however it was laid out."""
    flat = copy.deepcopy(node)
    _flatten(flat)
    return str(yaml.serialize(flat, Dumper=yaml.SafeDumper, width=float("inf"), allow_unicode=True)).strip()


def _flatten(node: yaml.Node) -> None:
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                _flatten(part)
    elif isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        node.style = '"'


def node_of(given: Cell, old: yaml.Node | None, *, is_word: bool) -> yaml.Node:
    """The node that a cell stands for, in the place of `old`; `is_word`: its column holds no numbers.

    What starts as a list or a mapping is read as one. A number stays as the spreadsheet wrote it.
    """
    text = given.text
    if text.startswith(("[", "{")) and isinstance(read := compose(text), yaml.CollectionNode):
        return read
    if given.kind is Kind.BOOLEAN:
        return scalar(text, f"{TAG}bool")
    tag = _resolved(text)
    was_number = old is not None and old.tag in _NUMBERS
    was_word = old.tag in _WORDS if old is not None else is_word
    if tag in _NUMBERS and (was_number or (given.kind is Kind.NUMBER and not was_word)):
        return scalar(text, tag)
    return scalar(text, tag if tag in _WORDS else f"{TAG}str")
