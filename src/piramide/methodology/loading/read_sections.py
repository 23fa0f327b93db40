"""From the YAML files of a pack to checked sections, every fault with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.sections import LISTS, MODELS, SECTIONS, WHOLE, PackSection
from piramide.methodology.loading.yaml_text import Parsed, Path, YamlText, read_yaml

MOST_TOLD = 60


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section as checked, with the text it came from and its path in it (empty for a file of its own)."""

    value: Any
    text: YamlText | None
    prefix: Path = ()

    def place(self, *path: str | int) -> Place:
        """File and line of a part of the section."""
        return self.text.place(*self.prefix, *path) if self.text else Place("pack.yaml")


def read_pack_yaml(files: PackFiles) -> tuple[PackSection, YamlText]:
    """`pack.yaml` itself, without the sections that stand inline."""
    if not files.has("pack.yaml"):
        raise refuse("PL001", Place("pack.yaml"), folder=files.root.name)
    text = read_yaml(files.text("pack.yaml"), "pack.yaml")
    if not isinstance(text.value, dict):
        raise refuse("PL014", Place("pack.yaml", 1), expected="mapping")
    own = {key: value for key, value in text.value.items() if key not in SECTIONS}
    return _validated(TypeAdapter(PackSection), own, text, ()), text


def read_section(files: PackFiles, name: str, pack: YamlText | None, folder: str = "") -> ReadSection:
    """One section, from its own file or inline; an absent section is empty, one in both places is refused."""
    own_file = f"{folder}{name}.yaml"
    inline = pack is not None and name in pack.value
    if files.has(own_file):
        if inline and pack is not None:
            raise refuse("PL015", pack.place(name), section=name, file=own_file)
        text = read_yaml(files.text(own_file), own_file)
        return ReadSection(_validated(SECTIONS[name], text.value, text, ()), text)
    if inline and pack is not None:
        return ReadSection(_validated(SECTIONS[name], pack.value[name], pack, (name,)), pack, (name,))
    empty: Any = [] if name in LISTS else {}
    return ReadSection(empty, None)


def _validated(adapter: TypeAdapter[Any], value: Parsed, text: YamlText, prefix: Path) -> Parsed:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Refusal(*(_finding(fault, text, prefix) for fault in error.errors())) from error


def _finding(fault: ErrorDetails, text: YamlText, prefix: Path) -> Finding:
    path = (*prefix, *fault["loc"])
    name = str(path[-1]) if path else ""
    place = text.place(*path)
    kind = fault["type"]
    if kind == "extra_forbidden":
        return Finding("PL031", place, name, {"key": name, "known": _near(name)})
    if kind == "missing":
        return Finding("PL030", text.place(*path[:-1]), name, {"key": name})
    expected = _expected(fault.get("ctx", {}))
    return Finding("PL032", place, name, {"given": _told(fault["input"]), "problem": kind, "expected": expected})


def _told(given: object) -> str:
    """What was written there, in short; of a mapping or a list, its first keys or items."""
    text = ", ".join(map(str, given)) if isinstance(given, dict | list) else str(given)
    return f"{text[:MOST_TOLD]}…" if len(text) > MOST_TOLD else text


def _expected(context: dict[str, Any]) -> str:
    """What Pydantic says was expected: words of a list, a bound, a pattern."""
    keys = ("expected", "pattern", "ge", "le", "gt", "lt", "min_length", "max_length")
    text = next((str(context[key]) for key in keys if key in context), "")
    return text.replace("'", "").replace(" or ", ", ")


def _near(name: str) -> str:
    models: tuple[type[BaseModel], ...] = (PackSection, *MODELS.values(), *WHOLE.values())
    known = {str(field.alias or key) for model in models for key, field in model.model_fields.items()}
    return ", ".join(nearest(name, sorted(known))) or "-"
