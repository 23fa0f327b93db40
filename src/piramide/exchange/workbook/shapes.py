"""How each section of a pack is laid out: which columns it always offers, which parts get a sheet of their own.

Columns come from the models that check the sections, so that a planner finds every field that may be filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_origin

from pydantic import BaseModel

from piramide.methodology.loading.chain_section import LevelSection
from piramide.methodology.loading.planning_section import FamilySection, LeverSection, PlanningGroupSection
from piramide.methodology.loading.sections import LISTS, MODELS, StructureSection

KEY: Final = "id"
NAME: Final = "name"
VALUE: Final = "value"
HEADED: Final = frozenset({"pack", "chain", "planning"})
"""Files of fields of their own, with sections inside."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`columns`: fields offered even when empty, nested ones dotted. `children`: parts with a sheet of their own.

    `inline`: nested parts stand in one cell as YAML on a line, because their keys differ from row to row.
    `is_list`: the section is a list whose items carry their own `id`.
    """

    columns: tuple[str, ...]
    children: tuple[str, ...] = ()
    inline: bool = False
    is_list: bool = False


_INSIDE: Final[Mapping[str, type[BaseModel]]] = {
    "levels": LevelSection,
    "families": FamilySection,
    "groups": PlanningGroupSection,
    "levers": LeverSection,
}
"""Sections that stand inside a file of fields."""
_CHILDREN: Final = {
    "indicators": ("checkpoints", "composite.parts", "curve.points", "score_of.weights"),
    "parameters": ("values",),
    "scales": ("bands",),
    "profiles": ("quarters",),
    "sheet": ("acts", "notes", "marks", "annexes"),
}
CHILD_COLUMNS: Final = {
    "checkpoints": ("moment", "least", "most", "mandatory", "tolerance"),
    "composite.parts": (NAME, VALUE),
    "curve.points": ("at", "gives"),
    "score_of.weights": (NAME, VALUE),
    "values": ("from", VALUE, "act", "place"),
    "bands": ("from", "to", "points"),
    "quarters": (VALUE,),
    "acts": (VALUE,),
    "notes": (VALUE,),
    "marks": (NAME, VALUE),
    "annexes": ("form", "title", "table", "head", "of"),
}
"""Columns of the sheets of parts, after the key of what they belong to."""


def shape_of(section: str) -> Shape | None:
    """How a section is laid out; `None` when it is no section."""
    if section == "organisation":
        return Shape(tuple(_columns(StructureSection)))
    if section in _INSIDE:
        return Shape(tuple(_columns(_INSIDE[section])))
    if section not in MODELS:
        return None
    children = _CHILDREN.get(section, ())
    found = (name for name in _columns(MODELS[section]) if name not in children)
    return Shape(tuple(found), children, section == "identities", section in LISTS)


def _columns(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Fields of a model as an author writes them; the citation closes each row."""
    fields = dict(model.model_fields)
    cited = [name for name in ("act", "place") if name in fields]
    for name in [*(name for name in fields if name not in cited), *cited]:
        column = f"{prefix}{fields[name].alias or name}"
        kinds = [fields[name].annotation, *getattr(fields[name].annotation, "__args__", ())]
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        by_case = get_origin(fields[name].annotation) is dict  # the keys are the author's
        if inner is None or by_case or column in CHILD_COLUMNS:
            if column != "subject":
                yield column
        else:
            yield from _columns(inner, f"{column}.")
