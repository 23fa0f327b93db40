"""How many decimals people are shown: of indices, points and gaps here, of values what their indicator says.

A table and a page print an index with one decimal; where it stands by itself, in a sentence, a formula or a terminal,
it has two, so that a reader can recompute it. Points are small and have two everywhere.
"""

from __future__ import annotations

from typing import Final

INDEX_DECIMALS: Final = 1
"""Decimals of an index, and of its change, in tables and on pages."""
TOLD_DECIMALS: Final = 2
"""Decimals of an index that is told by itself."""
POINTS_DECIMALS: Final = 2
"""Decimals of points of an index."""
GAP_DECIMALS: Final = 2
"""Decimals of a gap, as a percentage."""
MORE_DECIMALS: Final = 4
"""Decimals that may be added where those of the act would not tell two figures apart."""
