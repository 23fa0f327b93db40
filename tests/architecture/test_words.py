"""One concept, one word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Protocol

from piramide.kernel import glossary


class Module(Protocol):
    path: str
    tree: ast.Module


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives or uses, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, lineno=line) | ast.arg(arg=name, lineno=line):
                yield line, name
            case (
                ast.FunctionDef(name=name, lineno=line)
                | ast.AsyncFunctionDef(name=name, lineno=line)
                | ast.ClassDef(name=name, lineno=line)
            ):
                yield line, name
            case ast.Attribute(attr=name, lineno=line, ctx=ast.Store()):
                yield line, name
            case ast.alias(asname=str(name), lineno=line):
                yield line, name
            case _:
                pass


WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def forbidden_in(identifier: str) -> list[glossary.Never]:
    """Words that the glossary refuses and that an identifier holds whole, singular or plural."""
    words = {word.lower() for word in WORD.findall(identifier)}
    return [never for never in glossary.NEVER if never.word in words or f"{never.word}s" in words]


def test_a_refused_word_is_found_whole_in_a_name() -> None:
    assert [never.use for never in forbidden_in("open_practices")] == ["case"]
    assert [never.use for never in forbidden_in("KpiTable")] == ["indicator"]
    assert forbidden_in("undefined_definition") == []


def test_no_name_holds_a_word_the_glossary_refuses(modules: list[Module]) -> None:
    refused = [
        f"{module.path}:{line}: {name}: use {never.use}"
        for module in modules
        for line, name in identifiers(module.tree)
        for never in forbidden_in(name)
    ]

    assert refused == []


def test_no_module_is_named_with_a_word_the_glossary_refuses(modules: list[Module]) -> None:
    assert [module.path for module in modules if forbidden_in(module.path)] == []


def test_no_module_is_named_after_nothing(modules: list[Module]) -> None:
    vague = {"utils", "helpers", "manager", "common", "base"}

    assert [module.path for module in modules if vague & set(module.path.removesuffix(".py").split("/"))] == []


def test_the_glossary_keeps_its_own_rule() -> None:
    assert [name for name in glossary.TERMS if forbidden_in(name)] == []


def test_the_glossary_says_each_name_once() -> None:
    names = [term.name for terms in glossary.SECTIONS.values() for term in terms]

    assert sorted(names) == sorted(set(names))


def test_a_refused_word_is_replaced_by_one_of_the_glossary() -> None:
    assert {never.use for never in glossary.NEVER} <= set(glossary.TERMS)


def test_a_word_of_the_program_names_one_class(modules: list[Module]) -> None:
    """Each verb of the cycle has its own request; every other word stands for one thing."""
    words = {term.name.replace("_", "") for term in glossary.SECTIONS["The program"]} - {"request"}
    named = [node.name for module in modules for node in module.tree.body if isinstance(node, ast.ClassDef)]

    assert [name for name in sorted(set(named)) if name.lower() in words and named.count(name) > 1] == []
