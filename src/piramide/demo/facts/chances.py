"""How often things happen to a case that is resolved: out of so many, as whole numbers, so that all parts agree."""

from __future__ import annotations

from typing import Final

REOPENED: Final = 12
REOPENED_OF: Final = 1024
TAKEN_BACK: Final = 4
TAKEN_BACK_OF: Final = 4096

COMES_BACK: Final = REOPENED / REOPENED_OF + TAKEN_BACK / TAKEN_BACK_OF
"""Part of the cases resolved by staff that wait again."""
