"""YAML with lines: exact numbers, no duplicate keys, no anchors, and the line of every key for messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.numbers import parse_machine

Path: TypeAlias = tuple[str | int, ...]
Parsed: TypeAlias = Any
"""What a YAML text may hold: mappings, lists, texts, exact numbers, booleans, null."""

DEEPEST = 40
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class YamlText:
    """The value of a YAML text and the line of each path in it (`("indicators", "x", "unit")` -> 12)."""

    file: str
    value: Any
    lines: Mapping[Path, int]

    def place(self, *path: str | int) -> Place:
        """File and line of the deepest known part of `path`; the rest is named as the cell."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Place(self.file, self.lines.get(known, 1), ".".join(str(part) for part in path))


def read_yaml(text: str, file: str) -> YamlText:
    """Parse one YAML document. Booleans, integers and null keep their type; decimals become exact fractions."""
    try:
        _refuse_traps(text, file)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise refuse("PL010", Place(file, line), problem=error.problem or "") from error
    except yaml.YAMLError as error:
        raise refuse("PL010", Place(file), problem=str(error).splitlines()[0]) from error
    if root is None:
        raise refuse("PL004", Place(file))
    lines: dict[Path, int] = {}
    return YamlText(file, _value(root, (), file, lines), lines)


def _refuse_traps(text: str, file: str) -> None:
    """Refuse anchors, and nesting that would exhaust the stack, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        place = Place(file, event.start_mark.line + 1 if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise refuse("PL012", place)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise refuse("PL013", place, most=DEEPEST)


def _value(node: yaml.Node, path: Path, file: str, lines: dict[Path, int]) -> Parsed:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), file, lines) for index, item in enumerate(node.value)]
    return _scalar(node, file)


def _mapping(node: yaml.MappingNode, path: Path, file: str, lines: dict[Path, int]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise refuse("PL014", Place(file, line), expected="text")
        key = str(key_node.value)
        if key in answer:
            raise refuse("PL011", Place(file, line), key=key, first=lines[(*path, key)])
        lines[(*path, key)] = line
        answer[key] = _value(value_node, (*path, key), file, lines)
    return answer


def _scalar(node: yaml.Node, file: str) -> Parsed:
    text = str(node.value)
    tag = node.tag.removeprefix(_TAG)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in {"true", "yes", "on"}
    if tag in {"int", "float"}:
        place = Place(file, node.start_mark.line + 1)
        try:
            number = parse_machine(text, place)
        except Refusal:
            if tag == "int":
                return text
            raise
        return int(number) if tag == "int" else number
    return text
