"""The columns of a file of values, in their order: what is measured, collected, scored and published has the same."""

from __future__ import annotations

from typing import Final

COLUMNS: Final = (
    "structure",
    "indicator",
    "period",
    "value",
    "numerator",
    "denominator",
    "status",
    "contested",
    "note",
)
REQUIRED: Final = COLUMNS[:4]
ASKED: Final = (*REQUIRED, "status", "note")
"""What people fill in."""
