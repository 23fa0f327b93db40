"""The page that says where things are says true: each name is defined in the module that the page gives."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "where-is-what.md").read_text(encoding="utf-8")
PLACES = re.findall(r"`(piramide(?:\.\w+)+):([\w.]+)`", PAGE)
ASKED_FOR = (
    "milestones", "spending thresholds", "bands", "re-weighting", "pending days", "credit rule", "amendment",
    "audit chain", "publication gate", "cluster", "funnel", "dcat export", "survey interval", "backup", "rate limit",
)  # fmt: skip


def defined(body: list[ast.stmt], name: str) -> bool:
    """Whether a name, or one inside a class, is defined by these statements and not only handed on."""
    first, _, rest = name.partition(".")
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name == first:
            return not rest or (isinstance(statement, ast.ClassDef) and defined(statement.body, rest))
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == name:
            return True
        if isinstance(statement, ast.Assign) and name in map(ast.unparse, statement.targets):
            return True
    return False


@pytest.mark.parametrize(("module", "name"), PLACES, ids=[f"{module}:{name}" for module, name in PLACES])
def test_the_place_is_where_the_name_is_defined(module: str, name: str) -> None:
    file = (ROOT / "src" / Path(*module.split("."))).with_suffix(".py")

    assert file.is_file(), f"{module} is no module"
    assert defined(ast.parse(file.read_text(encoding="utf-8")).body, name), f"{module} does not define {name}"


@pytest.mark.parametrize("topic", ASKED_FOR)
def test_what_people_look_for_has_a_line(topic: str) -> None:
    looked_for = [line.split("|")[1].casefold() for line in PAGE.splitlines() if line.startswith("| ")]

    assert any(topic in line for line in looked_for)


def test_every_line_names_a_place() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| Looked for")]

    assert len(lines) > len(ASKED_FOR)
    assert [line for line in lines if not re.search(r"`piramide[\w.]+:[\w.]+` ?[,|]", line)] == []


def test_data_of_a_pack_stand_where_the_page_says() -> None:
    ((name, file),) = re.findall(r"`(\w+)` in\s`(src/[\w./-]+)`", PAGE)

    assert re.search(rf"^{name}:", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
