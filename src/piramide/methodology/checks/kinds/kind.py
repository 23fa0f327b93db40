"""A kind of identity: what it says, its arguments, and how it becomes relations between cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from piramide.methodology.checks.kinds.source import Source
from piramide.methodology.checks.relations import Relation

Builder = Callable[[Source], Iterator[Relation]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind, as `docs/identities.md` lists it: required and optional arguments by name."""

    name: str
    build: Builder
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """Every argument the kind knows."""
        return self.required + self.optional
