"""Methods and properties that nothing of the source names: neither code nor a template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from tests.architecture.reached import imported

PLAIN = frozenset({"property", "cached_property", "classmethod", "staticmethod", "overload", "abstractmethod", "cache"})
"""Decorators that hand a method to nobody."""
OWN = frozenset({"Protocol", "NamedTuple", "Generic", "StrEnum", "Enum", "Exception", "str", "object", "float"})
"""Bases of Python that call nothing of who inherits them."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def unnamed(trees: Mapping[str, ast.Module], templates: Iterable[str]) -> list[str]:
    """Methods that are named nowhere but in methods of the same name; dunder ones are called by Python.

    Of a class whose base stands elsewhere, or that is handed on by a text, somebody elsewhere calls what he knows.
    """
    named = {word for text in templates for word in re.findall(r"\w+", text)}
    named.update(name for tree in trees.values() for name in _named(tree, ""))
    classes = {f"{place}.{of.name}": of for place, tree in trees.items() for of in _classes(tree)}
    bases = {
        f"{place}.{of.name}": [_whole(base, place, dict(imported(tree)), classes) for base in of.bases]
        for place, tree in trees.items()
        for of in _classes(tree)
    }
    texts = {str(n.value) for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    return [
        f"{place}.{of.name}.{member.name}"
        for place, tree in sorted(trees.items())
        for of in _classes(tree)
        if not _is_called_elsewhere(f"{place}.{of.name}", bases) and f"{place}.{of.name}" not in texts
        for member in of.body
        if isinstance(member, Function) and not member.name.startswith("__") and _is_plain(member)
        if member.name not in named
    ]


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _named(node: ast.AST, inside: str) -> Iterator[str]:
    """Names read from something, and texts that are names, outside functions of the same name."""
    for child in ast.iter_child_nodes(node):
        name = ""
        if isinstance(child, ast.Attribute):
            name = child.attr
        elif isinstance(child, ast.Constant) and isinstance(child.value, str) and child.value.isidentifier():
            name = child.value
        if name and name != inside:
            yield name
        yield from _named(child, child.name if isinstance(child, Function) else inside)


def _whole(base: ast.expr, place: str, aliases: Mapping[str, str], classes: Mapping[str, ast.ClassDef]) -> str:
    """The whole name of a base: of this module, of what it imports, or of Python."""
    first, dot, rest = ast.unparse(base).partition("[")[0].partition(".")
    own = f"{place}.{first}"
    return own if own in classes else f"{aliases.get(first, first)}{dot}{rest}"


def _is_called_elsewhere(name: str, bases: Mapping[str, list[str]]) -> bool:
    """Whether a class inherits, over however many others, from one that stands elsewhere."""
    return any(
        _is_called_elsewhere(base, bases) if base in bases else base.rpartition(".")[2] not in OWN
        for base in bases[name]
    )


def _is_plain(member: Function) -> bool:
    names = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in member.decorator_list}
    return names <= PLAIN
