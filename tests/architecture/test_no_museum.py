"""What only tests and benchmarks reach is no product: every name of the source is reached from the source."""

from __future__ import annotations

import ast

from tests.architecture.members import unnamed
from tests.architecture.reached import SOURCE, Module, paths, reached, read, source


def unreached(found: dict[str, Module], seen: set[tuple[str, str]]) -> list[str]:
    """Names that nothing reaches, each with its number of lines."""
    return [
        f"{place}.{name}: {last - first + 1}"
        for place, module in sorted(found.items())
        for name, (first, last) in module.lines.items()
        if (place, name) not in seen and not name.startswith("__")
    ]


def test_every_name_is_reached_from_the_source() -> None:
    assert unreached(source(), reached(source())) == []


def of(**texts: str) -> list[str]:
    """What is not reached among modules, of which `urls` is called by where it stands."""
    found = {f"a.{name}": read(f"a.{name}", text) for name, text in texts.items()}
    return unreached(found, reached(found))


DEAD = """
@cache
def one() -> int:
    return one()

@work('x')
def two() -> int:
    return FIVE

THREE = 3
FOUR = THREE
FIVE = 5
"""


def test_what_only_itself_or_the_dead_reads_is_seen() -> None:
    assert of(b=DEAD, urls="from a import b\n") == ["a.b.one: 2", "a.b.THREE: 1", "a.b.FOUR: 1"]


def test_what_a_module_takes_is_reached() -> None:
    assert of(b=DEAD, urls="from a import b\nb.one(b.FOUR)\n") == []
    assert of(b=DEAD, c="from a.b import one, FOUR\n", urls="from a import c\nc.one(c.FOUR)\n") == []
    assert of(b=DEAD, urls="from a.b import one, FOUR\n") == ["a.b.one: 2", "a.b.THREE: 1", "a.b.FOUR: 1"]


def test_what_is_read_by_a_text_is_reached() -> None:
    assert of(b=DEAD, urls="MIDDLEWARE = ['a.b.one', 'a.b.FOUR']\n") == []
    assert of(b=DEAD, urls="import_module('a.b').one(import_module('a.b').FOUR)\n") == []
    assert (
        of(b=DEAD, urls="def load(name):\n    return import_module(f'a.{name}')\nload('b').one(load('b').FOUR)\n") == []
    )


def test_a_module_that_nobody_imports_is_seen() -> None:
    assert of(b=DEAD, urls="") == ["a.b.one: 2", "a.b.two: 2", "a.b.THREE: 1", "a.b.FOUR: 1", "a.b.FIVE: 1"]


def test_every_method_is_named_in_the_source() -> None:
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths().items()}
    shown = [path for path in (SOURCE / "piramide").rglob("*") if path.suffix in {".html", ".txt", ".xml", ".typ"}]
    templates = [path.read_text(encoding="utf-8") for path in shown if "packs" not in path.relative_to(SOURCE).parts]

    assert unnamed(trees, templates) == []


def test_a_method_that_nothing_names_is_seen() -> None:
    text = """
class One:
    def dead(self): return self.dead()
    def alive(self): return 1
    @property
    def shown(self): return self.alive()
    @validator
    def handed(self): return 2
    def __len__(self): return 3

from django.views import View

class Two(View):
    def get(self): return 4

class Three(Two):
    def post(self): return 5

class Middleware:
    def process(self): return 6

PLACES = ["a.Middleware"]
"""
    assert unnamed({"a": ast.parse(text)}, ["{{ one.shown }}"]) == ["a.One.dead"]
    assert unnamed({"a": ast.parse(text)}, []) == ["a.One.dead", "a.One.shown"]
