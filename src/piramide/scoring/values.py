"""The values to score, as columns: what a values file says, once it has been checked (contract, "Files")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from piramide.kernel.findings import Finding
from piramide.kernel.periods import Moment
from piramide.kernel.value_rows import SEPARATOR
from piramide.scoring.arrays import Flags, Floats, Positions


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """One row per value; every column has the length of the file.

    `moments` are `moment_code`s; `values` is 0 where `has_value` is false; `texts` are the values as written (exact
    decimals); `statuses` are positions in `STATUSES`; `lines` are counted from 1, the header included. `keys` are the
    different (structure, indicator) of the file, `key_of` the position there of each row. `ratios` are the exact
    values, by row, where numerator and denominator stand as whole numbers: they count instead of the decimal.
    `findings` are remarks that did not stop the reading.
    """

    source: str
    structures: pa.StringArray
    indicators: pa.StringArray
    moments: NDArray[np.int32]
    values: Floats
    has_value: Flags
    texts: pa.StringArray
    numerators: pa.StringArray
    denominators: pa.StringArray
    statuses: NDArray[np.int8]
    contested: Flags
    notes: pa.StringArray
    lines: NDArray[np.int64]
    keys: pa.StringArray
    key_of: Positions
    findings: tuple[Finding, ...] = ()
    ratios: Mapping[int, Fraction] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    def exact(self, row: int) -> Fraction:
        """The value of a row: numerator ÷ denominator where both stand as whole numbers, else the decimal written."""
        found = self.ratios.get(row)
        return Fraction(self.texts[row].as_py()) if found is None else found

    def known_moments(self) -> NDArray[np.int32]:
        """Moments that the file holds, earliest first."""
        return np.unique(self.moments)

    def find(self, names: pa.StringArray) -> Positions:
        """Position in `keys` of each joined (structure, indicator), -1 where the file never names it."""
        return np.asarray(pc.fill_null(pc.index_in(names, value_set=self.keys), -1), np.intp)

    def rows_at(self, moment: int, found: Positions) -> Positions:
        """Row of each position found, at `moment`; -1 where the file has none."""
        here = np.flatnonzero(self.moments == moment)
        row_of = np.full(len(self.keys) + 1, -1, np.intp)
        row_of[self.key_of[here]] = here
        return row_of[found]


def joined(structures: pa.StringArray, indicators: pa.StringArray) -> pa.StringArray:
    """One key per pair of names."""
    return pc.binary_join_element_wise(structures, indicators, SEPARATOR)


def moment_code(moment: Moment) -> int:
    """A moment as a number that keeps the order of time: 202409, and 202413 for the final year."""
    return 100 * moment.year + moment.month


def moment_of(code: int) -> Moment:
    """The moment of a code."""
    return Moment(*divmod(int(code), 100))
