"""The invented values of the demonstration: where they lie, and what is shown with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from piramide.methodology.loading import find_pack


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A pack, the invented facts it is measured from, the period of the sheet that is printed and its structure.

    `values` are the invented figures that people collect by hand, for what facts do not measure.
    """

    pack: str
    period: str
    structure: str
    values: Path
    years: tuple[int, ...]
    cases: int
    seed: int


def demonstration() -> Demonstration:
    """The plan of 2024 on two years of invented facts, with the sheet of DCM Milano at the end."""
    pack = "inps-2024"
    values = find_pack(pack) / "demonstration" / "values" / "2024.csv"
    return Demonstration(pack, "2024-Q4", "dcm_milano", values, (2023, 2024), cases=1_000_000, seed=2024)
