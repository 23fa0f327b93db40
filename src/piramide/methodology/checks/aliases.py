"""Spelling variants: each one that the published tables and the links use is said once."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding, Place
from piramide.methodology.checks.cells import exact
from piramide.methodology.model import Pack


def check_variants(pack: Pack) -> Iterator[Finding]:
    """A label printed otherwise than usual is told where it first stands, and how often.

    A variant that reads as a figure is not looked for: any figure would be one.
    """
    differing = (alias for alias in pack.aliases if alias.printed != alias.canonical)
    variants = {alias.printed: alias.canonical for alias in differing if exact(alias.printed) is None}
    found: dict[str, list[Place]] = {}
    for table in pack.tables.values():
        for line, row in zip(table.lines, table.rows, strict=True):
            for column, text in zip(table.columns, row, strict=True):
                if text in variants:
                    found.setdefault(text, []).append(Place(table.path, line, column))
    for link in pack.chain.links:
        if link.printed in variants:
            found.setdefault(link.printed, []).append(link.place)
    for printed, places in found.items():
        fields = {"canonical": variants[printed], "times": len(places)}
        yield Finding("PK025", places[0], printed, fields)


RULES = (check_variants,)
