"""The registry of the kinds of identity; `docs/identities.md` lists the same."""

from __future__ import annotations

from typing import Final

from piramide.methodology.checks.kinds import expressions, figures, indexes, likeness, ratios, sums
from piramide.methodology.checks.kinds.kind import Kind

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kinds in (sums.KINDS, figures.KINDS, ratios.KINDS, indexes.KINDS, expressions.KINDS, likeness.KINDS)
    for kind in kinds
}
COMMON: Final = (
    *("id", "kind", "sentence", "tolerance", "act", "place", "where", "unless"),
    *("severity", "cause", "mistaken_for", "quote"),
)
