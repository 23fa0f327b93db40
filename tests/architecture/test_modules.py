"""Small, flat, downward; import-linter holds the directions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Protocol

LATE = (
    *(f"src/piramide/cli/{name}.py" for name in ("explain", "main", "pack_app", "plan_app", "terminal", "verify")),
    "src/piramide/cycle/plans/checked.py",
    "src/piramide/cycle/plans/earlier_boards.py",
    "src/piramide/kernel/expressions.py",
    "src/piramide/methodology/loading/opening.py",
    "src/piramide/planning/share/flow.py",
    "src/piramide/planning/share/program.py",
    "src/piramide/reports/writing.py",
    "src/piramide/scoring/value_sides.py",
)
"""Commands load what they need when they are asked: `--help` is quick, and `verify` does not wait for Django; a known
pack starts neither what reads SQL nor what checks its files, a PDF no spreadsheet, a pack no
solver, an explanation no database."""
FUNCTION_LINES = 70
MODULE_LINES = 500


class Module(Protocol):
    path: str
    lines: int
    tree: ast.Module


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_every_module_says_what_it_is(modules: list[Module]) -> None:
    assert [module.path for module in modules if not ast.get_docstring(module.tree)] == []


def test_imports_stand_at_the_top(modules: list[Module]) -> None:
    late = [
        f"{module.path}:{node.lineno}"
        for module in modules
        if module.path not in LATE
        for function in functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert late == []


def test_functions_are_short(modules: list[Module]) -> None:
    long = [
        f"{module.path}:{function.lineno}: {function.name}: {length(function)} lines"
        for module in modules
        for function in functions(module)
        if length(function) > FUNCTION_LINES
    ]

    assert long == []


def test_modules_are_short(modules: list[Module]) -> None:
    assert [f"{module.path}: {module.lines} lines" for module in modules if module.lines > MODULE_LINES] == []


def test_packs_hold_no_code(modules: list[Module]) -> None:
    inside = [module.path for module in modules if module.path.startswith("src/piramide/packs/")]

    assert inside == ["src/piramide/packs/__init__.py"]
