"""The invented values of the demonstration: where they lie, and what is shown with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from piramide.methodology.loading import find_pack


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A pack with invented values, the period they are scored at, and the structure whose sheet is printed."""

    pack: str
    period: str
    structure: str
    values: Path


def demonstration() -> Demonstration:
    """The plan of 2024 at the end of the year, with the sheet of DCM Milano."""
    pack = "inps-2024"
    return Demonstration(pack, "2024-Q4", "dcm_milano", find_pack(pack) / "demonstration" / "values" / "2024.csv")
