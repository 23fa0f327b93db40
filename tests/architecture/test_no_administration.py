"""Python knows no administration: names and texts of the first one stand in packs, data and the demonstration."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import piramide

SOURCES = Path(piramide.__file__).parent
DATA = ("packs", "demo")
"""The plans, and the invented facts and people of the demonstration."""

WORDS = re.compile(
    r"(?<![a-z])(inps|dcms?|cic|inv_?civ|gpa\d+|istituto nazionale)(?![a-z])|1005|pension|flussi contributivi"
    r"|(?<![a-z])(economic|regional)_cluster|cluster_(?:economic|regional)",
    re.IGNORECASE,
)
"""Its name, accounts, kinds of structure, lines of work and schemes of clusters."""


def test_no_name_and_no_text_of_python_is_of_one_administration() -> None:
    found = [
        f"{path.relative_to(SOURCES).as_posix()}:{line}: {text[:60]}"
        for path in sorted(SOURCES.rglob("*.py"))
        if path.relative_to(SOURCES).parts[0] not in DATA
        for line, text in _texts(ast.parse(path.read_text(encoding="utf-8")))
        if WORDS.search(text)
    ]
    assert found == []


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that are bound or read and texts; not those of docstrings, nor the examples that a command's help shows."""
    told = {id(text) for node in ast.walk(tree) for text in _told(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield node.lineno, text
            case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text):
                yield node.lineno, text
            case ast.FunctionDef(name=text) | ast.ClassDef(name=text):
                yield node.lineno, text


def _told(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant(value=str()) as text):
            yield text
        case ast.Call(func=ast.Name(id="example"), args=args):
            yield from args


def test_it_finds_what_it_looks_for() -> None:
    """Each of these was once in the engine."""
    once = (
        'x = "1005"',
        "PENSIONI = 1",
        'kind == "dcm"',
        'f("inps-2024")',
        "def invciv(): ...",
        'y = "saldo_cic_1005"',
    )
    for line in once:
        assert any(WORDS.search(text) for _, text in _texts(ast.parse(line))), line
    shown = '"""Like INPS."""\nexample("pack check inps-2024")'
    assert not any(WORDS.search(text) for _, text in _texts(ast.parse(shown)))
