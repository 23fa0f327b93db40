"""The registry of the kinds of identity; `docs/identities.md` lists the same."""

from __future__ import annotations

from typing import Final

from piramide.methodology.checks.kinds import expressions, figures, indexes, ratios, sums
from piramide.methodology.checks.kinds.kind import Kind

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind for kind in (*sums.KINDS, *figures.KINDS, *ratios.KINDS, *indexes.KINDS, *expressions.KINDS)
}
COMMON: Final = ("id", "kind", "sentence", "tolerance", "act", "place", "where", "unless")
