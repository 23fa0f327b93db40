"""What is declared once is written once: the words of a status, the walk down a tree of nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import piramide
from piramide.kernel.statuses import STATUSES, WITH_VALUE, WITHOUT_VALUE, Status

SOURCE = Path(piramide.__file__).parent
WORDS = frozenset(str(status) for status in STATUSES)
ONLY_A_STATUS = frozenset({Status.ADJUSTED, Status.NOT_APPLICABLE, Status.NOT_STARTED, Status.NOT_DUE})
"""Words that mean nothing else in this code; `measured`, `estimated`, `missing` name other things too."""
WHERE_IT_STANDS = "kernel/statuses.py"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if "/migrations/" not in name and not name.startswith("packs/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def words_in(node: ast.AST | None) -> set[str]:
    """Words of a status written inside an expression."""
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and n.value in WORDS} if node else set()


def status_literals(tree: ast.Module) -> Iterator[int]:
    """Lines that write a status as a text: a word that is nothing else, a list of two, a comparison with a status."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if (
                text in ONLY_A_STATUS or len(WORDS & set(text.strip("^()$").split("|"))) > 1
            ):
                yield node.lineno
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                if sum(isinstance(part, ast.Constant) and part.value in WORDS for part in parts) > 1:
                    yield node.lineno
            case ast.Dict(keys=keys) if sum(isinstance(k, ast.Constant) and k.value in WORDS for k in keys) > 1:
                yield node.lineno
            case ast.Compare(left=left, comparators=others) if "status" in ast.unparse(left):
                if any(words_in(other) for other in others):
                    yield node.lineno


def test_it_writes_the_words_of_a_status_in_one_place() -> None:
    found = [f"{name}:{line}" for name, tree in modules() if name != WHERE_IT_STANDS for line in status_literals(tree)]

    assert not found, f"a status is written as a text, not as kernel.statuses.Status: {found}"


@pytest.mark.parametrize(
    "code",
    ['S = ("measured", "missing")', 'x = {"estimated": 1, "missing": 2}', 'row.status == "missing"', 'a = "not_due"'],
)
def test_it_would_see_another_list(code: str) -> None:
    assert list(status_literals(ast.parse(code)))


def test_positions_with_a_value_come_first() -> None:
    assert STATUSES[: len(WITH_VALUE)] == WITH_VALUE
    assert set(STATUSES) == {*WITH_VALUE, *WITHOUT_VALUE, Status.NOT_DUE}


def private_walks(tree: ast.Module) -> Iterator[int]:
    """Lines that go down a tree by themselves: a generator that calls itself, a list that grows by children."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in (n for n in ast.walk(function) if isinstance(n, ast.expr | ast.stmt)):
                is_own_call = (
                    isinstance(node, ast.YieldFrom)
                    and isinstance(node.value, ast.Call)
                    and ast.unparse(node.value.func).rpartition(".")[2] == function.name
                    and ".children" in ast.unparse(node.value)
                )
                if is_own_call or _grows_by_children(node):
                    yield node.lineno


def _grows_by_children(node: ast.AST) -> bool:
    match node:
        case ast.AugAssign(value=value) | ast.Call(func=ast.Attribute(attr="extend"), args=[value]):
            return isinstance(value, ast.Attribute) and value.attr == "children"
    return False


def test_it_walks_a_tree_of_nodes_in_one_place() -> None:
    found = [
        f"{name}:{line}" for name, tree in modules() if name != "methodology/model.py" for line in private_walks(tree)
    ]

    assert not found, f"a walk of its own; use walk, leaves, parents, with_ancestors of the model: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "def below(nodes):\n    for n in nodes:\n        yield n\n        yield from below(n.children)",
        "def below(nodes):\n    for n in nodes:\n        nodes.extend(n.children)",
        "def below(nodes):\n    while nodes:\n        nodes += nodes.pop().children",
    ],
)
def test_it_would_see_another_walk(code: str) -> None:
    assert list(private_walks(ast.parse(code)))
