"""How a target is printed: what stands behind the figure, how many decimals, times what (a ratio as a percentage)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PrintForm:
    """`unit` follows the figure (`gg`, `%`); `decimals` `None`: those of the indicator; `times` multiplies it."""

    unit: str = ""
    decimals: int | None = None
    times: Fraction = Fraction(1)

    @property
    def is_stated(self) -> bool:
        """Whether the pack says anything of the print."""
        return self != PrintForm()
