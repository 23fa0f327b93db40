"""The words of the printed documents, one file per language in `labels/`, so that a language is added without code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from piramide.kernel.findings import refuse
from piramide.kernel.node_fields import FIELDS

_FOLDER = resources.files("piramide.reports") / "labels"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language: sections of keys, some with {fields} to fill."""

    language: str
    entries: Mapping[str, Mapping[str, Any]]

    def __call__(self, section: str, key: str, **fields: object) -> str:
        """Return the text `key` of `section`, its fields filled in."""
        text: str = self.entries[section][key]
        return text.format(**fields) if fields else text

    def section(self, name: str) -> Mapping[str, Any]:
        """Every entry of one section."""
        return self.entries[name]

    def word(self, section: str, key: str) -> str:
        """Return the label of a key that a pack may have invented: without one, the key itself in plain words."""
        return str(self.entries[section].get(key, key.replace("_", " ")))

    def kind(self, kind: str, own: Mapping[str, str]) -> str:
        """What a kind of structures is called: the word of the documents, else that of the pack (`structure_kinds`)."""
        return str(self.entries["structure_kind"].get(kind) or own.get(kind) or self.word("structure_kind", kind))

    def kinds(self, kind: str, own: Mapping[str, str]) -> str:
        """What several structures of a kind are called; what one is, where only the pack knows the kind."""
        return str(self.entries["structure_kinds"].get(kind) or self.kind(kind, own))


@cache
def languages() -> tuple[str, ...]:
    """Languages that documents can be printed in."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


@cache
def labels(language: str) -> Labels:
    """Words of `language`; a language without a file is refused (RP005)."""
    if language not in languages():
        raise refuse("RP005", subject=language, known=", ".join(languages()))
    entries = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    headings = {one.name: one.words.heading(language) for one in FIELDS}
    return Labels(language, entries | {"column": headings | entries["column"]})
